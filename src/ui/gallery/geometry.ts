export const cellGap = 8;

export interface GalleryGeometry {
  columns: number;
  /** Height of a cell and the gap below it, in whole CSS pixels: the virtual list rounds what it measures. */
  rowHeight: number;
  rowCount: number;
}

/** How `count` square cells of at least `wanted` pixels fill a width. At least two columns, so that it stays a grid. */
export function galleryGeometry(width: number, wanted: number, count: number): GalleryGeometry {
  const fitting = Math.floor((width + cellGap) / (wanted + cellGap));
  const columns = Math.max(2, fitting);
  const cell = Math.max(1, Math.floor((width - cellGap * (columns - 1)) / columns));
  return { columns, rowHeight: cell + cellGap, rowCount: Math.ceil(count / columns) };
}

/** Where a key moves the focus from `place` in an order of `count`; null for a key that does not move. */
export function placeAfterKey(
  key: string,
  place: number,
  count: number,
  columns: number,
  rowsOnScreen: number,
): number | null {
  const step = columns * Math.max(1, rowsOnScreen - 1);
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: place - 1,
    ArrowRight: place + 1,
    ArrowUp: place - columns,
    ArrowDown: place + columns,
    PageUp: place - step,
    PageDown: place + step,
    Home: 0,
    End: count - 1,
  };
  const to = moves[key];
  if (to === undefined || count === 0) return null;
  // Up from the first row and down from the last stay, so that the column is kept.
  if (key === "ArrowUp" && to < 0) return place;
  if (key === "ArrowDown" && to >= count) {
    const rowsLeft = Math.floor((count - 1) / columns) > Math.floor(place / columns);
    return rowsLeft ? count - 1 : place;
  }
  return Math.min(count - 1, Math.max(0, to));
}

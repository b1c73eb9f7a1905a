/** A box by its class's name and where it is. */
export interface NamedBox {
  name: string;
  /** x, y, width, height in pixels of the upright image. */
  box: readonly [number, number, number, number];
}

/** A box that was suspicious, and that a person found right. */
export interface KeptBox {
  row: number;
  /** The label that is right; with `missing` the prediction that needs no label. */
  box: NamedBox;
  missing: boolean;
}

/** Edges that differ by less, in pixels, are the same. */
const sameEdge = 0.5;

/** Whether two boxes are the same one: of one class, and no edge differs by half a pixel. */
export const isSameBox = (a: NamedBox, b: NamedBox): boolean =>
  a.name === b.name && a.box.every((edge, i) => Math.abs(edge - b.box[i]!) < sameEdge);

/** What a suspicious box is kept by. */
export const keptAs = (row: number, given: NamedBox | null, suggested: NamedBox | null): KeptBox | null => {
  const box = given ?? suggested;
  return box && { row, box, missing: given === null };
};

/** Looks up quickly whether a suspicious box was kept. */
export function keptLookup(
  kept: readonly KeptBox[],
): (row: number, given: NamedBox | null, suggested: NamedBox | null) => boolean {
  const byRow = new Map<number, KeptBox[]>();
  for (const one of kept) {
    const own = byRow.get(one.row);
    if (own) own.push(one);
    else byRow.set(one.row, [one]);
  }
  return (row, given, suggested) => {
    const own = byRow.get(row);
    const asked = own && keptAs(row, given, suggested);
    return asked ? own.some(({ box, missing }) => missing === asked.missing && isSameBox(box, asked.box)) : false;
  };
}

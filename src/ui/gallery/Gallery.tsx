import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type MouseEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useColouring } from "../colour/ColouringProvider.tsx";
import { useWinnow } from "../winnow.tsx";
import { GalleryCell } from "./GalleryCell.tsx";
import { cellGap, galleryGeometry } from "./geometry.ts";
import { useElementWidth } from "./useElementWidth.ts";
import { useGalleryEvents } from "./useGalleryEvents.ts";

/** All images as a grid of thumbnails, of which only those near the screen are in the page. */
export function Gallery() {
  const images = useWinnow((state) => state.images);
  const order = useWinnow((state) => state.order);
  const marked = useWinnow((state) => state.marked);
  const focused = useWinnow((state) => state.focused);
  const ranks = useWinnow((state) => state.ranks);
  const cellSize = useWinnow((state) => state.cellSize);
  const colouring = useColouring();
  const groups = colouring.kind === "groups" ? colouring.groups : [];

  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const width = useElementWidth(scroller);
  const { columns, rowHeight, rowCount } = galleryGeometry(width, cellSize, order.length);

  const focusedPlace = useMemo(() => (focused < 0 ? -1 : order.indexOf(focused)), [order, focused]);
  const tabPlace = Math.max(0, focusedPlace);
  const keptLine = Math.floor(tabPlace / columns);
  // The line that Tab reaches is always in the page: the keyboard's focus must not vanish when it scrolls away.
  const rangeExtractor = useCallback(
    (range: Range) => {
      const lines = defaultRangeExtractor(range);
      if (keptLine >= range.count || lines.includes(keptLine)) return lines;
      return keptLine < (lines[0] ?? 0) ? [keptLine, ...lines] : [...lines, keptLine];
    },
    [keptLine],
  );

  const virtualizer = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    // Every line is as high as it was told to be; measured, the lines of a hidden gallery would have no height.
    measureElement: () => rowHeight,
    overscan: 3,
    paddingStart: 2,
    scrollPaddingStart: 12,
    scrollPaddingEnd: 12,
    rangeExtractor,
    directDomUpdates: true,
    useFlushSync: false,
    enabled: width > 0,
  });
  useKeepPlace(virtualizer, scroller, columns, rowHeight);

  // The cell to focus exists only after the move has been rendered.
  const wanted = useRef(-1);
  const reveal = (place: number) => {
    wanted.current = place;
    virtualizer.scrollToIndex(Math.floor(place / columns), { align: "auto" });
  };
  useEffect(() => {
    if (wanted.current < 0 || wanted.current !== focusedPlace) return;
    wanted.current = -1;
    scroller?.querySelector<HTMLElement>(`[data-row="${focused}"]`)?.focus({ preventScroll: true });
  });

  // A row focused elsewhere (map, large view, details) comes into view here.
  const focusedLine = focusedPlace < 0 ? -1 : Math.floor(focusedPlace / columns);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of the focused row scrolls, not of the layout
  useEffect(() => {
    if (focusedLine >= 0 && width > 0) virtualizer.scrollToIndex(focusedLine, { align: "auto" });
  }, [focused]);

  const rowsOnScreen = Math.floor((scroller?.clientHeight ?? 0) / rowHeight);
  const events = useGalleryEvents({ columns, rowsOnScreen, reveal });
  // A focus ring belongs to keys; without this a click beside a cell would scroll the grid to its tab stop.
  const keepSelection = (event: MouseEvent) => event.shiftKey && event.preventDefault();

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table to be
    <div
      ref={setScroller}
      role="grid"
      aria-label="Images"
      aria-rowcount={rowCount}
      aria-colcount={columns}
      aria-multiselectable="true"
      className="gallery"
      onMouseDown={keepSelection}
      {...events}
    >
      <div ref={virtualizer.containerRef} role="presentation" className="gallery-lines">
        {width > 0 &&
          virtualizer.getVirtualItems().map((line) => (
            // biome-ignore lint/a11y/useSemanticElements: see above
            <div
              key={line.key}
              ref={virtualizer.measureElement}
              data-index={line.index}
              role="row"
              tabIndex={-1}
              aria-rowindex={line.index + 1}
              className="gallery-line"
              style={{
                height: rowHeight,
                gridTemplateColumns: `repeat(${columns}, 1fr)`,
                columnGap: cellGap,
                paddingBottom: cellGap,
              }}
            >
              {Array.from(order.subarray(line.index * columns, (line.index + 1) * columns), (row, column) => (
                <GalleryCell
                  key={row}
                  row={row}
                  path={images.path(row)}
                  column={column}
                  marked={marked.has(row)}
                  focused={row === focused}
                  tabbable={line.index * columns + column === tabPlace}
                  rank={ranks.get(row) ?? 0}
                  colour={groups.length > 1 ? (groups[colouring.ofRow[row] ?? 0]?.colour ?? null) : null}
                />
              ))}
            </div>
          ))}
      </div>
    </div>
  );
}

/** When the cells change size or number a line, the image at the top of the screen stays there. */
function useKeepPlace(
  virtualizer: { measure: () => void },
  scroller: HTMLDivElement | null,
  columns: number,
  rowHeight: number,
): void {
  const before = useRef({ columns, rowHeight });
  useLayoutEffect(() => {
    const was = before.current;
    if (was.columns === columns && was.rowHeight === rowHeight) return;
    before.current = { columns, rowHeight };
    virtualizer.measure();
    if (!scroller) return;
    const topPlace = (scroller.scrollTop / was.rowHeight) * was.columns;
    scroller.scrollTop = (topPlace / columns) * rowHeight;
  }, [virtualizer, scroller, columns, rowHeight]);
}

import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { useWinnow } from "../winnow.tsx";
import type { Lines } from "./lines.ts";

interface GalleryListOptions {
  lines: Lines;
  scroller: HTMLDivElement | null;
  /** False until the width is known. */
  ready: boolean;
  overscan: number;
  paddingStart: number;
}

/**
 * The virtual list of the gallery's lines: keeps the keyboard's place in the page, brings what is focused elsewhere into
 * view, and begins at the top when the order is another one.
 */
export function useGalleryList({ lines, scroller, ready, overscan, paddingStart }: GalleryListOptions) {
  const order = useWinnow((state) => state.order);
  const focused = useWinnow((state) => state.focused);
  const focusedPlace = useMemo(() => (focused < 0 ? -1 : order.indexOf(focused)), [order, focused]);
  const tabPlace = Math.max(0, focusedPlace);
  const keptLine = lines.lineOf(tabPlace);
  // The line that Tab reaches is always in the page: the keyboard's focus must not vanish when it scrolls away.
  const rangeExtractor = useCallback(
    (range: Range) => {
      const near = defaultRangeExtractor(range);
      if (keptLine >= range.count || near.includes(keptLine)) return near;
      return keptLine < (near[0] ?? 0) ? [keptLine, ...near] : [...near, keptLine];
    },
    [keptLine],
  );
  const virtualizer = useVirtualizer({
    count: lines.count,
    getScrollElement: () => scroller,
    estimateSize: (line) => lines.height(line),
    // Every line is as high as it was told to be; measured, the lines of a hidden gallery would have no height.
    measureElement: (element) => lines.height(Number(element.getAttribute("data-index"))),
    overscan,
    paddingStart,
    scrollPaddingStart: paddingStart + 10,
    scrollPaddingEnd: 12,
    rangeExtractor,
    directDomUpdates: true,
    useFlushSync: false,
    enabled: ready,
  });
  useKeepPlace(virtualizer, scroller, lines);
  useBeginAtTop(scroller);

  // The cell to focus exists only after the move has been rendered.
  const wanted = useRef(-1);
  const reveal = (place: number) => {
    wanted.current = place;
    virtualizer.scrollToIndex(lines.lineOf(place), { align: "auto" });
  };
  useEffect(() => {
    if (wanted.current < 0 || wanted.current !== focusedPlace) return;
    wanted.current = -1;
    scroller?.querySelector<HTMLElement>(`[data-row="${focused}"]`)?.focus({ preventScroll: true });
  });

  // A row focused elsewhere (map, large view, details) comes into view here.
  const focusedLine = focusedPlace < 0 ? -1 : lines.lineOf(focusedPlace);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of the focused row scrolls, not of the layout
  useEffect(() => {
    if (focusedLine >= 0 && ready) virtualizer.scrollToIndex(focusedLine, { align: "auto" });
  }, [focused]);

  return { virtualizer, reveal, tabPlace };
}

/** When the cells change size or number a line, the image at the top of the screen stays there. */
function useKeepPlace(virtualizer: { measure: () => void }, scroller: HTMLDivElement | null, lines: Lines): void {
  const before = useRef(lines);
  useLayoutEffect(() => {
    const was = before.current;
    before.current = lines;
    if (was === lines) return;
    const resized = was.columns !== lines.columns || was.rowHeight !== lines.rowHeight;
    // Lines of equal height need no measuring when only their number changes, as it does while images arrive.
    if (!resized && was.isPlain && lines.isPlain) return;
    virtualizer.measure();
    if (!scroller || !resized || was.images !== lines.images) return;
    const place = was.placeAt(scroller.scrollTop);
    scroller.scrollTop = lines.topOfPlace(place) + (scroller.scrollTop - was.topOfPlace(place));
  }, [virtualizer, scroller, lines]);
}

/** Another order is read from its beginning. */
function useBeginAtTop(scroller: HTMLDivElement | null): void {
  const sortBy = useWinnow((state) => state.sortBy);
  const descending = useWinnow((state) => state.sortDescending);
  const groupBy = useWinnow((state) => state.groupBy);
  const search = useWinnow((state) => state.search);
  const filter = useWinnow((state) => state.filter);
  const first: RefObject<boolean> = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what another order comes from
  useEffect(() => {
    if (!first.current && scroller) scroller.scrollTop = 0;
    first.current = scroller === null;
  }, [scroller, sortBy, descending, groupBy, search, filter]);
}

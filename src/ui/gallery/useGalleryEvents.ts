import type { KeyboardEvent, MouseEvent } from "react";
import { useRef } from "react";
import { useActions, useWinnowStore } from "../winnow.tsx";
import type { Lines } from "./lines.ts";

interface Layout {
  lines: Lines;
  linesOnScreen: number;
  /** Brings a place of the order into view and gives its cell the keyboard's focus. */
  reveal: (place: number) => void;
}

const rowOf = (target: EventTarget): number | null => {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
  return cell ? Number(cell.dataset.row) : null;
};

/** What pointer and keys do in the gallery, as handlers for its one grid element. */
export function useGalleryEvents({ lines, linesOnScreen, reveal }: Layout) {
  const actions = useActions();
  const store = useWinnowStore();
  /** Where marking with Shift and the arrows began, as a place in the order. */
  const anchor = useRef<number | null>(null);

  const enlarge = (row: number) => {
    actions.focus(row);
    actions.enlarge(true);
  };

  const onClick = (event: MouseEvent) => {
    const row = rowOf(event.target);
    if (row === null) return;
    if (event.target instanceof Element && event.target.closest("[data-enlarge]")) {
      enlarge(row);
      return;
    }
    const adding = event.ctrlKey || event.metaKey;
    if (event.shiftKey) {
      actions.markRange(row, adding ? "add" : "replace");
      return;
    }
    anchor.current = null;
    actions.mark([row], adding ? "toggle" : "replace");
    actions.focus(row);
  };

  const onDoubleClick = (event: MouseEvent) => {
    const row = rowOf(event.target);
    if (row !== null && !event.shiftKey && !event.ctrlKey && !event.metaKey) enlarge(row);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rowOf(event.target);
    if (row === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const { order } = store.getState();
    const place = order.indexOf(row);
    if (event.key === " ") enlarge(row);
    else if (event.key === "Enter" || event.key === "m") {
      actions.mark([row], "toggle");
      actions.focus(row);
    } else {
      const to = lines.placeAfterKey(event.key, place, linesOnScreen);
      if (to === null) return;
      if (event.shiftKey) {
        anchor.current ??= place;
        const from = Math.min(anchor.current, to);
        actions.mark(order.subarray(from, Math.max(anchor.current, to) + 1), "replace");
      } else {
        anchor.current = null;
      }
      actions.focus(order[to]!);
      reveal(to);
    }
    event.preventDefault();
  };

  return { onClick, onDoubleClick, onKeyDown };
}

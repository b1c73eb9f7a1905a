import type { SelectionRecord } from "../core/records.ts";
import type { Drawing, WinnowState } from "./state.ts";

/** The parts of the state that follow from which selection is shown; `sorted` puts its picks first in the gallery. */
export function shownState(shown: SelectionRecord | null, sorted: boolean): Partial<WinnowState> {
  return {
    shown,
    ranks: new Map(Array.from(shown?.rows ?? [], (row, i) => [row, i + 1])),
    ...(sorted && { sortBy: shown ? "pick" : "path", sortDescending: false }),
  };
}

const drawnWhole: Drawing = { shown: true, hidden: new Set(), leastScore: 0 };

/** What of a set is drawn over images. */
export const drawingOf = (drawings: WinnowState["drawings"], set: string): Drawing => drawings.get(set) ?? drawnWhole;

export const withDrawing = (
  drawings: WinnowState["drawings"],
  set: string,
  change: Partial<Drawing>,
): WinnowState["drawings"] => new Map(drawings).set(set, { ...drawingOf(drawings, set), ...change });

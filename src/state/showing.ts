import type { SelectionRecord } from "../core/records.ts";
import type { WinnowState } from "./state.ts";

/** The parts of the state that follow from which selection is shown; `sorted` puts its picks first in the gallery. */
export function shownState(shown: SelectionRecord | null, sorted: boolean): Partial<WinnowState> {
  return {
    shown,
    ranks: new Map(Array.from(shown?.rows ?? [], (row, i) => [row, i + 1])),
    ...(sorted && { sortBy: shown ? "pick" : "path", sortDescending: false }),
  };
}

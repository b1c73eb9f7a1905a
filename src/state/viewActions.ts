import type { StoreApi } from "zustand/vanilla";
import { withCondition, withValueToggled } from "../core/explore/filter.ts";
import { RowSet } from "../core/rowSet.ts";
import type { Actions } from "./actions.ts";
import { changeMarks, rowsBetween } from "./marks.ts";
import { draw } from "./rememberedDrawings.ts";
import { shownState } from "./showing.ts";
import type { WinnowState } from "./state.ts";

type ViewActions = Pick<
  Actions,
  | "mark"
  | "markRange"
  | "markAll"
  | "invertMarks"
  | "focus"
  | "enlarge"
  | "setFilter"
  | "setCondition"
  | "toggleValue"
  | "clearFilter"
  | "setGroupBy"
  | "setSort"
  | "setCellSize"
  | "setColourBy"
  | "setTheme"
  | "draw"
  | "changeDraft"
  | "showSelection"
>;

/** What is looked at and how; nothing of it is stored with the project. */
export const viewActions = (store: StoreApi<WinnowState>): ViewActions => ({
  mark: (rows, mode) => store.setState(({ marked }) => ({ marked: changeMarks(marked, rows, mode) })),
  markRange: (row, mode) =>
    store.setState(({ marked, order, focused }) => ({
      marked: changeMarks(marked, rowsBetween(order, focused, row), mode),
    })),
  markAll: () => store.setState(({ order }) => ({ marked: RowSet.of(order) })),
  invertMarks: () => store.setState(({ marked, order }) => ({ marked: RowSet.of(order).without(marked) })),
  focus: (row) => store.setState({ focused: row }),
  enlarge: (open) => store.setState({ enlarged: open }),
  setFilter: (filter) => store.setState({ filter }),
  setCondition: (field, condition) =>
    store.setState(({ filter }) => ({ filter: withCondition(filter, field, condition) })),
  toggleValue: (field, value) => store.setState(({ filter }) => ({ filter: withValueToggled(filter, field, value) })),
  clearFilter: () => store.setState({ filter: [] }),
  setGroupBy: (groupBy) => store.setState({ groupBy }),
  setSort: (sortBy, sortDescending) => store.setState({ sortBy, sortDescending }),
  setCellSize: (cellSize) => store.setState({ cellSize }),
  setColourBy: (colourBy) => store.setState({ colourBy }),
  setTheme: (theme) => store.setState({ theme }),
  draw: (set, change) => draw(store, set, change),
  changeDraft: (change) => store.setState(({ draft }) => ({ draft: { ...draft, ...change } })),
  showSelection: (id) =>
    store.setState(({ selections }) => shownState(selections.find((selection) => selection.id === id) ?? null, true)),
});

import { RowSet } from "../core/rowSet.ts";
import type { MarkMode } from "./actions.ts";

/** The marked rows after a click, range or lasso. */
export function changeMarks(marked: RowSet, rows: Iterable<number>, mode: MarkMode): RowSet {
  const given = RowSet.of(rows);
  switch (mode) {
    case "replace":
      return given;
    case "add":
      return marked.union(given);
    case "subtract":
      return marked.without(given);
    case "toggle":
      return marked.toggle(given);
  }
}

/** Rows between two rows in the gallery's order, both included; only `to` when `from` is nowhere. */
export function rowsBetween(order: Uint32Array, from: number, to: number): Uint32Array {
  const a = order.indexOf(from);
  const b = order.indexOf(to);
  if (b < 0) return new Uint32Array(0);
  return a < 0 ? Uint32Array.of(to) : order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

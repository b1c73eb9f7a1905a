import type { RowSet } from "../rowSet.ts";
import type { Field } from "./field.ts";
import { textOrder } from "./textOrder.ts";

/** Rows that come first, in this order, whatever the others: the picks of a selection. */
export interface Ranking {
  rows: Uint32Array;
}

export interface ArrangementOptions {
  /** How many images there are. */
  rows: number;
  /** What to sort by; null keeps row order. Rows without a value come last either way. */
  by: Field | Ranking | null;
  descending: boolean;
  /** Rows that are shown; null: all. */
  visible: RowSet | null;
  /** A category, tree or sets field to group by; a row with several names is in the group of the first. */
  groupBy: Field | null;
}

/** Consecutive rows of the order that belong together. */
export interface Section {
  /** Null: rows without a value. */
  name: string | null;
  start: number;
  count: number;
}

export interface Arrangement {
  order: Uint32Array;
  /** Empty when nothing is grouped. */
  sections: Section[];
}

/** Puts the shown rows in order. Remembers the sorted order of all rows, so that another filter costs one pass. */
export class Arranger {
  private sorted: { rows: number; by: ArrangementOptions["by"]; descending: boolean; order: Uint32Array } | null = null;

  arrange(options: ArrangementOptions): Arrangement {
    const { rows, by, descending, visible, groupBy } = options;
    const known = this.sorted;
    if (known === null || known.rows !== rows || known.by !== by || known.descending !== descending) {
      this.sorted = { rows, by, descending, order: sortedRows(rows, by, descending) };
    }
    const all = this.sorted!.order;
    const order = visible === null ? all : shownOf(all, visible);
    return groupBy === null ? { order, sections: [] } : grouped(order, groupBy, rows);
  }
}

function shownOf(all: Uint32Array, visible: RowSet): Uint32Array {
  const shown = new Uint32Array(visible.size);
  let count = 0;
  for (let i = 0; i < all.length; i++) if (visible.has(all[i]!)) shown[count++] = all[i]!;
  return count === shown.length ? shown : shown.slice(0, count);
}

function sortedRows(rows: number, by: ArrangementOptions["by"], descending: boolean): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  if (by === null) return descending ? order.reverse() : order;
  if (!("kind" in by)) return ranked(order, by.rows, descending);
  if (by.kind === "text") {
    // Rows past the end have no text and stay last.
    const sorted = textOrder(by.texts.slice(0, rows), by.order);
    order.set(descending ? sorted.reverse() : sorted);
    return order;
  }
  const places = by.kind === "number" ? by.values : placesOf(by, rows);
  const sign = descending ? -1 : 1;
  return order.sort((a, b) => {
    const x = places[a] ?? Number.NaN;
    const y = places[b] ?? Number.NaN;
    if (x < y) return -sign;
    if (x > y) return sign;
    if (x === y) return a - b;
    return (Number.isNaN(x) ? 1 : 0) - (Number.isNaN(y) ? 1 : 0) || a - b;
  });
}

function ranked(order: Uint32Array, first: Uint32Array, descending: boolean): Uint32Array {
  const picks = first.filter((row) => row < order.length);
  if (descending) picks.reverse();
  const chosen = new Uint8Array(order.length);
  for (const row of picks) chosen[row] = 1;
  const out = new Uint32Array(order.length);
  out.set(picks);
  let at = picks.length;
  for (const row of order) if (chosen[row] === 0) out[at++] = row;
  return out;
}

/** The place of each row's name among the sorted names; NaN for rows without one. */
function placesOf(field: Exclude<Field, { kind: "number" | "text" }>, rows: number): Float64Array {
  const places = new Float64Array(rows).fill(Number.NaN);
  const placeOfName = rankOf(field.names);
  const ofRow = firstNames(field, rows);
  for (let row = 0; row < rows; row++) if (ofRow[row]! >= 0) places[row] = placeOfName[ofRow[row]!]!;
  return places;
}

/** By index the place of each text when they are sorted. */
function rankOf(texts: readonly string[]): Uint32Array {
  const sorted = textOrder(texts);
  const ranks = new Uint32Array(texts.length);
  for (let place = 0; place < sorted.length; place++) ranks[sorted[place]!] = place;
  return ranks;
}

/** By row the index of its (first) name; −1 for none. */
export function firstNames(field: Field, rows: number): Int32Array {
  if (field.kind === "category" || field.kind === "tree") {
    if (field.ofRow.length >= rows) return field.ofRow;
    const longer = new Int32Array(rows).fill(-1);
    longer.set(field.ofRow);
    return longer;
  }
  const first = new Int32Array(rows).fill(-1);
  if (field.kind === "sets") {
    for (let i = field.sets.length - 1; i >= 0; i--) {
      for (const row of field.sets[i]!.rows) if (row < rows) first[row] = i;
    }
  }
  return first;
}

function grouped(order: Uint32Array, field: Field, rows: number): Arrangement {
  if (field.kind === "number" || field.kind === "text") return { order, sections: [] };
  const ofRow = firstNames(field, rows);
  const placeOfName = rankOf(field.names);
  const nameAt = new Uint32Array(field.names.length);
  for (const [name, place] of placeOfName.entries()) nameAt[place] = name;
  const last = field.names.length;
  const placeOf = (row: number): number => (ofRow[row]! < 0 ? last : placeOfName[ofRow[row]!]!);
  const starts = new Uint32Array(last + 2);
  for (const row of order) starts[placeOf(row) + 1]!++;
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  const sections: Section[] = [];
  for (let place = 0; place <= last; place++) {
    const count = starts[place + 1]! - starts[place]!;
    if (count > 0) {
      sections.push({ name: place === last ? null : field.names[nameAt[place]!]!, start: starts[place]!, count });
    }
  }
  const out = new Uint32Array(order.length);
  for (const row of order) out[starts[placeOf(row)]!++] = row;
  return { order: out, sections };
}

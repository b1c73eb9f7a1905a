import type { ImageTable } from "../core/imageTable.ts";
import type { SelectionRecord } from "../core/records.ts";
import type { SortBy } from "./state.ts";

/** Sorting names as people do (2 before 10) is too slow for more rows than this. */
const naturalRows = 20_000;

export interface Ordering {
  by: SortBy;
  descending: boolean;
  /** Its picks come first, in pick order, when sorting by pick. */
  shown: SelectionRecord | null;
}

/** All rows in the gallery's order. Ties keep row order. */
export function orderRows(images: ImageTable, { by, descending, shown }: Ordering): Uint32Array {
  const rows = Uint32Array.from({ length: images.length }, (_, row) => row);
  if (by === "pick") return picksFirst(rows, shown, descending);
  rows.sort(comparison(images, by));
  return descending ? rows.reverse() : rows;
}

function comparison(images: ImageTable, by: Exclude<SortBy, "pick">): (a: number, b: number) => number {
  switch (by) {
    case "date":
      return (a, b) => images.date(a) - images.date(b) || a - b;
    case "size":
      return (a, b) => images.bytes(a) - images.bytes(b) || a - b;
    case "name": {
      const { paths } = images;
      if (images.length <= naturalRows) {
        const { compare } = new Intl.Collator("en", { numeric: true });
        return (a, b) => compare(paths[a]!, paths[b]!) || a - b;
      }
      return (a, b) => (paths[a]! < paths[b]! ? -1 : paths[a]! > paths[b]! ? 1 : a - b);
    }
  }
}

function picksFirst(rows: Uint32Array, shown: SelectionRecord | null, descending: boolean): Uint32Array {
  if (shown === null) return rows;
  const picks = shown.rows.filter((row) => row < rows.length);
  if (descending) picks.reverse();
  const chosen = new Set(picks);
  const out = new Uint32Array(rows.length);
  out.set(picks);
  let at = picks.length;
  for (const row of rows) if (!chosen.has(row)) out[at++] = row;
  return out;
}

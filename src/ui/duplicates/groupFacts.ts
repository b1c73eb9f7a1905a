import type { ImageTable } from "../../core/imageTable.ts";
import { formatFieldNumber } from "../text/fieldValues.ts";
import { formatBytes, formatCount } from "../text/quantities.ts";

/** One thing that tells the images of a group apart. */
export interface GroupFact {
  title: string;
  /** By place in the group, for people. */
  texts: string[];
  /** Places whose value is the best; empty where all are equal. */
  best: ReadonlySet<number>;
}

/** What is different between the images of a group: the largest, the sharpest and the oldest are the best. */
export function groupFacts(images: ImageTable, rows: readonly number[]): GroupFact[] {
  const sharpness = images.measures.column("sharpness", images.length);
  const fact = (title: string, value: (row: number) => number, text: (row: number) => string, least = false) => {
    const values = rows.map(value);
    const known = values.filter((one) => !Number.isNaN(one));
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const target = least ? low : high;
    // What looks the same is no difference.
    const differs = low < high && new Set(rows.map(text)).size > 1;
    const best = differs ? values.flatMap((one, place) => (one === target ? [place] : [])) : [];
    return { title, texts: rows.map(text), best: new Set(best) };
  };
  return [
    fact(
      "Pixels",
      (row) => images.width(row) * images.height(row),
      (row) => `${formatCount(images.width(row))} × ${formatCount(images.height(row))}`,
    ),
    fact(
      "File",
      (row) => images.bytes(row),
      (row) => formatBytes(images.bytes(row)),
    ),
    fact(
      "Sharpness",
      (row) => sharpness[row]!,
      (row) => (Number.isNaN(sharpness[row]) ? "unknown" : formatFieldNumber(sharpness[row]!, "ratio")),
    ),
    fact(
      "Date",
      (row) => images.date(row) || Number.NaN,
      (row) => (images.date(row) === 0 ? "unknown" : formatFieldNumber(images.date(row), "date")),
      true,
    ),
  ];
}

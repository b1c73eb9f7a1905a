import type { SelectionRecord } from "../records.ts";
import type { SelectionConfig } from "./config.ts";

/** What a project is when a record is run again. */
export interface NowOfRecord {
  headHash: string;
  imageCount: number;
}

/**
 * How the picks of a record stand to those of the same configuration now, in a sentence: the same, or how many are, and
 * what has changed since.
 */
export function againText(record: SelectionRecord, rows: Uint32Array, now: NowOfRecord): string {
  const { length } = record.rows;
  const images = length === 1 ? "image" : "images";
  if (length === rows.length && record.rows.every((row, i) => row === rows[i])) {
    return `The same ${length.toLocaleString("en")} ${images} again, in the same order.`;
  }
  const before = new Set(record.rows);
  const same = rows.reduce((sum, row) => sum + (before.has(row) ? 1 : 0), 0);
  const reasons = changesSince(record, now);
  const why = reasons.length > 0 ? reasons.join(", and ") : "tags or values that it goes by have changed since";
  return `${same.toLocaleString("en")} of ${length.toLocaleString("en")} ${images} are the same: ${why}.`;
}

/** What makes other picks likely: the embedding, the images. */
export function changesSince({ headHash, imageCount }: SelectionRecord, now: NowOfRecord): string[] {
  const changes: string[] = [];
  if (headHash !== "" && headHash !== now.headHash) changes.push("the embedding was made anew since");
  if (imageCount !== undefined && imageCount !== now.imageCount) {
    const more = now.imageCount - imageCount;
    const images = Math.abs(more) === 1 ? "image has" : "images have";
    changes.push(`${Math.abs(more).toLocaleString("en")} ${images} ${more > 0 ? "come" : "gone"} since`);
  }
  return changes;
}

/** What a record without a configuration, of an older version, was made by: plain k-center. */
export const olderConfig = ({ requested }: SelectionRecord): SelectionConfig => ({
  nSamples: requested,
  strategies: [{ input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } }],
});

/** How many further images a selection names, those that would come next. */
export const nextNamed = 20;

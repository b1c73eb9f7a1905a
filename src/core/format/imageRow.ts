import type { ImageRecord } from "../records.ts";

/** One image with what a person added to it, as every export of images takes it. */
export interface ImageRow {
  record: ImageRecord;
  tags: readonly string[];
  /** Empty when there is none. */
  label: string;
  /** Place in the selection, from 1; null when not chosen. */
  rank: number | null;
}

/** What a table of images says besides. */
export interface ExtraColumn {
  name: string;
  /** By row of the project; null: no value. */
  value(row: number): string | number | null;
}

/**
 * The capture time as ISO 8601 local time without a zone, `2024-05-01T12:30:00`, because a camera's clock has none;
 * null when unknown. A time that no calendar has (a damaged EXIF field) is unknown as well.
 */
export function takenAtText(takenAt: number | null): string | null {
  if (takenAt === null || !(Math.abs(takenAt) <= 8.64e15)) return null;
  return new Date(takenAt).toISOString().replace(/(\.000)?Z$/, "");
}

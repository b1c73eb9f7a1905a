import { type ExtraColumn, type ImageRow, takenAtText } from "./imageRow.ts";

/** One image in the JSON export; the same names as the CSV's columns. */
export interface ImageJson {
  path: string;
  width: number;
  height: number;
  bytes: number;
  sha256: string;
  tags: readonly string[];
  label: string | null;
  selected_rank: number | null;
  id: string;
  taken_at: string | null;
}

/** Some hundred kilobytes a piece. */
const ROWS_PER_CHUNK = 1024;

/**
 * Images as one JSON array of {@link ImageJson}, an image a line, in pieces. Absent values are null. Further columns
 * follow under their names.
 */
export function* imageJson(
  rows: Iterable<ImageRow>,
  extra: readonly ExtraColumn[] = [],
): Generator<string, void, void> {
  let text = "[";
  let count = 0;
  for (const row of rows) {
    text += `${count === 0 ? "\n" : ",\n"}${JSON.stringify(withExtra(asJson(row), row.record.row, extra))}`;
    count++;
    if (count % ROWS_PER_CHUNK === 0) {
      yield text;
      text = "";
    }
  }
  yield `${text}\n]\n`;
}

const withExtra = (json: ImageJson, row: number, extra: readonly ExtraColumn[]): object =>
  extra.length === 0 ? json : { ...json, ...Object.fromEntries(extra.map(({ name, value }) => [name, value(row)])) };

function asJson({ record, tags, label, rank }: ImageRow): ImageJson {
  return {
    path: record.path,
    width: record.width,
    height: record.height,
    bytes: record.bytes,
    sha256: record.sha256,
    tags,
    label: label === "" ? null : label,
    selected_rank: rank,
    id: record.id,
    taken_at: takenAtText(record.takenAt),
  };
}

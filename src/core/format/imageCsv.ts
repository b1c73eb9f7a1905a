import { type CsvValue, csvChunks } from "./csvRows.ts";
import { type ExtraColumn, type ImageRow, takenAtText } from "./imageRow.ts";

export const imageCsvColumns = [
  "path",
  "width",
  "height",
  "bytes",
  "sha256",
  "tags",
  "label",
  "selected_rank",
  "id",
  "taken_at",
] as const;

/**
 * Images as CSV, in pieces. `tags` are joined by {@link joinTags}; `label` is empty when there is none; `selected_rank`
 * is empty where not selected and counts from 1; `taken_at` is described at {@link takenAtText}. Further columns follow.
 */
export function imageCsv(rows: Iterable<ImageRow>, extra: readonly ExtraColumn[] = []): Generator<string, void, void> {
  return csvChunks([...imageCsvColumns, ...extra.map(({ name }) => name)], cells(rows, extra));
}

/** Tags joined by `;`. A semicolon or backslash inside a tag gets a backslash in front. */
export function joinTags(tags: readonly string[]): string {
  return tags.map((tag) => tag.replace(/[\\;]/g, "\\$&")).join(";");
}

/** The tags that {@link joinTags} joined. Empty text is no tag at all. */
export function splitTags(text: string): string[] {
  if (text === "") return [];
  const tags = [""];
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === ";") tags.push("");
    else tags[tags.length - 1] += character === "\\" && i + 1 < text.length ? text[++i]! : character;
  }
  return tags;
}

function* cells(rows: Iterable<ImageRow>, extra: readonly ExtraColumn[]): Generator<readonly CsvValue[], void, void> {
  for (const { record, tags, label, rank } of rows) {
    yield [
      record.path,
      record.width,
      record.height,
      record.bytes,
      record.sha256,
      joinTags(tags),
      label,
      rank,
      record.id,
      takenAtText(record.takenAt),
      ...extra.map(({ value }) => value(record.row)),
    ];
  }
}

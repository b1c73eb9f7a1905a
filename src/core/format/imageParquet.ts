import { type ColumnToWrite, parquetRows } from "../projectFolder/parquetRows.ts";
import { joinTags } from "./imageCsv.ts";
import { type ExtraColumn, type ImageRow, takenAtText } from "./imageRow.ts";

/**
 * Images as Parquet, with the columns of the CSV, further ones, and the embedding.
 * @param embedding of a row of the project; null: there is none
 */
export function imageParquet(
  rows: readonly ImageRow[],
  extra: readonly ExtraColumn[],
  embedding: ((row: number) => Float32Array | null) | null,
  createdBy: string,
): Generator<Uint8Array> {
  const column = (name: string, type: ColumnToWrite["type"], of: (row: ImageRow) => unknown): ColumnToWrite => ({
    name,
    type,
    value: (at) => of(rows[at]!),
  });
  const columns: ColumnToWrite[] = [
    column("path", "text", ({ record }) => record.path),
    column("width", "integer", ({ record }) => record.width),
    column("height", "integer", ({ record }) => record.height),
    column("bytes", "double", ({ record }) => record.bytes),
    column("sha256", "text", ({ record }) => record.sha256),
    column("tags", "text", ({ tags }) => joinTags(tags)),
    column("label", "text", ({ label }) => label || null),
    column("selected_rank", "integer", ({ rank }) => rank),
    column("id", "text", ({ record }) => record.id),
    column("taken_at", "text", ({ record }) => takenAtText(record.takenAt)),
    ...extra.map((one) => extraColumn(one, rows)),
  ];
  if (embedding) {
    columns.push(
      column("embedding", "floats", ({ record }) => {
        const own = embedding(record.row);
        return own && Array.from(own);
      }),
    );
  }
  return parquetRows(columns, rows.length, { format: "winnow-images", version: 1 }, createdBy);
}

/** Numbers where every value is one, otherwise text. */
function extraColumn({ name, value }: ExtraColumn, rows: readonly ImageRow[]): ColumnToWrite {
  const numeric = rows.every(({ record }) => typeof (value(record.row) ?? 0) === "number");
  return {
    name,
    type: numeric ? "double" : "text",
    value: (at) => {
      const found = value(rows[at]!.record.row);
      return found === null || numeric ? found : String(found);
    },
  };
}

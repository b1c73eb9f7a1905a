import { parquetReadObjects, type SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { WinnowError } from "../errors.ts";
import { openParquetFile, type ParquetFile } from "../format/parquetFile.ts";
import type { ImageRecord } from "../records.ts";
import type { FileBytes } from "./folderFiles.ts";
import { measureColumns, measuresOf } from "./measureColumns.ts";

/** An image with what a person added to it. */
export interface StoredImage {
  record: ImageRecord;
  tags: readonly string[];
  /** Empty when there is none. */
  label: string;
}

/** Some ten milliseconds of work, so that a page stays awake. */
const rowsPerGroup = 10_000;
/** What the first screen of a published project waits for: a tenth of a megabyte. */
const rowsOfFirstGroup = 1_000;
/** Read from the end at first: the footer of a hundred thousand images fits, a longer one is read whole. */
const footerBytes = 64 << 10;

const text = (name: string, required = true): SchemaElement => ({
  name,
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  repetition_type: required ? "REQUIRED" : "OPTIONAL",
});
const time = (name: string): SchemaElement => ({
  name,
  type: "INT64",
  converted_type: "TIMESTAMP_MILLIS",
  repetition_type: "OPTIONAL",
});

const schema: SchemaElement[] = [
  { name: "root", num_children: 10 + measureColumns.length },
  text("id"),
  text("path"),
  { name: "width", type: "INT32", repetition_type: "REQUIRED" },
  { name: "height", type: "INT32", repetition_type: "REQUIRED" },
  { name: "bytes", type: "INT64", repetition_type: "REQUIRED" },
  text("sha256"),
  time("modified_at"),
  time("taken_at"),
  { name: "tags", repetition_type: "REQUIRED", num_children: 1, converted_type: "LIST" },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  text("element"),
  text("label", false),
  ...measureColumns.map(({ name, kind }): SchemaElement => {
    return kind === "text" ? text(name, false) : { name, type: "FLOAT", repetition_type: "OPTIONAL" };
  }),
];

/** The table's columns in order. */
export const imageColumns: readonly string[] = schema
  .filter(({ name }) => !/^(root|list|element)$/.test(name))
  .map(({ name }) => name);

/**
 * A row an image, in row order, as Parquet (snappy). Times are milliseconds since 1970, `taken_at` in the camera's own
 * clock read as UTC, absent where unknown.
 */
export function* imagesParquet(images: Iterable<StoredImage>, createdBy: string): Generator<Uint8Array> {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema, createdBy });
  let group: StoredImage[] = [];
  let groupRows = rowsOfFirstGroup;
  const flush = (): void => {
    const column = (name: string, of: (image: StoredImage) => unknown) => ({ name, data: group.map(of) as unknown[] });
    void parquet.write({
      columnData: [
        column("id", ({ record }) => record.id),
        column("path", ({ record }) => record.path),
        column("width", ({ record }) => record.width),
        column("height", ({ record }) => record.height),
        column("bytes", ({ record }) => BigInt(record.bytes)),
        column("sha256", ({ record }) => record.sha256),
        column("modified_at", ({ record }) => (record.modifiedAt > 0 ? new Date(record.modifiedAt) : null)),
        column("taken_at", ({ record }) => (record.takenAt === null ? null : new Date(record.takenAt))),
        column("tags", ({ tags }) => tags),
        column("label", ({ label }) => label || null),
        ...measureColumns.map(({ name, of }) =>
          column(name, ({ record: { measures } }) => (measures ? of(measures) : null)),
        ),
      ],
      rowGroupSize: groupRows,
    });
    group = [];
    groupRows = rowsPerGroup;
  };
  for (const image of images) {
    group.push(image);
    if (group.length === groupRows) flush();
  }
  if (group.length > 0) flush();
  void parquet.finish();
  yield new Uint8Array(writer.getBuffer());
}

/**
 * The images of a table that {@link imagesParquet} wrote, a group of rows at a time.
 * @param count rows that belong to the project; further ones are left over from an interrupted write
 * @throws WinnowError `shape` that names the file
 */
export async function* readImagesParquet(file: FileBytes, name: string, count: number): AsyncGenerator<StoredImage[]> {
  let table: ParquetFile;
  try {
    table = await openParquetFile(file, footerBytes);
  } catch (cause) {
    throw damaged(name, `a Parquet table (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
  }
  const { metadata } = table;
  const found = new Set(metadata.schema.map((element) => element.name));
  const missing = ["path", "width", "height", "sha256"].filter((column) => !found.has(column));
  if (missing.length > 0) throw damaged(name, `the columns ${missing.join(", ")}`);
  if (Number(metadata.num_rows) < count) throw damaged(name, `${count} rows, found ${metadata.num_rows}`);
  const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
  let groupEnd = 0;
  for (let rowStart = 0, rowEnd = 0; rowStart < count; rowStart = rowEnd) {
    while (groupEnd <= rowStart && groups.length > 0) groupEnd += groups.shift()!;
    rowEnd = Math.min(count, rowStart + rowsPerGroup, groupEnd > rowStart ? groupEnd : count);
    let rows: Record<string, unknown>[];
    try {
      rows = await parquetReadObjects({ ...table, rowStart, rowEnd });
    } catch (cause) {
      throw damaged(name, `whole rows ${rowStart} to ${rowEnd - 1}`, { cause });
    }
    // A table may say that it has more rows than there are: without this, the loop would believe it.
    if (rows.length < rowEnd - rowStart) throw damaged(name, `${count} rows, as it says it has`);
    yield rows.map((row, i) => storedImage(row, rowStart + i, name));
  }
}

function storedImage(row: Record<string, unknown>, index: number, name: string): StoredImage {
  const { path, sha256, tags, label } = row;
  const number = (column: string): number => {
    const value = Number(row[column] ?? 0);
    if (!Number.isFinite(value) || value < 0) throw damaged(name, `a number in ${column} of row ${index}`);
    return value;
  };
  if (typeof path !== "string" || typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw damaged(name, `a path and a SHA-256 in row ${index}`);
  }
  const milliseconds = (value: unknown): number | null =>
    value instanceof Date && Number.isFinite(value.getTime()) ? value.getTime() : null;
  const measures = measuresOf(row);
  return {
    record: {
      row: index,
      id: sha256.slice(0, 32),
      path,
      width: number("width"),
      height: number("height"),
      bytes: number("bytes"),
      sha256,
      modifiedAt: milliseconds(row.modified_at) ?? 0,
      takenAt: milliseconds(row.taken_at),
      ...(measures && { measures }),
    },
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string" && tag !== "") : [],
    label: typeof label === "string" ? label : "",
  };
}

const damaged = (name: string, expected: string, options?: { cause: unknown }): WinnowError =>
  new WinnowError("shape", `“${name}” is damaged: expected ${expected}.`, { file: name }, options);

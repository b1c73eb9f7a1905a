import { parquetRead, type SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { WinnowError } from "../errors.ts";
import { openParquetFile, type ParquetFile } from "../format/parquetFile.ts";
import type { FileBytes } from "./folderFiles.ts";

/** Some ten milliseconds of work, so that a page stays awake. */
const rowsPerGroup = 10_000;
/** Of what a table says of itself. */
const longestHeader = 32 << 20;
const headerKey = "winnow";

export type ColumnType =
  | "text"
  | "integer"
  | "float"
  | "double"
  | "boolean"
  | "time"
  | "floats"
  | "doubles"
  | "neighbours";

/** A value of the type `neighbours`: rows of the table, nearest first, and how far they are. */
export interface NeighboursCell {
  ids: number[];
  distances: number[];
}

export interface ColumnToWrite {
  name: string;
  type: ColumnType;
  /** Null: no value. */
  value(row: number): unknown;
}

/** A table as Parquet (snappy), every value optional, with a JSON header under the key `winnow`. */
export function* parquetRows(
  columns: readonly ColumnToWrite[],
  rows: number,
  header: object,
  createdBy: string,
): Generator<Uint8Array> {
  const writer = new ByteWriter();
  const schema: SchemaElement[] = [{ name: "root", num_children: columns.length }, ...columns.flatMap(elements)];
  const kvMetadata = [{ key: headerKey, value: JSON.stringify(header) }];
  const parquet = new ParquetWriter({ writer, schema, createdBy, kvMetadata });
  for (let start = 0; start < rows; start += rowsPerGroup) {
    const length = Math.min(rowsPerGroup, rows - start);
    void parquet.write({
      columnData: columns.map(({ name, value }) => ({
        name,
        data: Array.from({ length }, (_, i) => value(start + i)),
      })),
      rowGroupSize: rowsPerGroup,
    });
  }
  void parquet.finish();
  yield new Uint8Array(writer.getBuffer());
}

function elements({ name, type }: ColumnToWrite): SchemaElement[] {
  const plain = (physical: NonNullable<SchemaElement["type"]>, more: Partial<SchemaElement> = {}): SchemaElement => ({
    name,
    type: physical,
    repetition_type: "OPTIONAL",
    ...more,
  });
  const list = (physical: "FLOAT" | "DOUBLE" | "INT32", of = name): SchemaElement[] => [
    { name: of, repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", type: physical, repetition_type: "REQUIRED" },
  ];
  switch (type) {
    case "text":
      return [plain("BYTE_ARRAY", { converted_type: "UTF8" })];
    case "integer":
      return [plain("INT32")];
    case "float":
      return [plain("FLOAT")];
    case "double":
      return [plain("DOUBLE")];
    case "boolean":
      return [plain("BOOLEAN")];
    case "time":
      return [plain("INT64", { converted_type: "TIMESTAMP_MILLIS" })];
    case "floats":
      return list("FLOAT");
    case "doubles":
      return list("DOUBLE");
    case "neighbours":
      return [
        { name, repetition_type: "OPTIONAL", num_children: 2 },
        ...list("INT32", "ids"),
        ...list("FLOAT", "distances"),
      ];
  }
}

/** A table that {@link parquetRows} wrote. */
export interface StoredTable {
  /** Parsed JSON: hostile. */
  header: unknown;
  rows: number;
  /** Rows a part at a time, their cells in the order of `columns`; a column that is not there is an error. */
  read(columns: readonly string[]): AsyncGenerator<unknown[][]>;
}

/** @throws WinnowError `shape` that names the file */
export async function openParquetRows(file: FileBytes, name: string): Promise<StoredTable> {
  let table: ParquetFile;
  let header: unknown;
  try {
    table = await openParquetFile(file);
    const text = table.metadata.key_value_metadata?.find(({ key }) => key === headerKey)?.value ?? "";
    if (text.length > longestHeader) throw new Error("its header is too long");
    header = JSON.parse(text);
  } catch (cause) {
    throw damagedTable(name, `a Parquet table with a header (${cause instanceof Error ? cause.message : ""})`, cause);
  }
  const rows = Number(table.metadata.num_rows);
  return {
    header,
    rows,
    async *read(columns) {
      for (let rowStart = 0; rowStart < rows; rowStart += rowsPerGroup) {
        const rowEnd = Math.min(rows, rowStart + rowsPerGroup);
        let part: unknown[][] = [];
        try {
          // As arrays: in an object a column called `__proto__` would be lost.
          const onComplete = (found: unknown[][]): void => {
            part = found;
          };
          await parquetRead({ ...table, columns: [...columns], rowStart, rowEnd, onComplete });
        } catch (cause) {
          throw damagedTable(name, `whole rows ${rowStart} to ${rowEnd - 1} of ${columns.join(", ")}`, cause);
        }
        // A table may say that it has more rows than there are: without this, the loop would believe it.
        if (part.length < rowEnd - rowStart) throw damagedTable(name, `${rows} rows, as it says it has`);
        yield part;
      }
    },
  };
}

export const damagedTable = (name: string, expected: string, cause?: unknown): WinnowError =>
  new WinnowError("shape", `“${name}” is damaged: expected ${expected.slice(0, 300)}.`, { file: name }, { cause });

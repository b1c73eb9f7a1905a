import * as v from "valibot";
import { type MetadataField, metadataValue } from "../annotations/metadataField.ts";
import type { FileBytes } from "./folderFiles.ts";
import { type ColumnToWrite, damagedTable, openParquetRows, parquetRows } from "./parquetRows.ts";

const headerSchema = v.object({
  format: v.literal("winnow-metadata"),
  version: v.literal(1),
  columns: v.pipe(
    v.array(
      v.object({
        key: v.pipe(v.string(), v.maxLength(1_000)),
        kind: v.picklist(["number", "date", "category", "boolean"]),
      }),
    ),
    v.maxLength(20_000),
  ),
});

const types = { number: "double", date: "time", category: "text", boolean: "boolean" } as const;

/** Metadata as a table: a row an image, in the order of the images. */
export function metadataParquet(
  fields: readonly MetadataField[],
  rows: number,
  createdBy: string,
): Generator<Uint8Array> {
  const header: v.InferOutput<typeof headerSchema> = {
    format: "winnow-metadata",
    version: 1,
    columns: fields.map(({ key, kind }) => ({ key, kind })),
  };
  const columns = fields.map(
    (field): ColumnToWrite => ({
      name: field.key,
      type: types[field.kind],
      value: (row) => {
        if (field.kind !== "date") return metadataValue(field, row);
        const time = field.values[row] ?? Number.NaN;
        return Number.isNaN(time) ? null : new Date(time);
      },
    }),
  );
  return parquetRows(columns, rows, header, createdBy);
}

/**
 * Reads what {@link metadataParquet} wrote.
 * @param images of the project; rows beyond them are left over
 * @throws WinnowError `shape` that names the file
 */
export async function readMetadataParquet(file: FileBytes, name: string, images: number): Promise<MetadataField[]> {
  const table = await openParquetRows(file, name);
  const parsed = v.safeParse(headerSchema, table.header);
  if (!parsed.success) throw damagedTable(name, "a header that names its columns");
  const { columns } = parsed.output;
  const rows = Math.min(images, table.rows);
  const all = (): StoredColumn[] => columns.map(({ key, kind }) => new StoredColumn(key, kind, rows));
  // Memory is taken when the first rows are there: a header may name columns that the table does not have.
  let gathered: StoredColumn[] | null = null;
  let row = 0;
  for await (const part of table.read(columns.map(({ key }) => key))) {
    gathered ??= all();
    for (const cells of part) {
      if (row < rows) for (const [i, column] of gathered.entries()) column.set(row, cells[i]);
      row++;
    }
  }
  return (gathered ?? all()).map((column) => column.finish());
}

class StoredColumn {
  private readonly values: Float64Array;
  private readonly ofRow: Int32Array;
  private readonly ids = new Map<string, number>();

  constructor(
    private readonly key: string,
    private readonly kind: MetadataField["kind"],
    rows: number,
  ) {
    const numeric = kind === "number" || kind === "date";
    this.values = new Float64Array(numeric ? rows : 0).fill(Number.NaN);
    this.ofRow = new Int32Array(numeric ? 0 : rows).fill(-1);
  }

  set(row: number, value: unknown): void {
    if (value === null || value === undefined) return;
    if (this.kind === "number") this.values[row] = Number(value);
    else if (this.kind === "date") this.values[row] = value instanceof Date ? value.getTime() : Number.NaN;
    else if (this.kind === "boolean") this.ofRow[row] = value === true ? 1 : 0;
    else this.ofRow[row] = this.idOf(String(value));
  }

  private idOf(name: string): number {
    const known = this.ids.get(name) ?? this.ids.size;
    this.ids.set(name, known);
    return known;
  }

  finish(): MetadataField {
    const { key, kind, values, ofRow } = this;
    if (kind === "number" || kind === "date") return { key, kind, values };
    return kind === "boolean" ? { key, kind, ofRow } : { key, kind, ofRow, names: [...this.ids.keys()] };
  }
}

import type { Field } from "../explore/field.ts";

interface MetadataBase {
  /** As the file names it; `METADATA` inputs of a selection name it so. */
  key: string;
}

/** What a file says of images besides labels: one column. Rows past its end have no value. */
export type MetadataField = MetadataBase &
  (
    | { kind: "number" /** NaN: no value. */; values: Float64Array }
    | { kind: "date" /** Milliseconds since 1970; NaN: no value. */; values: Float64Array }
    | { kind: "category"; names: readonly string[] /** −1: no value. */; ofRow: Int32Array }
    | { kind: "boolean" /** 1 yes, 0 no, −1: no value. */; ofRow: Int32Array }
  );

/** Never the id of another field. */
export const metadataFieldId = (key: string): string => `meta:${key}`;

/** Metadata as fields, so that filters, sorting, colours and selections know them. */
export const fieldsOfMetadata = (columns: readonly MetadataField[]): Field[] => columns.map(fieldOf);

function fieldOf(column: MetadataField): Field {
  const about = { id: metadataFieldId(column.key), title: column.key };
  switch (column.kind) {
    case "number":
      return { ...about, kind: "number", values: column.values, unit: "score" };
    case "date":
      return { ...about, kind: "number", values: column.values, unit: "date" };
    case "boolean":
      return { ...about, kind: "category", names: ["no", "yes"], ofRow: column.ofRow };
    case "category":
      return { ...about, kind: "category", names: column.names, ofRow: column.ofRow };
  }
}

/** What is known of a row, for a person or a file; null: nothing. */
export function metadataValue(column: MetadataField, row: number): number | string | boolean | null {
  if (column.kind === "category") return column.names[column.ofRow[row] ?? -1] ?? null;
  if (column.kind === "boolean") {
    const value = column.ofRow[row] ?? -1;
    return value < 0 ? null : value === 1;
  }
  const value = column.values[row] ?? Number.NaN;
  if (Number.isNaN(value)) return null;
  return column.kind === "number" || Math.abs(value) > 8.64e15 ? value : new Date(value).toISOString();
}

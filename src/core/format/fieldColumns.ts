import type { Field } from "../explore/field.ts";
import { joinTags } from "./imageCsv.ts";
import type { ExtraColumn } from "./imageRow.ts";

/**
 * Fields as columns of a table of images, each under its id: names, several names joined as tags are, numbers, and dates
 * as ISO 8601.
 */
export function fieldColumns(fields: readonly Field[]): ExtraColumn[] {
  return fields.map((field) => ({ name: field.id, value: (row) => valueIn(field, row) }));
}

function valueIn(field: Field, row: number): string | number | null {
  switch (field.kind) {
    case "category":
    case "tree":
      return field.names[field.ofRow[row] ?? -1] ?? null;
    case "sets":
      return joinTags(field.names.filter((_, i) => field.sets[i]!.has(row))) || null;
    case "text":
      return field.texts[row] ?? null;
    case "number": {
      const value = field.values[row] ?? Number.NaN;
      if (!Number.isFinite(value)) return null;
      return field.unit === "date" && Math.abs(value) <= 8.64e15 ? new Date(value).toISOString() : value;
    }
  }
}

import type { MetadataField } from "../../annotations/metadataField.ts";
import { WinnowError } from "../../errors.ts";
import { filesInTurn } from "./filesInTurn.ts";
import type { ImportContext, Imported, ImportFiles } from "./imported.ts";
import { own, textOf } from "./jsonStream.ts";
import { ImportLedger } from "./ledger.ts";
import { jsonOf } from "./lightlyPredictions.ts";
import { MetadataColumn, timeOf } from "./metadataColumn.ts";

interface SchemaEntry {
  /** Keys from the outermost in. */
  path: string[];
  type: string;
  byDefault: unknown;
  column: MetadataColumn;
}

/** More is no schema that a person wrote. */
const mostEntries = 1_000;

/**
 * LightlyOne's metadata folder: schema.json, a list of `name`, `path`, `defaultValue` and `valueDataType`, and a JSON
 * file an image. The type decides what a column is; a value that is missing from an image's file is the default.
 */
export async function readLightlyMetadata(files: ImportFiles, context: ImportContext): Promise<Imported> {
  const ledger = new ImportLedger(context, "lightly-metadata", files.name);
  const schemaPath = files.paths.find((path) => /(^|\/)schema\.json$/.test(path));
  const schema = schemaPath === undefined ? undefined : await jsonOf(files, schemaPath);
  if (schemaPath === undefined || !Array.isArray(schema)) {
    throw new WinnowError("shape", `“${files.name}” has no schema.json with a list: it is no folder of metadata.`);
  }
  const folder = schemaPath.slice(0, schemaPath.lastIndexOf("/") + 1);
  const entries = schema.slice(0, mostEntries).map((entry) => entryOf(entry, context.images.paths.length));
  const seen = new Set<number>();
  const documents = files.paths.filter(
    (path) => path.startsWith(folder) && path !== schemaPath && /\.json$/i.test(path),
  );
  await filesInTurn(files, documents, ledger, context.progress, (text, path) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return ledger.bad(null, "it is no JSON", path);
    }
    const name = textOf(own(value, "file_name"));
    if (name === "") return ledger.bad(null, "it has no file_name", path);
    const row = ledger.rowOf(name);
    if (row < 0) return;
    if (seen.has(row)) ledger.duplicate();
    seen.add(row);
    const metadata = own(value, "metadata");
    for (const entry of entries) {
      const found = entry.path.reduce<unknown>(own, metadata);
      entry.column.set(row, readValue(found === undefined || found === null ? entry.byDefault : found, entry.type));
    }
  });
  const metadata = entries.flatMap(({ column, type }): MetadataField[] => {
    const field = column.finish();
    if (typeof field === "string") ledger.remark(field);
    return field === null || typeof field === "string" ? [] : [asDates(field, type)];
  });
  return ledger.close([], metadata, seen.size);
}

function entryOf(entry: unknown, rows: number): SchemaEntry {
  const path = textOf(own(entry, "path"));
  const name = textOf(own(entry, "name")) || path;
  const type = textOf(own(entry, "valueDataType"));
  return {
    path: path.split("."),
    type,
    byDefault: own(entry, "defaultValue"),
    column: new MetadataColumn(name, rows, type === "CATEGORICAL_INT"),
  };
}

/** Times as numbers, so that a column of them is dates whatever their spelling. */
function readValue(value: unknown, type: string): unknown {
  switch (type) {
    case "CATEGORICAL_BOOLEAN":
      return value === 1 || value === true ? true : value === 0 || value === false ? false : value;
    case "CATEGORICAL_TIMESTAMP":
      // Seconds, unless they would lie beyond the year 5138.
      return typeof value === "number" && Math.abs(value) < 1e11 ? value * 1_000 : value;
    case "CATEGORICAL_DATETIME":
      return typeof value === "string" ? timeOf(value) : value;
    default:
      return value;
  }
}

const asDates = (field: MetadataField, type: string): MetadataField =>
  field.kind === "number" && /^CATEGORICAL_(TIMESTAMP|DATETIME)$/.test(type) ? { ...field, kind: "date" } : field;

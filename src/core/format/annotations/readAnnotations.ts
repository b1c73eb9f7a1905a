import { WinnowError } from "../../errors.ts";
import type { FileBytes } from "../../projectFolder/folderFiles.ts";
import { readCoco } from "./cocoReader.ts";
import { readFiftyOne } from "./fiftyoneReader.ts";
import { readFolderLabels } from "./folderLabels.ts";
import type { FormatName } from "./formats.ts";
import type { ImportContext, Imported, ImportFiles } from "./imported.ts";
import { ImportLedger } from "./ledger.ts";
import { readLightlyMetadata } from "./lightlyMetadata.ts";
import { readLightlyPredictions } from "./lightlyPredictions.ts";
import { readNpyProbabilities } from "./npyProbabilities.ts";
import { guessMapping, type TableMapping, type TablePreview } from "./tableMapping.ts";
import { readTable } from "./tableReader.ts";
import { openTable, type Table, type TableFormat } from "./tables.ts";
import { readVoc } from "./vocReader.ts";
import { readYolo } from "./yoloReader.ts";

/** Rows that a person sees of a table before it is imported. */
const previewRows = 20;
const longestShown = 200;

const tableEndings: Readonly<Record<TableFormat, RegExp>> = {
  csv: /\.(csv|tsv|txt)$/i,
  json: /\.json$/i,
  jsonl: /\.(jsonl|ndjson|json)$/i,
  parquet: /\.parquet$/i,
};

export const isTableFormat = (format: FormatName): format is TableFormat => format in tableEndings;

/**
 * Reads what some files say of a project's images. Nothing is stored: the result is whole, or an error says why there
 * is none.
 * @param mapping of a table's columns; absent: by their names
 * @throws WinnowError `shape`, `config` or `empty` that names the file
 */
export async function readAnnotations(
  files: ImportFiles,
  format: FormatName,
  context: ImportContext,
  mapping?: TableMapping,
): Promise<Imported> {
  switch (format) {
    case "folders":
      return readFolderLabels(context);
    case "coco":
      return await readCoco(files, context);
    case "yolo":
      return await readYolo(files, context);
    case "voc":
      return await readVoc(files, context);
    case "lightly-predictions":
      return await readLightlyPredictions(files, context);
    case "lightly-metadata":
      return await readLightlyMetadata(files, context);
    case "fiftyone":
      return await readFiftyOne(files, context);
    case "npy":
      return await readNpyProbabilities(files, context);
    default: {
      const { table, path } = await tableOf(files, format);
      const ledger = new ImportLedger(context, format, path);
      return await readTable(table.rows(context.progress), mapping ?? guessMapping(table.columns), context, ledger);
    }
  }
}

/** The beginning of a table and what we take its columns for. */
export async function previewTable(files: ImportFiles, format: TableFormat): Promise<TablePreview> {
  const { table } = await tableOf(files, format);
  const rows: string[][] = [];
  for await (const part of table.rows()) {
    for (const { values } of part.slice(0, previewRows - rows.length)) rows.push(values.map(shown));
    if (rows.length >= previewRows) break;
  }
  return { columns: table.columns, rows, mapping: guessMapping(table.columns) };
}

async function tableOf(files: ImportFiles, format: TableFormat): Promise<{ table: Table; path: string }> {
  const path = files.paths.find((one) => tableEndings[format].test(one)) ?? files.paths[0];
  const file: FileBytes | null = path === undefined ? null : await files.open(path);
  if (path === undefined || file === null) throw new WinnowError("empty", `“${files.name}” holds no table.`);
  return { table: await openTable(file, path, format), path };
}

const shown = (value: unknown): string =>
  (typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "")).slice(0, longestShown);

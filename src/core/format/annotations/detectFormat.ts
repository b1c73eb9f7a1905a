import { decodeText } from "../decodeText.ts";
import { fileStart } from "./fileChunks.ts";
import type { FormatName } from "./formats.ts";
import type { ImportFiles } from "./imported.ts";

/** Enough to see what a file holds, whatever its order. Bytes. */
const looked = 1 << 18;

/**
 * What some files are, by their names and the beginning of what is in them; null when it is nothing that we know. Names
 * of images and of anything else beside the annotations do not matter.
 */
export async function detectFormat(files: ImportFiles): Promise<FormatName | null> {
  const { paths } = files;
  const some = (pattern: RegExp): string | undefined => paths.find((path) => pattern.test(path));
  const schema = some(/(^|\/)schema\.json$/);
  if (schema !== undefined) {
    const text = await startOf(files, schema);
    if (/^\s*\[/.test(text)) return "lightly-metadata";
    if (/"task_type"/.test(text)) return "lightly-predictions";
  }
  if (some(/(^|\/)samples\.json$/)) return "fiftyone";
  if (some(/\.npy$/i)) return "npy";
  if (some(/\.parquet$/i)) return "parquet";
  if (some(/\.(jsonl|ndjson)$/i)) return "jsonl";
  if (some(/\.xml$/i)) return "voc";
  if (some(/\.ya?ml$/i) || some(/(^|\/)labels\/.*\.txt$/i) || some(/(^|\/)classes\.txt$/i)) return "yolo";
  if (some(/\.(csv|tsv)$/i)) return "csv";
  for (const path of paths.filter((one) => /\.json$/i.test(one))) {
    const found = jsonFormat(await startOf(files, path));
    if (found) return found;
  }
  const text = some(/\.txt$/i);
  return text === undefined ? null : textFormat(await startOf(files, text));
}

/** Of many files of one kind so many are looked into. */
const sampled = 10;

/**
 * The same for files that nobody called annotations, such as those that lie beside images: a format of which the names
 * alone speak must be in the files too, so that a README is no table and a settings file no list of classes.
 */
export async function certainFormat(files: ImportFiles): Promise<FormatName | null> {
  const format = await detectFormat(files);
  const holds = async (name: RegExp, test: (text: string) => boolean): Promise<FormatName | null> => {
    for (const path of files.paths.filter((one) => name.test(one)).slice(0, sampled)) {
      if (test(await startOf(files, path))) return format;
    }
    return null;
  };
  if (format === "voc") return await holds(/\.xml$/i, (text) => /<annotation[\s>]/.test(text));
  if (format === "yolo") return await holds(/\.txt$/i, (text) => textFormat(text) === "yolo");
  if (format === "csv") return await holds(/\.(csv|tsv)$/i, (text) => pathColumn.test(text.split(/\r?\n/)[0] ?? ""));
  if (format === "json") return await holds(/\.json$/i, (text) => /"(?:path|file_?names?|image)"/.test(text));
  return format;
}

/** A column that is called like one of paths. */
const pathColumn = /(?:^|[,;\t])\s*"?(?:path|file|file_?names?|image(?:_?(?:id|path|name))?)"?\s*(?:[,;\t]|$)/i;

async function startOf(files: ImportFiles, path: string): Promise<string> {
  const file = await files.open(path);
  return file === null ? "" : decodeText(await fileStart(file, looked));
}

/** JSON is told by its keys; those of a long list of images stand at its beginning. */
function jsonFormat(text: string): FormatName | null {
  const has = (key: string): boolean => text.includes(`"${key}"`);
  if (/^\s*\[/.test(text)) return has("image_id") && has("category_id") ? "coco" : "json";
  if (!/^\s*\{/.test(text)) return null;
  if (has("samples") || has("_cls") || (has("labels") && has("classes"))) return "fiftyone";
  if (has("images") || has("annotations") || has("categories")) return "coco";
  return /^\s*\{[^\n]*\}\s*\n\s*\{/.test(text) ? "jsonl" : null;
}

/** Lines of numbers are YOLO's, all else is a table. */
const textFormat = (text: string): FormatName =>
  /^\s*\d+(?:[ \t]+-?[\d.]+(?:e[-+]?\d+)?){4,}[ \t]*(?:\r?\n|$)/i.test(text) ? "yolo" : "csv";

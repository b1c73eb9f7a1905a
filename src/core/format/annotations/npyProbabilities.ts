import { AnnotationSetBuilder } from "../../annotations/setBuilder.ts";
import { WinnowError } from "../../errors.ts";
import { decodeFloat16 } from "../../float16.ts";
import { readFileList } from "../fileList.ts";
import { readNpy } from "../npy.ts";
import type { ImportContext, Imported, ImportFiles } from "./imported.ts";
import { ImportLedger } from "./ledger.ts";
import { largest, normalisedProbabilities } from "./probabilities.ts";
import { aboutSet } from "./setNames.ts";

/** 2 GB is the most that an array holds everywhere. */
const largestFile = 2 ** 31 - 1;

/**
 * Probabilities, images × classes, as NumPy saves them, with a names file beside them: a text file with a path a line
 * for each row. Another text file with a line a class names the classes; without one they are called by their numbers.
 * Without names the rows are the project's images in their order, where there are as many.
 */
export async function readNpyProbabilities(files: ImportFiles, context: ImportContext): Promise<Imported> {
  const path = files.paths.find((one) => /\.npy$/i.test(one));
  const file = path === undefined ? null : await files.open(path);
  if (path === undefined || file === null) throw new WinnowError("empty", `“${files.name}” holds no .npy file.`);
  if (file.size > largestFile) throw new WinnowError("shape", `“${path}” is larger than 2 GB.`, { file: path });
  const ledger = new ImportLedger(context, "npy", path);
  const array = readNpy(await file.slice(0, file.size), path);
  const [rows = 0, columns = 0] = array.shape;
  if (array.shape.length !== 2 || columns < 2 || array.dtype === "u4") {
    const found = `${array.dtype} [${array.shape.join(", ")}]`;
    throw new WinnowError("shape", `“${path}”: expected probabilities, images × classes, found ${found}.`, {
      file: path,
    });
  }
  const values = array.dtype === "f2" ? decodeFloat16(array.data) : array.data;
  const { names, classes } = await listsOf(files, rows, columns);
  if (names === null && rows !== context.images.paths.length) {
    throw new WinnowError(
      "shape",
      `“${path}” has ${rows} rows, the project ${context.images.paths.length} images. Add a text file with a path for each row.`,
      { file: path, rows },
    );
  }
  const builder = new AnnotationSetBuilder(classes ?? Array.from({ length: columns }, (_, i) => String(i)));
  if (classes === null) ledger.remark("No text file has a line a class: classes are called by their numbers.");
  if (builder.classNames.length !== columns) throw new WinnowError("shape", "Two classes have the same name.");
  for (let i = 0; i < rows; i++) {
    const probabilities = normalisedProbabilities(values.subarray(i * columns, (i + 1) * columns));
    if (typeof probabilities === "string") {
      ledger.bad(i + 1, probabilities);
      continue;
    }
    const row = names === null ? i : ledger.rowOf(names[i]!);
    if (row < 0) continue;
    if (builder.has(row)) ledger.duplicate();
    const best = largest(probabilities);
    builder.startOver(row);
    builder.add(row, { class: best, score: probabilities[best]!, probabilities });
  }
  return ledger.close([builder.finish(aboutSet(context, ledger, "classification", "predictions"))]);
}

/** The text files beside it, told apart by how many lines they have. */
async function listsOf(
  files: ImportFiles,
  rows: number,
  columns: number,
): Promise<{ names: string[] | null; classes: string[] | null }> {
  let names: string[] | null = null;
  let classes: string[] | null = null;
  for (const path of files.paths.filter((one) => /\.(txt|names)$/i.test(one))) {
    const file = await files.open(path);
    const lines = file === null ? [] : readFileList((await file.text()).replace(/^\uFEFF/, ""));
    const forClasses = /class|label/i.test(path);
    if (lines.length === rows && !(forClasses && rows === columns)) names ??= lines;
    else if (lines.length === columns) classes ??= lines;
  }
  return { names, classes };
}

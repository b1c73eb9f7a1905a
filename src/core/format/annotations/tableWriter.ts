import type { CsvValue } from "../csvRows.ts";
import { csvChunks } from "../csvRows.ts";
import { type AnnotationExport, boxOf, type ExportFile, knownRows, plainNumber } from "./exportFile.ts";

/**
 * A set as CSV: an image a row with `path`, `label`, for predictions also `score` and the probabilities `p:CLASS`; or,
 * where instances have boxes or an image has several, an instance a row with its box in pixels.
 */
export function* tableFiles(given: AnnotationExport): Generator<ExportFile> {
  const { set } = given;
  const boxed = set.boxes !== null;
  const columns = [
    "path",
    "label",
    ...(set.scores ? ["score"] : []),
    ...(boxed ? ["x", "y", "width", "height"] : []),
    ...(set.probabilities ? set.classes.map((name) => `p:${name}`) : []),
  ];
  yield { path: `${set.role}.csv`, chunks: csvChunks(columns, cells(given)) };
}

function* cells(given: AnnotationExport): Generator<CsvValue[]> {
  const { set, images } = given;
  const width = set.classes.length;
  const number = (value: number): number | null => (Number.isNaN(value) ? null : plainNumber(value));
  const blank = (set.scores ? 1 : 0) + (set.boxes ? 4 : 0) + (set.probabilities ? width : 0);
  for (const row of knownRows(given)) {
    const [first, end] = [set.first[row]!, set.first[row + 1]!];
    if (first === end) yield [images.paths[row]!, null, ...Array.from({ length: blank }, () => null)];
    for (let at = first; at < end; at++) {
      yield [
        images.paths[row]!,
        set.classes[set.classOf[at]!]!,
        ...(set.scores ? [number(set.scores[at]!)] : []),
        ...(set.boxes ? (boxOf(set, at) ?? [null, null, null, null]) : []),
        ...(set.probabilities ? Array.from(set.probabilities.subarray(at * width, (at + 1) * width), number) : []),
      ];
    }
  }
}

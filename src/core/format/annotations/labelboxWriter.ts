import type { AnnotationSet } from "../../annotations/annotationSet.ts";
import {
  type AnnotationExport,
  boxOf,
  type ExportFile,
  inLines,
  jsonList,
  knownRows,
  plainNumber,
} from "./exportFile.ts";
import { pointsOf } from "./labelStudioWriter.ts";

/**
 * Labelbox: `data_rows.json`, the images with their paths as global keys (put the address of your storage before
 * `row_data`), and `annotations.ndjson`, what the set says of them.
 */
export function* labelboxFiles(given: AnnotationExport): Generator<ExportFile> {
  const { images, rows } = given;
  const dataRows = rows
    .map((row) => images.paths[row]!)
    .map((path) => ({ row_data: path, global_key: path, media_type: "IMAGE" }));
  yield { path: "data_rows.json", chunks: jsonList(dataRows) };
  yield { path: "annotations.ndjson", chunks: inLines(annotations(given)) };
}

function* annotations(given: AnnotationExport): Generator<string> {
  const { set, images } = given;
  for (const row of knownRows(given)) {
    const dataRow = { globalKey: images.paths[row]! };
    for (let at = set.first[row]!; at < set.first[row + 1]!; at++) {
      const score = set.scores?.[at] ?? Number.NaN;
      const confidence = Number.isNaN(score) ? {} : { confidence: plainNumber(score) };
      for (const entry of entriesOf(set, at)) yield JSON.stringify({ ...entry, ...confidence, dataRow });
    }
  }
}

/** Polygons and points are an entry each; a mask is its box. */
function entriesOf(set: AnnotationSet, at: number): object[] {
  const name = set.classes[set.classOf[at]!]!;
  const shape = set.shapes?.[at] ?? null;
  if (shape?.kind === "polygons") {
    return shape.rings.map((ring) => ({
      name,
      polygon: Array.from({ length: ring.length / 2 }, (_, i) => ({
        x: plainNumber(ring[2 * i]!),
        y: plainNumber(ring[2 * i + 1]!),
      })),
    }));
  }
  if (shape?.kind === "keypoints") {
    return pointsOf(shape).map(([x, y]) => ({ name, point: { x: plainNumber(x), y: plainNumber(y) } }));
  }
  const box = boxOf(set, at);
  if (box === null) return [{ name: set.name, answer: { name } }];
  const [left, top, width, height] = box;
  return [{ name, bbox: { top, left, height, width } }];
}

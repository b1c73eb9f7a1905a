import type { AnnotationSet, Shape } from "../../annotations/annotationSet.ts";
import { type AnnotationExport, boxOf, type ExportFile, jsonList, plainNumber } from "./exportFile.ts";

/**
 * FiftyOne's data set on disk (`fo.types.LegacyFiftyOneDataset`, with the images beside it): `metadata.json` and
 * `samples.json`, in which the set is a field called by its id. A mask is its box.
 */
export function* fiftyoneFiles(given: AnnotationExport): Generator<ExportFile> {
  const { set } = given;
  const metadata = { name: set.name, info: {}, classes: { [set.id]: set.classes }, default_classes: [] };
  yield { path: "metadata.json", chunks: [`${JSON.stringify(metadata)}\n`] };
  yield { path: "samples.json", chunks: jsonList(samples(given), '{"samples": [', "]}\n") };
}

function* samples({ set, images, rows }: AnnotationExport): Generator<object> {
  for (const row of rows) {
    const [width, height] = [images.width(row), images.height(row)];
    yield {
      filepath: images.paths[row]!,
      tags: [],
      metadata: { _cls: "ImageMetadata", width, height },
      ...(set.known[row] && { [set.id]: labelsOf(set, row, width, height) }),
    };
  }
}

function labelsOf(set: AnnotationSet, row: number, width: number, height: number): object {
  const [first, end] = [set.first[row]!, set.first[row + 1]!];
  const all = Array.from({ length: end - first }, (_, i) => labelOf(set, first + i, width, height));
  if (set.type === "classification")
    return all.length === 1 ? all[0]! : { _cls: "Classifications", classifications: all };
  const kind = set.shapes?.find((shape) => shape !== null)?.kind;
  if (kind === "polygons") return { _cls: "Polylines", polylines: all };
  return kind === "keypoints" ? { _cls: "Keypoints", keypoints: all } : { _cls: "Detections", detections: all };
}

function labelOf(set: AnnotationSet, at: number, width: number, height: number): object {
  const score = set.scores?.[at] ?? Number.NaN;
  const label = set.classes[set.classOf[at]!]!;
  const confidence = Number.isNaN(score) ? {} : { confidence: plainNumber(score) };
  const shape = set.shapes?.[at] ?? null;
  if (shape?.kind === "polygons") {
    const points = shape.rings.map((ring) => shares(ring, 2, width, height));
    return { _cls: "Polyline", label, points, closed: true, filled: true, ...confidence };
  }
  if (shape?.kind === "keypoints") return { _cls: "Keypoint", label, ...posed(shape, width, height) };
  const box = boxOf(set, at);
  if (box === null) return { _cls: "Classification", label, ...confidence };
  const [x, y, w, h] = box;
  const bounds = [x / width, y / height, w / width, h / height].map(plainNumber);
  return { _cls: "Detection", label, bounding_box: bounds, ...confidence };
}

function shares(values: Float32Array, each: number, width: number, height: number): (number | null)[][] {
  return Array.from({ length: values.length / each }, (_, i) => {
    const [x, y] = [values[i * each]! / width, values[i * each + 1]! / height];
    return Number.isNaN(x) ? [null, null] : [plainNumber(x), plainNumber(y)];
  });
}

/** A keypoint's confidences are its points'. */
const posed = ({ points }: Extract<Shape, { kind: "keypoints" }>, width: number, height: number): object => ({
  points: shares(points, 3, width, height),
  confidence: Array.from({ length: points.length / 3 }, (_, i) => {
    const v = points[3 * i + 2]!;
    return Number.isNaN(v) ? null : plainNumber(v);
  }),
});

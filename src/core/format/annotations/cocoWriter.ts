import type { AnnotationSet, Shape } from "../../annotations/annotationSet.ts";
import { type AnnotationExport, boxOf, type ExportFile, jsonList, knownRows, plainNumber } from "./exportFile.ts";
import { countsAsText, transposedRuns } from "./runs.ts";

/**
 * COCO: `annotations.json` for labels; for predictions `images.json` with images and categories, and `results.json`, the
 * list of results that evaluation tools take. Categories keep the numbers that they had in the file they came from.
 * Image ids are rows + 1.
 */
export function* cocoFiles(given: AnnotationExport): Generator<ExportFile> {
  const { set } = given;
  if (set.role === "labels") {
    yield { path: "annotations.json", chunks: dataset(given, annotations(given)) };
    return;
  }
  yield { path: "images.json", chunks: dataset(given, []) };
  yield { path: "results.json", chunks: jsonList(annotations(given)) };
}

function* dataset(given: AnnotationExport, entries: Iterable<object>): Generator<string> {
  const { set, images } = given;
  const listed = knownRows(given).map((row) => ({
    id: row + 1,
    file_name: images.paths[row]!,
    width: images.width(row),
    height: images.height(row),
  }));
  yield `{"info": ${JSON.stringify({ description: set.name })}, "licenses": [], `;
  yield* jsonList(categories(set), '"categories": [', "],\n");
  yield* jsonList(listed, '"images": [', "],\n");
  yield* jsonList(entries, '"annotations": [', "]}\n");
}

const idsOf = ({ classes, source }: AnnotationSet): number[] => {
  const { classIds } = source;
  const usable = classIds?.length === classes.length && new Set(classIds).size === classes.length;
  return classes.map((_, i) => (usable && Number.isSafeInteger(classIds[i]) ? classIds[i]! : i + 1));
};

function categories(set: AnnotationSet): object[] {
  const points = set.shapes?.reduce(
    (most, shape) => (shape?.kind === "keypoints" ? Math.max(most, shape.points.length / 3) : most),
    0,
  );
  const keypoints = points
    ? { keypoints: Array.from({ length: points }, (_, i) => `point ${i + 1}`), skeleton: [] }
    : {};
  const ids = idsOf(set);
  return set.classes.map((name, i) => ({ id: ids[i], name, supercategory: "", ...keypoints }));
}

function* annotations(given: AnnotationExport): Generator<object> {
  const { set } = given;
  const ids = idsOf(set);
  let id = 0;
  for (const row of knownRows(given)) {
    for (let at = set.first[row]!; at < set.first[row + 1]!; at++) {
      const box = boxOf(set, at);
      const shape = set.shapes?.[at] ?? null;
      const score = set.scores?.[at] ?? Number.NaN;
      yield {
        id: ++id,
        image_id: row + 1,
        category_id: ids[set.classOf[at]!],
        ...(box && { bbox: box, area: areaOf(shape, box) }),
        ...(set.role === "labels" && { iscrowd: 0 }),
        ...(!Number.isNaN(score) && { score: plainNumber(score) }),
        ...shapeEntry(shape, set.role === "predictions"),
      };
    }
  }
}

function shapeEntry(shape: Shape | null, predicted: boolean): object {
  switch (shape?.kind) {
    case "polygons":
      return { segmentation: shape.rings.map((ring) => Array.from(ring, plainNumber)) };
    case "runs": {
      const { width, height, counts } = shape;
      return { segmentation: { size: [height, width], counts: countsAsText(transposedRuns(counts, height, width)) } };
    }
    case "keypoints": {
      const keypoints = Array.from(shape.points, plainNumber);
      let there = 0;
      for (let i = 0; i < keypoints.length; i += 3) {
        const v = keypoints[i + 2]!;
        if (Number.isNaN(v)) keypoints.splice(i, 3, 0, 0, 0);
        else if (!predicted) keypoints[i + 2] = v <= 0.5 ? 1 : 2;
        if (!Number.isNaN(v)) there++;
      }
      return { keypoints, num_keypoints: there };
    }
    default:
      return {};
  }
}

/** Pixels inside of an outline; of a box where there is none. */
function areaOf(shape: Shape | null, [, , width, height]: readonly number[]): number {
  if (shape?.kind === "polygons") return plainNumber(shape.rings.reduce((sum, ring) => sum + ringArea(ring), 0));
  if (shape?.kind === "runs") return shape.counts.reduce((sum, count, i) => sum + (i % 2) * count, 0);
  return plainNumber(width! * height!);
}

/** The shoelace formula. */
function ringArea(ring: Float32Array): number {
  let twice = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const next = (i + 2) % ring.length;
    twice += ring[i]! * ring[next + 1]! - ring[next]! * ring[i + 1]!;
  }
  return Math.abs(twice) / 2;
}

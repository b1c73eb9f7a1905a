import { stringify } from "yaml";
import type { Shape } from "../../annotations/annotationSet.ts";
import {
  type AnnotationExport,
  boxOf,
  type ExportFile,
  knownRows,
  plainNumber,
  requireBoxes,
  stemPaths,
} from "./exportFile.ts";

/**
 * A YOLO folder: data.yaml, and labels/… with a text file an image that the set knows, empty where nothing is in it. An
 * outline of several rings becomes one, as trainers expect; a mask is written as its box; keypoints as a pose.
 */
export function* yoloFiles(given: AnnotationExport): Generator<ExportFile> {
  requireBoxes(given, "YOLO");
  const { set } = given;
  const rows = knownRows(given);
  const stems = stemPaths(given, rows);
  const points = set.shapes?.reduce(
    (most, shape) => (shape?.kind === "keypoints" ? Math.max(most, shape.points.length / 3) : most),
    0,
  );
  // A map, so that the keys are numbers: trainers look classes up by number.
  const names = new Map(set.classes.map((name, i) => [i, name]));
  const about = { path: ".", train: "images", val: "images", ...(points && { kpt_shape: [points, 3] }), names };
  yield { path: "data.yaml", chunks: [stringify(about)] };
  for (const [i, row] of rows.entries()) {
    yield { path: `labels/${stems[i]}.txt`, chunks: [linesOf(given, row, points ?? 0)] };
  }
}

function linesOf({ set, images }: AnnotationExport, row: number, points: number): string {
  const width = images.width(row);
  const height = images.height(row);
  let text = "";
  for (let at = set.first[row]!; at < set.first[row + 1]!; at++) {
    const box = boxOf(set, at);
    if (box === null) continue;
    const shape = set.shapes?.[at] ?? null;
    const score = set.scores?.[at] ?? Number.NaN;
    const numbers = [set.classOf[at]!, ...placeOf(box, shape, width, height, points)];
    if (!Number.isNaN(score)) numbers.push(score);
    text += `${numbers.map(plainNumber).join(" ")}\n`;
  }
  return text;
}

function placeOf(box: readonly number[], shape: Shape | null, width: number, height: number, points: number): number[] {
  const [x = 0, y = 0, w = 0, h = 0] = box;
  if (shape?.kind === "polygons") {
    return shape.rings.flatMap((ring) => Array.from(ring, (value, i) => value / (i % 2 === 0 ? width : height)));
  }
  const centred = [(x + w / 2) / width, (y + h / 2) / height, w / width, h / height];
  if (points === 0) return centred;
  const pose = Array.from({ length: points }, (_, i) => {
    const [px = Number.NaN, py = Number.NaN, v = Number.NaN] =
      shape?.kind === "keypoints" ? shape.points.subarray(3 * i, 3 * i + 3) : [];
    return Number.isNaN(v) ? [0, 0, 0] : [px / width, py / height, v <= 0.5 ? 1 : 2];
  });
  return [...centred, ...pose.flat()];
}

import type { AnnotationSet, Shape } from "../../annotations/annotationSet.ts";
import {
  type AnnotationExport,
  boxOf,
  type ExportFile,
  inLines,
  jsonList,
  plainNumber,
  xmlText,
} from "./exportFile.ts";

/** Where Label Studio finds files of its own disk; what follows is the path below the folder that it was given. */
const localFiles = "/data/local-files/?d=";

/**
 * Label Studio: `tasks.json`, every image a task with what the set says of it as an annotation or a prediction (an image
 * it says nothing of is a task without), and `config.xml`, the labelling interface that goes with it. Coordinates are
 * percents; a mask is its box.
 */
export function* labelStudioFiles(given: AnnotationExport): Generator<ExportFile> {
  yield { path: "tasks.json", chunks: jsonList(tasks(given)) };
  yield { path: "config.xml", chunks: inLines(configLines(given.set)) };
}

function* tasks({ set, images, rows }: AnnotationExport): Generator<object> {
  for (const row of rows) {
    const path = images.paths[row]!;
    const data = { image: localFiles + path.split("/").map(encodeURIComponent).join("/"), path };
    if (!set.known[row]) {
      yield { data };
      continue;
    }
    const result: object[] = [];
    let least = 1;
    for (let at = set.first[row]!; at < set.first[row + 1]!; at++) {
      const score = set.scores?.[at] ?? Number.NaN;
      if (score < least) least = score;
      const size = { width: images.width(row), height: images.height(row) };
      result.push(...resultsOf(set, at, size, `${row}-${at}`));
    }
    const said = { result, ...(set.role === "predictions" && { model_version: set.name, score: plainNumber(least) }) };
    yield { data, [set.role === "labels" ? "annotations" : "predictions"]: [said] };
  }
}

interface Size {
  width: number;
  height: number;
}

function resultsOf(set: AnnotationSet, at: number, size: Size, id: string): object[] {
  const name = set.classes[set.classOf[at]!]!;
  const score = set.scores?.[at] ?? Number.NaN;
  const result = (type: string, value: object, part = ""): object => ({
    id: id + part,
    from_name: "label",
    to_name: "image",
    type,
    original_width: size.width,
    original_height: size.height,
    image_rotation: 0,
    value,
    ...(!Number.isNaN(score) && { score: plainNumber(score) }),
  });
  const across = (x: number): number => plainNumber((100 * x) / size.width);
  const down = (y: number): number => plainNumber((100 * y) / size.height);
  const shape = set.shapes?.[at] ?? null;
  if (shape?.kind === "polygons") {
    return shape.rings.map((ring, i) =>
      result("polygonlabels", { points: pairs(ring, across, down), closed: true, polygonlabels: [name] }, `-${i}`),
    );
  }
  if (shape?.kind === "keypoints") {
    return pointsOf(shape).map(([x, y], i) =>
      result("keypointlabels", { x: across(x), y: down(y), width: 0.5, keypointlabels: [name] }, `-${i}`),
    );
  }
  const box = boxOf(set, at);
  if (box === null) return [result("choices", { choices: [name] })];
  const [x, y, width, height] = box;
  const place = { x: across(x), y: down(y), width: across(width), height: down(height), rotation: 0 };
  return [result("rectanglelabels", { ...place, rectanglelabels: [name] })];
}

function pairs(ring: Float32Array, across: (x: number) => number, down: (y: number) => number): number[][] {
  return Array.from({ length: ring.length / 2 }, (_, i) => [across(ring[2 * i]!), down(ring[2 * i + 1]!)]);
}

/** The points that are there. */
export function pointsOf({ points }: Extract<Shape, { kind: "keypoints" }>): [number, number][] {
  const all = Array.from({ length: points.length / 3 }, (_, i): [number, number] => [
    points[3 * i]!,
    points[3 * i + 1]!,
  ]);
  return all.filter(([x]) => !Number.isNaN(x));
}

function* configLines({ classes, type, shapes }: AnnotationSet): Generator<string> {
  const kind = shapes?.find((shape) => shape !== null)?.kind;
  const [tag, item] =
    type === "classification"
      ? ["Choices", "Choice"]
      : kind === "polygons"
        ? ["PolygonLabels", "Label"]
        : kind === "keypoints"
          ? ["KeyPointLabels", "Label"]
          : ["RectangleLabels", "Label"];
  yield "<View>";
  yield '  <Image name="image" value="$image"/>';
  yield `  <${tag} name="label" toName="image">`;
  for (const name of classes) yield `    <${item} value="${xmlText(name)}"/>`;
  yield `  </${tag}>`;
  yield "</View>";
}

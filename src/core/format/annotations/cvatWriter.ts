import type { AnnotationSet, Shape } from "../../annotations/annotationSet.ts";
import {
  type AnnotationExport,
  boxOf,
  type ExportFile,
  inLines,
  knownRows,
  plainNumber,
  xmlText,
} from "./exportFile.ts";
import { pointsOf } from "./labelStudioWriter.ts";
import { boxOfRuns, forEachRun } from "./runs.ts";

/** CVAT: `annotations.xml` (CVAT for images 1.1) and `manifest.jsonl`, the list of a cloud storage's images. */
export function* cvatFiles(given: AnnotationExport): Generator<ExportFile> {
  yield { path: "annotations.xml", chunks: inLines(xmlLines(given)) };
  yield { path: "manifest.jsonl", chunks: inLines(manifestLines(given)) };
}

function* xmlLines(given: AnnotationExport): Generator<string> {
  const { set, images } = given;
  yield '<?xml version="1.0" encoding="utf-8"?>';
  yield "<annotations>";
  yield "  <version>1.1</version>";
  yield "  <meta><task><labels>";
  for (const name of set.classes) yield `    <label><name>${xmlText(name)}</name><attributes></attributes></label>`;
  yield "  </labels></task></meta>";
  for (const row of knownRows(given)) {
    const size = `width="${images.width(row)}" height="${images.height(row)}"`;
    yield `  <image id="${row}" name="${xmlText(images.paths[row]!)}" ${size}>`;
    for (let at = set.first[row]!; at < set.first[row + 1]!; at++) yield* elementsOf(set, at);
    yield "  </image>";
  }
  yield "</annotations>";
}

function* elementsOf(set: AnnotationSet, at: number): Generator<string> {
  const source = set.role === "labels" ? "manual" : "auto";
  const about = `label="${xmlText(set.classes[set.classOf[at]!]!)}" source="${source}"`;
  const shape = set.shapes?.[at] ?? null;
  const box = boxOf(set, at);
  if (shape?.kind === "polygons") {
    for (const ring of shape.rings) yield `    <polygon ${about} occluded="0" z_order="0" points="${pairs(ring)}"/>`;
  } else if (shape?.kind === "keypoints") {
    const points = pointsOf(shape).map((point) => point.map(plainNumber).join(","));
    yield `    <points ${about} occluded="0" z_order="0" points="${points.join(";")}"/>`;
  } else if (shape?.kind === "runs") {
    const mask = maskOf(shape);
    if (mask) yield `    <mask ${about} occluded="0" z_order="0" ${mask}/>`;
  } else if (box) {
    const [x, y, width, height] = box;
    const edges = `xtl="${x}" ytl="${y}" xbr="${plainNumber(x + width)}" ybr="${plainNumber(y + height)}"`;
    yield `    <box ${about} occluded="0" z_order="0" ${edges}/>`;
  } else yield `    <tag ${about}/>`;
}

const pairs = (ring: Float32Array): string =>
  Array.from(
    { length: ring.length / 2 },
    (_, i) => `${plainNumber(ring[2 * i]!)},${plainNumber(ring[2 * i + 1]!)}`,
  ).join(";");

/** Run lengths by row inside of the mask's box, beginning with zeros. */
function maskOf(shape: Extract<Shape, { kind: "runs" }>): string | null {
  const box = boxOfRuns(shape);
  if (box === null) return null;
  const [left = 0, top = 0, width = 0, height = 0] = box;
  const lengths: number[] = [];
  let at = 0;
  const run = (start: number, end: number): void => {
    if (start === at && lengths.length > 0) lengths[lengths.length - 1]! += end - start;
    else lengths.push(start - at, end - start);
    at = end;
  };
  forEachRun(shape.counts, (start, end) => {
    // A run that goes on in the next row is cut at the box's edges: it is as wide as the image, and so is the box.
    const place = (pixel: number): number =>
      (Math.floor(pixel / shape.width) - top) * width + (pixel % shape.width) - left;
    run(place(start), place(end - 1) + 1);
  });
  if (at < width * height) lengths.push(width * height - at);
  return `rle="${lengths.join(", ")}" left="${left}" top="${top}" width="${width}" height="${height}"`;
}

function* manifestLines({ images, rows }: AnnotationExport): Generator<string> {
  yield JSON.stringify({ version: "1.1" });
  yield JSON.stringify({ type: "images" });
  for (const row of rows) {
    const path = images.paths[row]!;
    const dot = path.lastIndexOf(".") > path.lastIndexOf("/") + 1 ? path.lastIndexOf(".") : path.length;
    const size = { width: images.width(row), height: images.height(row) };
    yield JSON.stringify({ name: path.slice(0, dot), extension: path.slice(dot), ...size });
  }
}

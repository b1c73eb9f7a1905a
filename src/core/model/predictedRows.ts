import type { AnnotationSet } from "../annotations/annotationSet.ts";
import { AnnotationSetBuilder } from "../annotations/setBuilder.ts";
import { distinctNames } from "../distinctNames.ts";
import { boxesInImage } from "./boxesInImage.ts";
import type { ImagePredictions } from "./imagePredictions.ts";
import { type ModelSpec, squareOf } from "./modelSpec.ts";
import { className, type Predicts } from "./predicts.ts";

/** What a model said of some images, as columns that can be stored. */
export interface PredictedRows {
  rows: Uint32Array;
  /** `rows.length` + 1 places: those of the i-th row are first[i] … first[i + 1]. */
  first: Uint32Array;
  /** By instance. */
  classOf: Uint32Array;
  scores: Float32Array;
  /** By instance: x, y, width, height in pixels of the upright image; null for a classifier. */
  boxes: Float32Array | null;
  /** Instances × classes; null where they exclude nothing, or are too many to keep. */
  probabilities: Float32Array | null;
}

/** An image of a project, and what a model said of it. */
export interface SaidOfImage {
  image: { row: number; width: number; height: number };
  said: ImagePredictions;
}

/** 128 MB of probabilities: more of them would not leave room for anything else. */
const mostProbabilities = 1 << 25;

/** Whether all probabilities of a classifier are kept, or the scores of its likeliest classes alone. */
export const keepsProbabilities = (images: number, classes: number): boolean => images * classes <= mostProbabilities;

/** Columns of what was said of images; boxes are placed in the image, those outside it go. */
export function predictedRows(
  all: readonly SaidOfImage[],
  spec: Pick<ModelSpec, "size" | "resize">,
  keepProbabilities: boolean,
): PredictedRows {
  const first = new Uint32Array(all.length + 1);
  const classOf: number[] = [];
  const scores: number[] = [];
  const boxes: number[] = [];
  const probabilities: Float32Array[] = [];
  for (const [i, { image, said }] of all.entries()) {
    const placed = said.boxes && boxesInImage(said.boxes, image.width, image.height, squareOf(spec));
    for (const at of placed?.at ?? said.classOf.keys()) {
      classOf.push(said.classOf[at]!);
      scores.push(said.scores[at]!);
    }
    if (placed) boxes.push(...placed.boxes);
    if (keepProbabilities && said.probabilities) probabilities.push(said.probabilities);
    first[i + 1] = classOf.length;
  }
  const hasBoxes = all.some(({ said }) => said.boxes !== null);
  return {
    rows: Uint32Array.from(all, ({ image }) => image.row),
    first,
    classOf: Uint32Array.from(classOf),
    scores: Float32Array.from(scores),
    boxes: hasBoxes ? Float32Array.from(boxes) : null,
    probabilities: probabilities.length > 0 ? joined(probabilities) : null,
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const width = parts[0]!.length;
  const all = new Float32Array(parts.length * width);
  for (const [i, part] of parts.entries()) all.set(part, i * width);
  return all;
}

/** The prediction task that a model's predictions are; later parts win over earlier ones. */
export function setOfPredictions(
  parts: readonly PredictedRows[],
  predicts: Predicts,
  about: Pick<AnnotationSet, "id" | "name" | "source">,
): AnnotationSet {
  const most = parts.reduce((max, { classOf }) => classOf.reduce((a, b) => Math.max(a, b + 1), max), 0);
  const width = widthOf(parts);
  const names = Array.from({ length: Math.max(most, width, predicts.classes.length) }, (_, id) =>
    className(predicts, id),
  );
  const distinct = distinctNames(names);
  const builder = new AnnotationSetBuilder(distinct);
  for (const { rows, first, classOf, scores, boxes, probabilities } of parts) {
    for (const [i, row] of rows.entries()) {
      builder.startOver(row);
      for (let at = first[i]!; at < first[i + 1]!; at++) {
        builder.add(row, {
          class: classOf[at]!,
          score: scores[at]!,
          ...(boxes && { box: boxes.subarray(4 * at, 4 * at + 4) }),
          ...(probabilities && { probabilities: probabilities.subarray(at * width, (at + 1) * width) }),
        });
      }
    }
  }
  const type = predicts.kind === "detector" ? "object-detection" : "classification";
  return builder.finish({ ...about, role: "predictions", type });
}

function widthOf(parts: readonly PredictedRows[]): number {
  for (const { probabilities, classOf } of parts) if (probabilities) return probabilities.length / classOf.length;
  return 0;
}

import type { Kernels } from "../../kernels/load.ts";
import { project } from "../linalg/products.ts";
import { type Matrix, matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import type { Classifier } from "./classifier.ts";

/** Classes that are kept of every image, the likeliest first. */
export const keptClasses = 3;

/** What a classifier says of some images. */
export interface Predictions {
  rows: number;
  /** rows × {@link keptClasses}. */
  classes: Uint16Array;
  /** rows × {@link keptClasses}; softmax probability, 0…1. */
  scores: Float32Array;
  /** ln Σ exp(logits) of each row: turns a logit into a probability. */
  logSums: Float32Array;
}

/**
 * Softmax probabilities of the likeliest classes; of equals the lower class comes first.
 * @param features n × classifier.features, finite
 */
export function* predict(kernels: Kernels, classifier: Classifier, features: Matrix): Task<Predictions> {
  const { weights, bias } = classifier;
  const outputs = bias.length;
  const { rows } = features;
  const logits = yield* project(kernels, features, { outputs, weights, offset: bias.map((x) => -x) });
  const classes = new Uint16Array(rows * keptClasses);
  const scores = new Float32Array(rows * keptClasses);
  const logSums = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = logits.subarray(row * outputs, (row + 1) * outputs);
    const top = likeliest(own);
    const most = own[top[0]!]!;
    let sum = 0;
    for (const logit of own) sum += Math.exp(logit - most);
    const logSum = most + Math.log(sum);
    logSums[row] = logSum;
    for (const [place, c] of top.entries()) {
      classes[row * keptClasses + place] = c;
      scores[row * keptClasses + place] = Math.exp(own[c]! - logSum);
    }
    if (row % 256 === 0) yield { done: row, total: rows };
  }
  return { rows, classes, scores, logSums };
}

/** Predictions of rows that follow one another. */
export function joined(parts: readonly Predictions[]): Predictions {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const all: Predictions = {
    rows,
    classes: new Uint16Array(rows * keptClasses),
    scores: new Float32Array(rows * keptClasses),
    logSums: new Float32Array(rows),
  };
  let at = 0;
  for (const { rows, classes, scores, logSums } of parts) {
    all.classes.set(classes, at * keptClasses);
    all.scores.set(scores, at * keptClasses);
    all.logSums.set(logSums, at);
    at += rows;
  }
  return all;
}

/**
 * How likely each image shows any of some classes: the sum of their probabilities, 0…1.
 * @param features n × classifier.features
 * @param logSums of the same rows, from {@link predict}
 */
export function* probabilityOf(
  kernels: Kernels,
  { features: cols, weights, bias }: Classifier,
  wanted: ArrayLike<number>,
  features: Matrix,
  logSums: Float32Array,
): Task<Float32Array> {
  const outputs = wanted.length;
  const own = matrix(new Float32Array(outputs * cols), outputs, cols);
  const offset = new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    const c = wanted[o]!;
    own.data.set(weights.subarray(c * cols, (c + 1) * cols), o * cols);
    offset[o] = -bias[c]!;
  }
  const logits = yield* project(kernels, features, { outputs, weights: own.data, offset });
  return Float32Array.from({ length: features.rows }, (_, row) => {
    let sum = 0;
    for (let o = 0; o < outputs; o++) sum += Math.exp(logits[row * outputs + o]! - logSums[row]!);
    return Math.min(1, sum);
  });
}

/** The places of the largest values, largest first. */
function likeliest(values: Float32Array): number[] {
  const top: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (top.length === keptClasses && !(values[i]! > values[top.at(-1)!]!)) continue;
    const place = top.findIndex((other) => values[i]! > values[other]!);
    top.splice(place < 0 ? top.length : place, 0, i);
    top.length = Math.min(top.length, keptClasses);
  }
  return top;
}

import { WinnowError } from "../errors.ts";
import { readBoxes } from "./detectorBoxes.ts";
import { type ImagePredictions, requireNumber, sigmoid } from "./imagePredictions.ts";
import { floatsOf, type ModelOutput } from "./modelTensors.ts";
import type { ClassifierSpec, Predicts } from "./predicts.ts";

/**
 * Reads the outputs of one run.
 * @param outputs by name: those of `outputsOf(spec)`
 * @param count images of the run
 * @param size side of the square input in pixels
 * @throws WinnowError `model` that says what the outputs look like and what would fit them
 */
export function readPredictions(
  outputs: ReadonlyMap<string, ModelOutput>,
  count: number,
  { output, size, predicts }: { output: string; size: number; predicts: Predicts },
): ImagePredictions[] {
  if (predicts.kind === "detector") return readBoxes(outputs, count, output, size, predicts);
  return readClasses(outputs.get(output), count, output, predicts);
}

function readClasses(
  found: ModelOutput | undefined,
  count: number,
  name: string,
  spec: ClassifierSpec,
): ImagePredictions[] {
  const dims = found?.dims ?? [];
  const values = floatsOf(found?.data);
  const flat = dims.length >= 2 && dims.slice(2).every((dim) => dim === 1);
  if (values === null || dims[0] !== count || !flat) {
    const what = found ? `${found.type} [${dims.join(", ")}]` : "nothing";
    const hint = dims.length === 3 ? " That looks like a detector’s boxes or a transformer’s tokens." : "";
    throw new WinnowError(
      "model",
      `The output “${name}” is ${what}, expected float [N, classes] of a classifier.${hint}`,
    );
  }
  const classes = values.length / count;
  if (spec.classes.length > 0 && spec.classes.length !== classes) {
    throw new WinnowError(
      "model",
      `The model tells ${classes} classes apart and there are ${spec.classes.length} class names: choose the list that belongs to it.`,
    );
  }
  return Array.from({ length: count }, (_, image) =>
    classesOf(values.slice(image * classes, (image + 1) * classes), spec),
  );
}

function classesOf(values: Float32Array, { activation, leastScore }: ClassifierSpec): ImagePredictions {
  for (const value of values) requireNumber(value);
  if (activation === "sigmoid") {
    const all = values.map(sigmoid);
    const said = Array.from(all.keys()).filter((id) => all[id]! >= leastScore);
    const classOf = Uint32Array.from(said.sort((a, b) => all[b]! - all[a]! || a - b));
    return { classOf, scores: Float32Array.from(classOf, (id) => all[id]!), boxes: null, probabilities: null };
  }
  const probabilities = activation === "softmax" ? softmax(values) : asProbabilities(values);
  let best = 0;
  for (let id = 1; id < probabilities.length; id++) if (probabilities[id]! > probabilities[best]!) best = id;
  const said = probabilities[best]! >= leastScore ? [best] : [];
  return {
    classOf: Uint32Array.from(said),
    scores: Float32Array.from(said, (id) => probabilities[id]!),
    boxes: null,
    probabilities: said.length > 0 ? probabilities : null,
  };
}

/** @throws WinnowError `model` for values that are none */
function asProbabilities(values: Float32Array): Float32Array {
  const sum = values.reduce((total, value) => total + value, 0);
  const inside = values.every((value) => value >= -1e-3 && value <= 1.001);
  if (!inside || Math.abs(sum - 1) > 0.01) {
    throw new WinnowError(
      "model",
      `The output’s values are no probabilities: they sum to ${sum.toPrecision(3)}${inside ? "" : " and leave 0…1"}. Choose “softmax” (one class an image) or “sigmoid” (several).`,
    );
  }
  return values.map((value) => Math.max(0, value) / sum);
}

function softmax(values: Float32Array): Float32Array {
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exponents = Float64Array.from(values, (value) => Math.exp(value - most));
  const sum = exponents.reduce((a, b) => a + b, 0);
  return Float32Array.from(exponents, (value) => value / sum);
}

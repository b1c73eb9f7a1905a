import { WinnowError } from "../errors.ts";
import { type OnnxFile, type OnnxValue, shapeText } from "./onnxFile.ts";
import type { ClassifierSpec, DetectorSpec, ModelKind, Predicts } from "./predicts.ts";

/** Usual least scores: detectors give many places that hold nothing. */
const leastDetection = 0.25;
const leastOfSeveral = 0.5;
const usualOverlap = 0.45;
/** Steps, in pixels, of the grids that detectors of the YOLO family look at. */
const strides = [8, 16, 32];
const boxesName = /box|dets\b|locations/i;
const scoresName = /score|conf|logit|prob/i;
const labelsName = /label|class/i;
const classesName = /logit|prob|softmax|class|score/i;
const featuresName = /hidden|embed|token|feature|pool/i;

const isFloat = ({ type }: OnnxValue): boolean => type === "f32" || type === "f16";
const axes = ({ dims }: OnnxValue): number => dims?.length ?? 0;
const sizeOf = ({ dims }: OnnxValue, axis: number): number | null => {
  const size = dims?.at(axis);
  return typeof size === "number" && size > 0 ? size : null;
};

/**
 * What a model is for, by what its file says of itself (`task`, as Ultralytics writes it), its outputs' names and
 * shapes, and the operator that makes them. Where nothing speaks for another kind it is an embedding model.
 * @param classes names that came with the model, if any
 */
export function guessKind(file: OnnxFile, classes: readonly string[] = []): ModelKind {
  const task = file.metadata.get("task") ?? "";
  if (task === "detect" || separateBoxes(file) || file.outputs.some((output) => isPlaces(output, file))) {
    return "detector";
  }
  const rows = file.outputs.filter(
    (output) => isFloat(output) && axes(output) === 2 && !featuresName.test(output.name),
  );
  const tells = (output: OnnxValue): boolean =>
    classesName.test(output.name) ||
    ["Softmax", "Sigmoid"].includes(file.madeBy?.get(output.name) ?? "") ||
    (classes.length > 0 && sizeOf(output, 1) === classes.length);
  // With a map or tokens beside it, it is the features that somebody took the trouble to export.
  if (task === "classify" || (file.outputs.length === 1 && rows.some(tells))) return "classifier";
  return "embedding";
}

/** What a classifier or detector says, and which of its outputs: the likeliest reading of its shapes. */
export function guessPredicts(
  file: OnnxFile,
  kind: Exclude<ModelKind, "embedding">,
  classes: readonly string[],
  model: string,
): { output: string; predicts: Predicts } {
  const found = kind === "classifier" ? guessClassifier(file, classes) : guessDetector(file, classes);
  if (found) return found;
  const outputs = file.outputs.map((value) => `${value.name} ${value.type} [${shapeText(value)}]`).join(", ");
  throw new WinnowError(
    "model",
    kind === "classifier"
      ? `“${model}” is no classifier: expected an output [N, classes], found ${outputs}.`
      : `“${model}” is no detector that Winnow can read: expected boxes, scores and labels, or one output [N, 4 + classes, places] or [N, places, 6], found ${outputs}.`,
    { file: model },
  );
}

function guessClassifier(
  file: OnnxFile,
  classes: readonly string[],
): { output: string; predicts: ClassifierSpec } | null {
  const fits = file.outputs.filter((output) => isFloat(output) && (axes(output) === 2 || output.dims === null));
  const output = fits.find(({ name }) => classesName.test(name)) ?? fits[0];
  if (!output) return null;
  const maker = file.madeBy?.get(output.name) ?? "";
  const isProbability = maker === "Softmax" || /prob|softmax/i.test(output.name);
  const activation = isProbability || maker === "Sigmoid" ? "none" : "softmax";
  const several = maker === "Sigmoid";
  return {
    output: output.name,
    predicts: {
      kind: "classifier",
      classes: fittingNames(classes, sizeOf(output, 1)),
      activation: several ? "sigmoid" : activation,
      leastScore: several ? leastOfSeveral : 0,
    },
  };
}

function guessDetector(file: OnnxFile, classes: readonly string[]): { output: string; predicts: DetectorSpec } | null {
  const usual = {
    kind: "detector",
    activation: "none",
    unit: "pixels",
    objectness: false,
    background: "none",
  } as const;
  const separate = separateBoxes(file);
  if (separate) {
    const { boxes, scores, labels } = separate;
    // DETR and its family: logits of every class for boxes in shares of the image.
    const queries = !labels && /logit/i.test(scores.name);
    return {
      output: boxes.name,
      predicts: {
        ...usual,
        layout: "boxes",
        classes: [...classes],
        activation: queries ? "softmax" : "none",
        background: queries ? "last" : "none",
        corners: queries ? "cxcywh" : "xyxy",
        unit: queries ? "fractions" : "pixels",
        scores: scores.name,
        ...(labels && { labels: labels.name }),
        leastScore: leastDetection,
        overlap: 1,
      },
    };
  }
  const output = file.outputs.find((value) => isFloat(value) && axes(value) === 3);
  if (!output) return null;
  if (sizeOf(output, 2) === 6 && classes.length !== 2) {
    return {
      output: output.name,
      predicts: {
        ...usual,
        layout: "rows",
        corners: "xyxy",
        classes: [...classes],
        leastScore: leastDetection,
        overlap: 1,
      },
    };
  }
  const sides = [sizeOf(output, 1), sizeOf(output, 2)].filter((size) => size !== null);
  const width = sides.length > 0 ? Math.min(...sides) : null;
  const objectness = classes.length > 0 && width === 5 + classes.length;
  return {
    output: output.name,
    predicts: {
      ...usual,
      layout: "yolo",
      corners: "cxcywh",
      objectness,
      classes: fittingNames(classes, width === null ? null : width - (objectness ? 5 : 4)),
      leastScore: leastDetection,
      overlap: usualOverlap,
    },
  };
}

/** Names that cannot be those of this model's classes are none. */
const fittingNames = (classes: readonly string[], count: number | null): string[] =>
  count === null || classes.length === count ? [...classes] : [];

/** Outputs called boxes and scores, with labels or without. */
function separateBoxes({ outputs }: OnnxFile): { boxes: OnnxValue; scores: OnnxValue; labels?: OnnxValue } | null {
  const boxes = outputs.find(
    (output) =>
      boxesName.test(output.name) && (output.dims === null || sizeOf(output, -1) === 4 || sizeOf(output, -1) === null),
  );
  const rest = outputs.filter((output) => output !== boxes);
  const labels = rest.find((output) => labelsName.test(output.name) && !isFloat(output));
  const scores = rest.find((output) => scoresName.test(output.name) && isFloat(output));
  if (!boxes || !scores) return null;
  return labels ? { boxes, scores, labels } : { boxes, scores };
}

/** An output with as many places as the grids of a YOLO have for the model's input. */
function isPlaces(output: OnnxValue, { inputs }: OnnxFile): boolean {
  if (!isFloat(output) || axes(output) !== 3 || featuresName.test(output.name)) return false;
  const sides = (inputs[0]?.dims ?? []).filter((dim): dim is number => typeof dim === "number" && dim >= 32);
  const [height, width = height] = sides;
  const counts = [sizeOf(output, 1), sizeOf(output, 2)];
  if (height === undefined || width === undefined) return counts.some((count) => count !== null && count >= 1_000);
  const places = strides.reduce((sum, stride) => sum + Math.floor(height / stride) * Math.floor(width / stride), 0);
  return counts.some((count) => count === places || count === 3 * places);
}

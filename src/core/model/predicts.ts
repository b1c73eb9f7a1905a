import * as v from "valibot";

/** What a model is for. The first gives features, the others say something of an image: a prediction task. */
export const modelKinds = ["embedding", "classifier", "detector"] as const;
export type ModelKind = (typeof modelKinds)[number];

/** How raw outputs become probabilities; “none”: they are some already. */
export const activations = ["none", "softmax", "sigmoid"] as const;

/**
 * How a detector gives its boxes:
 * - “yolo”: one output [N, 4 + C, A] or [N, A, 4 + C], a box and one score a class for each of A places; with
 *   `objectness` 5 + C, and scores are multiplied by it;
 * - “boxes”: boxes [(N,) A, 4], scores [(N,) A] with labels [(N,) A], or scores [(N,) A, C];
 * - “rows”: one output [(N,) A, 6]: four corners, score, class.
 */
export const boxLayouts = ["yolo", "boxes", "rows"] as const;

/** What the four numbers of a box are. */
export const boxCorners = ["xyxy", "cxcywh", "xywh"] as const;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** In the order of the model's outputs; those past its end are called “class 12”. */
const classes = v.pipe(v.array(name), v.maxLength(100_000));

const classifierSchema = v.strictObject({
  kind: v.literal("classifier"),
  classes,
  activation: v.picklist(activations),
  /** Classes under it are not said. With “sigmoid” an image can have several classes, otherwise its likeliest only. */
  leastScore: share,
});

const detectorSchema = v.strictObject({
  kind: v.literal("detector"),
  classes,
  layout: v.picklist(boxLayouts),
  activation: v.picklist(activations),
  corners: v.picklist(boxCorners),
  /** Of the model's square input. */
  unit: v.picklist(["pixels", "fractions"]),
  /** Only with “yolo”. */
  objectness: v.boolean(),
  /** Outputs of “boxes”; `labels` is left out where scores have an axis of classes. */
  scores: v.exactOptional(name),
  labels: v.exactOptional(name),
  /** A class that means nothing: no. 0, or the last one. */
  background: v.picklist(["none", "first", "last"]),
  leastScore: share,
  /** Of boxes of one class that overlap more than this (intersection over union) the best stays; 1: all stay. */
  overlap: share,
});

export const predictsSchema = v.variant("kind", [classifierSchema, detectorSchema]);
/** What a model says of an image, and how to read it from its outputs. */
export type Predicts = v.InferOutput<typeof predictsSchema>;
export type ClassifierSpec = v.InferOutput<typeof classifierSchema>;
export type DetectorSpec = v.InferOutput<typeof detectorSchema>;

export const kindOf = ({ predicts }: { predicts?: Predicts }): ModelKind => predicts?.kind ?? "embedding";

/** The outputs that are wanted of a run, the spec's own first. */
export function outputsOf({ output, predicts }: { output: string; predicts?: Predicts }): string[] {
  if (predicts?.kind !== "detector" || predicts.layout !== "boxes") return [output];
  return [output, predicts.scores, predicts.labels].filter((one) => one !== undefined);
}

/** A class's name; a number stands in where there are too few names. */
export const className = ({ classes }: Pick<Predicts, "classes">, id: number): string => classes[id] ?? `class ${id}`;

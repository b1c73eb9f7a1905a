import { WinnowError } from "../errors.ts";
import { classNamesIn } from "./classNames.ts";
import { guessKind, guessPredicts } from "./guessPredicts.ts";
import { imagePart, isImage } from "./imagePart.ts";
import { type ModelSpec, normalisations, scaled } from "./modelSpec.ts";
import { type OnnxFile, type OnnxValue, shapeText } from "./onnxFile.ts";
import type { ModelKind } from "./predicts.ts";

/** Where a model takes any size, and nothing says which. */
const usualSize = 224;
const usualDetectorSize = 640;
/** What exporters call the row of numbers that stands for an image, the likeliest first. */
const featureNames = [/^(image_)?embed/i, /pooler|pooled/i, /feature/i, /last_hidden_state/i, /hidden|token/i];

/**
 * What a model's shapes suggest, and the `preprocessor_config.json` beside it where there is one (the convention of
 * Hugging Face). Everything can be wrong that shapes do not show: colours' order, mean and scale.
 * @param whole of a file with two towers the one of images counts
 * @param name the model file's, for messages
 * @param known what a person says of it; class names are otherwise those in its file, its kind is guessed
 * @throws WinnowError `model` when no input takes images, or no output can stand for one
 */
export function guessSpec(
  whole: OnnxFile,
  name: string,
  preprocessor: unknown = null,
  known: { kind?: ModelKind; classes?: readonly string[] } = {},
): ModelSpec {
  const file = imagePart(whole);
  const input = file.inputs.find(isImage);
  if (!input || file.inputs.length !== 1) {
    const found = file.inputs.map((value) => `${value.name} ${value.type} [${shapeText(value)}]`).join(", ");
    throw new WinnowError(
      "model",
      input
        ? `“${name}” wants more than an image: ${found}. Export its image tower alone.`
        : `“${name}” takes no images: expected one input [N, 3, height, width] or [N, height, width, 3], found ${found || "none"}.`,
      { file: name },
    );
  }
  const { classes = classNamesIn(file.metadata) } = known;
  const kind = known.kind ?? guessKind(file, classes);
  const said = kind === "embedding" ? null : guessPredicts(file, kind, classes, name);
  const output = said ?? likeliestOutput(file.outputs);
  if (!output) {
    const found = file.outputs.map((value) => `${value.name} ${value.type} [${shapeText(value)}]`).join(", ");
    throw new WinnowError("model", `“${name}” gives no features: expected numbers for each image, found ${found}.`, {
      file: name,
    });
  }
  const layout = input.dims?.[1] === 3 || input.dims === null ? "NCHW" : "NHWC";
  const sides = (layout === "NCHW" ? input.dims?.slice(2, 4) : input.dims?.slice(1, 3)) ?? [];
  const fixed = sides.find((side) => typeof side === "number" && side > 0) as number | undefined;
  const type = input.type as ModelSpec["type"];
  const isDetector = kind === "detector";
  const usual = normalisations[type === "u8" ? "0 to 255" : isDetector ? "0 to 1" : "ImageNet"];
  const common = {
    input: input.name,
    size: fixed ?? (isDetector ? usualDetectorSize : usualSize),
    ...scaled(usual.mean, usual.std),
    channels: "RGB" as const,
    layout: layout as ModelSpec["layout"],
    type,
    // A centred square would hide what lies beside it.
    resize: isDetector ? ("letterbox" as const) : ("crop" as const),
  };
  const guess: ModelSpec =
    "predicts" in output
      ? { ...common, output: output.output, pooling: "none", predicts: output.predicts }
      : { ...common, output: output.name, pooling: poolingOf(output) };
  return preprocessor === null ? guess : { ...guess, ...fromPreprocessor(preprocessor, fixed) };
}

/** One that is called like features before one that is not, short rows before maps and tokens. */
function likeliestOutput(outputs: readonly OnnxValue[]): OnnxValue | undefined {
  const usable = outputs.filter(({ type, dims }) => (type === "f32" || type === "f16") && (dims?.length ?? 2) >= 2);
  const rank = (value: OnnxValue): number => {
    const named = featureNames.findIndex((pattern) => pattern.test(value.name));
    return (named < 0 ? featureNames.length : named) * 10 + (value.dims?.length ?? 2);
  };
  return [...usable].sort((a, b) => rank(a) - rank(b))[0];
}

/** As the number of axes says: [N, C] is ready, [N, T, C] are tokens, four axes are a map. */
export function poolingOf({ dims }: OnnxValue): ModelSpec["pooling"] {
  if (dims?.length === 4) return "mean";
  return dims?.length === 3 ? "cls" : "none";
}

/** The parts of a `preprocessor_config.json` that matter; what is not there, or no number, is left to the guess. */
function fromPreprocessor(value: unknown, fixed: number | undefined): Partial<ModelSpec> {
  if (typeof value !== "object" || value === null) return {};
  const config = value as Record<string, unknown>;
  const found: Partial<ModelSpec> = {};
  const size = sideOf(config.crop_size) ?? sideOf(config.size);
  if (size !== undefined && fixed === undefined) found.size = size;
  const triple = (list: unknown): number[] | null => {
    const numbers = typeof list === "number" ? [list, list, list] : list;
    const good = Array.isArray(numbers) && numbers.length === 3 && numbers.every((entry) => Number.isFinite(entry));
    return good ? (numbers as number[]) : null;
  };
  const normalise = config.do_normalize !== false;
  const mean = normalise ? triple(config.image_mean) : [0, 0, 0];
  const std = normalise ? triple(config.image_std) : [1, 1, 1];
  const factor = config.do_rescale === false ? 1 : Number(config.rescale_factor ?? 1 / 255);
  if (mean && std && Number.isFinite(factor) && factor > 0 && std.every((entry) => entry > 0)) {
    // (value · factor − mean) / std = (value − mean / factor) · factor / std
    found.mean = mean.map((entry) => entry / factor);
    found.scale = std.map((entry) => factor / entry);
  }
  if (config.do_center_crop === false) found.resize = config.do_pad === true ? "letterbox" : "squash";
  return found;
}

/** Of `224`, `{"height": 224}`, `{"shortest_edge": 224}`. */
function sideOf(value: unknown): number | undefined {
  const of = value as { height?: unknown; shortest_edge?: unknown } | null;
  const side = typeof value === "object" ? (of?.height ?? of?.shortest_edge) : value;
  return typeof side === "number" && Number.isInteger(side) && side >= 16 && side <= 2_048 ? side : undefined;
}

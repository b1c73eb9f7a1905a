import * as v from "valibot";
import { WinnowError } from "../errors.ts";
import { type InputSquare, resizeModes } from "../image/modelInput.ts";
import { predictsSchema } from "./predicts.ts";

/**
 * How an output becomes one row of numbers: as it is, the mean over space ([N, C, H, W] or [N, H, W, C]), the first
 * token ([N, T, C]), or the mean of all tokens.
 */
export const poolings = ["none", "mean", "cls", "tokens"] as const;
export const elementTypes = ["f32", "f16", "u8"] as const;

const channel = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.length(3));
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));

export const modelSpecSchema = v.strictObject({
  /** Names in the model's file. */
  input: text,
  output: text,
  /** Side of the square input in pixels. */
  size: v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(2_048)),
  /** input = (value − mean) · scale for 8-bit values, in the order of `channels`. */
  mean: channel,
  scale: channel,
  channels: v.picklist(["RGB", "BGR"]),
  layout: v.picklist(["NCHW", "NHWC"]),
  type: v.picklist(elementTypes),
  resize: v.picklist(resizeModes),
  pooling: v.picklist(poolings),
  /** Absent: its output is an embedding. */
  predicts: v.exactOptional(predictsSchema),
});

/** All that must be known to turn images into a model's features: what a preprocessing file holds. */
export type ModelSpec = v.InferOutput<typeof modelSpecSchema>;

/** Usual mean and spread of pixel values, for value / 255. */
export const normalisations = {
  ImageNet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  CLIP: { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] },
  "−1 to 1": { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  "0 to 1": { mean: [0, 0, 0], std: [1, 1, 1] },
  "0 to 255": { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] },
} as const satisfies Record<string, { mean: readonly number[]; std: readonly number[] }>;

export type Normalisation = keyof typeof normalisations;

/** Mean and scale of 8-bit values for a mean and spread of value / 255. */
export const scaled = (mean: readonly number[], std: readonly number[]): Pick<ModelSpec, "mean" | "scale"> => ({
  mean: mean.map((value) => value * 255),
  scale: std.map((value) => 1 / (255 * value)),
});

/** The usual name of a mean and scale; null for others. */
export function normalisationOf({ mean, scale }: Pick<ModelSpec, "mean" | "scale">): Normalisation | null {
  const near = (a: readonly number[], b: readonly number[]) =>
    a.every((value, i) => Math.abs(value - b[i]!) < 1e-3 * Math.max(1e-3, Math.abs(b[i]!)));
  const found = Object.entries(normalisations).find(([, { mean: m, std }]) => {
    const usual = scaled(m, std);
    return near(usual.mean, mean) && near(usual.scale, scale);
  });
  return (found?.[0] as Normalisation | undefined) ?? null;
}

/**
 * A spec from outside: a preprocessing file, a project folder.
 * @throws WinnowError `config` that names the key, what was expected and what was found
 */
export function readModelSpec(value: unknown, name: string): ModelSpec {
  const parsed = v.safeParse(modelSpecSchema, value);
  if (parsed.success) {
    const bad = parsed.output.scale.indexOf(0);
    if (bad < 0) return parsed.output;
    throw new WinnowError("config", `“${name}”: scale is 0 for channel ${bad + 1}, so that all images are alike.`);
  }
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  throw new WinnowError(
    "config",
    path === null || issue.path === undefined
      ? `“${name}” is no preprocessing file: expected an object with ${Object.keys(modelSpecSchema.entries).join(", ")}.`
      : issue.received === "undefined"
        ? `“${name}” lacks “${path}”: expected ${issue.expected}.`
        : `“${name}”: “${path}” should be ${issue.expected ?? "another"}, found ${issue.received}. It knows ${Object.keys(modelSpecSchema.entries).join(", ")}.`,
  );
}

/** The square that decoding makes of an image. */
export const squareOf = ({ size, resize }: Pick<ModelSpec, "size" | "resize">): InputSquare => ({ size, resize });

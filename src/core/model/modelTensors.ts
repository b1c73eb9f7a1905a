import { WinnowError } from "../errors.ts";
import { decodeFloat16, encodeFloat16 } from "../float16.ts";
import type { ModelSpec } from "./modelSpec.ts";

/** Images as a model takes them. */
export interface ImageTensor {
  /** As onnxruntime calls it. */
  type: "float32" | "float16" | "uint8";
  data: Float32Array | Uint16Array | Uint8Array;
  dims: [number, number, number, number];
}

/**
 * Images of size × size × 3 interleaved RGB bytes each, as a spec wants them: (value − mean) · scale, in its order of
 * colours and axes.
 * @throws WinnowError `shape` for another number of bytes
 */
export function imageTensor(rgb: Uint8Array, count: number, spec: ModelSpec): ImageTensor {
  const { size, layout, type, channels } = spec;
  const pixels = size * size;
  if (rgb.length !== count * pixels * 3) {
    throw new WinnowError("shape", `expected ${count * pixels * 3} bytes of pixels, got ${rgb.length}`);
  }
  const values = type === "u8" ? new Uint8Array(rgb.length) : new Float32Array(rgb.length);
  const [pixelStep, channelStep] = layout === "NHWC" ? [3, 1] : [1, pixels];
  for (let channel = 0; channel < 3; channel++) {
    const level = levels(spec, channel);
    const from = channels === "BGR" ? 2 - channel : channel;
    for (let image = 0; image < count; image++) {
      const base = image * 3 * pixels;
      let to = base + channel * channelStep;
      for (let p = 0; p < pixels; p++, to += pixelStep) values[to] = level[rgb[base + 3 * p + from]!]!;
    }
  }
  return {
    type: ({ f32: "float32", f16: "float16", u8: "uint8" } as const)[type],
    data: type === "f16" ? encodeFloat16(values as Float32Array) : values,
    dims: layout === "NHWC" ? [count, size, size, 3] : [count, 3, size, size],
  };
}

/** What each 8-bit value becomes in a channel of the model's order. */
function levels({ mean, scale, type }: ModelSpec, channel: number): Float32Array | Uint8Array {
  const level = (value: number): number => (value - mean[channel]!) * scale[channel]!;
  return type === "u8"
    ? Uint8Array.from({ length: 256 }, (_, value) => Math.min(255, Math.max(0, Math.round(level(value)))))
    : Float32Array.from({ length: 256 }, (_, value) => level(value));
}

/** An output as onnxruntime gives it. */
export interface ModelOutput {
  type: string;
  dims: readonly number[];
  data: unknown;
}

/**
 * One row of numbers for each image, f32 count × D.
 * @param layout of the model's axes, for the mean over space
 * @throws WinnowError `model` for an output that is no such thing, or a number that is not finite
 */
export function pooledRows(
  output: ModelOutput | undefined,
  count: number,
  { pooling, layout, output: name }: Pick<ModelSpec, "pooling" | "layout" | "output">,
): Float32Array {
  const dims = output?.dims ?? [];
  const values = floatsOf(output?.data);
  const wanted = { none: "[N, D]", mean: "[N, D, height, width]", cls: "[N, tokens, D]", tokens: "[N, tokens, D]" };
  const axes = { none: 2, mean: 4, cls: 3, tokens: 3 }[pooling];
  // Axes of length 1 at the end are none: [N, D, 1, 1] is [N, D].
  const fits = pooling === "none" ? dims.slice(2).every((dim) => dim === 1) : dims.length === axes;
  if (values === null || dims[0] !== count || dims.length < 2 || !fits) {
    const found = output ? `${output.type} [${dims.join(", ")}]` : "nothing";
    throw new WinnowError("model", `The model's output “${name}” is ${found}, expected float ${wanted[pooling]}.`);
  }
  const rows = pooling === "none" ? values.slice() : pool(values, dims, pooling, layout);
  const cols = rows.length / count;
  for (let i = 0; i < rows.length; i++) {
    if (!Number.isFinite(rows[i])) {
      throw new WinnowError("model", "The model gave a value that is not a number.", { image: Math.floor(i / cols) });
    }
  }
  return rows;
}

/**
 * All values of an output, in equal shares for the images.
 * @throws WinnowError `model` for an output without numbers
 */
export function flatRows(
  output: ModelOutput | undefined,
  _count: number,
  { output: name }: Pick<ModelSpec, "output">,
): Float32Array {
  const values = floatsOf(output?.data);
  if (values) return values;
  throw new WinnowError("model", `The model's output “${name}” is ${output?.type ?? "nothing"}, expected float.`);
}

function pool(
  values: Float32Array,
  dims: readonly number[],
  pooling: Exclude<ModelSpec["pooling"], "none">,
  layout: ModelSpec["layout"],
): Float32Array {
  const [count = 0] = dims;
  const planar = pooling === "mean" && layout === "NCHW";
  const cols = planar ? dims[1]! : dims.at(-1)!;
  const places = values.length / count / cols;
  const used = pooling === "cls" ? 1 : places;
  const rows = new Float32Array(count * cols);
  for (let image = 0; image < count; image++) {
    const base = image * cols * places;
    for (let c = 0; c < cols; c++) {
      let sum = 0;
      for (let p = 0; p < used; p++) sum += values[base + (planar ? c * places + p : p * cols + c)]!;
      rows[image * cols + c] = sum / used;
    }
  }
  return rows;
}

/** f32 of f32 or f16, which runtimes give as bits or, where there is one, as a Float16Array; null for anything else. */
export function floatsOf(data: unknown): Float32Array | null {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return decodeFloat16(data);
  const half = (globalThis as { Float16Array?: new (n: number) => ArrayLike<number> }).Float16Array;
  return half && data instanceof half ? Float32Array.from(data as ArrayLike<number>) : null;
}

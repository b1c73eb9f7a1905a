import { augmentedViews, type ViewsWanted } from "./augmentedViews.ts";
import { type Box, type Pixels, resizeBicubic } from "./resample.ts";

/**
 * The whole factor by which an image may be box-averaged before the last resize without a visible difference: the
 * shorter side stays at least twice the model's.
 */
export function reduceFactor(width: number, height: number, size: number): number {
  return Math.max(1, Math.floor(Math.min(width, height) / (2 * size)));
}

/** How an image becomes a square: its centred square, the whole image squeezed, or the whole image on a border. */
export const resizeModes = ["crop", "squash", "letterbox"] as const;
export type ResizeMode = (typeof resizeModes)[number];

/** The border of a letterbox: what detectors are trained with. */
const borderGrey = 114;

/** How pixels become a model's square input. */
export interface InputSquare {
  /** Side in pixels. */
  size: number;
  /** Default: the centred square of the shorter side. */
  resize?: ResizeMode;
  /** Instead: this many random views of the image, one after the other. */
  views?: ViewsWanted;
}

/**
 * Model input: the part of the image that the mode takes, resized to `size` × `size`.
 * @param pixels the image, or the image after a box reduction by `factor`
 * @param width of the image before any reduction
 * @param height of the image before any reduction
 * @returns interleaved RGB, size · size · 3 bytes; of views, as many as there are of them
 */
export function modelInput(
  pixels: Pixels,
  width: number,
  height: number,
  factor: number,
  { size, resize = "crop", views }: InputSquare,
): Uint8Array {
  if (views) return augmentedViews(pixels, width / factor, height / factor, size, views);
  if (resize === "crop") {
    const side = Math.min(width, height);
    const box: Box = {
      // Whole pixels: half a pixel off costs 0.002 of cosine to the reference, which crops first.
      left: Math.floor((width - side) / 2) / factor,
      top: Math.floor((height - side) / 2) / factor,
      width: side / factor,
      height: side / factor,
    };
    return resizeBicubic(pixels, box, size, size);
  }
  const whole: Box = { left: 0, top: 0, width: width / factor, height: height / factor };
  if (resize === "squash") return resizeBicubic(pixels, whole, size, size);
  const place = letterbox(width, height, size);
  const inner = resizeBicubic(pixels, whole, place.width, place.height);
  const out = new Uint8Array(size * size * 3).fill(borderGrey);
  for (let row = 0; row < place.height; row++) {
    const from = row * place.width * 3;
    out.set(inner.subarray(from, from + place.width * 3), ((place.top + row) * size + place.left) * 3);
  }
  return out;
}

/** Where the whole image lies in a square of `size`, in whole pixels. */
export function letterbox(
  width: number,
  height: number,
  size: number,
): { left: number; top: number; width: number; height: number } {
  const scale = size / Math.max(width, height);
  const inner = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  return { ...inner, left: Math.floor((size - inner.width) / 2), top: Math.floor((size - inner.height) / 2) };
}

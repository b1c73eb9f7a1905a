import { WinnowError } from "../errors.ts";

/** What a model says of one image. */
export interface ImagePredictions {
  /** By instance: index into the spec's classes. */
  classOf: Uint32Array;
  /** By instance, 0…1. */
  scores: Float32Array;
  /** By instance: x, y, width, height in pixels of the model's square input; null for a classifier. */
  boxes: Float32Array | null;
  /** One a class, summing to 1: of a classifier whose classes exclude each other; null otherwise. */
  probabilities: Float32Array | null;
}

export const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** @throws WinnowError `model` */
export function requireNumber(value: number): void {
  if (!Number.isFinite(value)) throw new WinnowError("model", "The model gave a value that is not a number.");
}

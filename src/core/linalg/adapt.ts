import type { Kernels } from "../../kernels/load.ts";
import { WinnowError } from "../errors.ts";
import { decodeFloat16 } from "../float16.ts";
import { type Matrix, matrix } from "../matrix.ts";
import { Random } from "../random.ts";
import { type Drive, type Progress, runToEnd, type Task } from "../task.ts";
import { applyHead, fitHead, type Head, type HeadSettings } from "./head.ts";
import type { AugmentedViews } from "./separatingDirections.ts";

/** Rows that the head is fitted on at most: more do not make it better. */
const sampleRows = 20_000;

/** Features of consecutive rows, rows × cols: half floats as bits, or f32. */
export interface FeatureRows {
  firstRow: number;
  rows: number;
  cols: number;
  data: Uint16Array | Float32Array;
}

/** All features of a project, in row order; may be read more than once. */
export interface Features {
  /** Rows that count; chunks of later rows are not looked at. */
  total: number;
  /** They may be negative. */
  signed: boolean;
  /** False while more images are on their way. */
  complete: boolean;
  /** @param from first row that is wanted; a chunk may begin before it */
  chunks(from?: number): AsyncIterable<FeatureRows>;
  /** Chunks that hold some rows, which ascend, each once; absent where only all can be read. */
  some?(rows: Uint32Array): AsyncIterable<FeatureRows>;
  /** Augmented views of up to so many images; null, or absent, where there are none. */
  views?(images: number): Promise<AugmentedViews | null>;
}

/** Embeddings with what made them. */
export interface Embedding {
  head: Head;
  /** What it was fitted with: `augmented` says of how many images there were views. */
  settings: HeadSettings;
  /** Images of the project when the head was fitted; 0 when more were on their way to it. */
  fittedTotal: number;
  /** L2-normalised, total × head.dim. */
  embeddings: Matrix;
}

/**
 * Fits the head on a fixed random sample of at most 20,000 rows and embeds every row with it, a chunk at a time. The
 * same features give the same embedding, whatever their chunks. Where augmented views are wanted and there are none, it is
 * fitted without, and its settings say so.
 * @throws WinnowError `empty` when there are no features, `shape` for a value that is not finite
 */
export async function adapt(
  kernels: Kernels,
  features: Features,
  { augmented = 0, ...plain }: HeadSettings,
  drive: Drive,
): Promise<Embedding> {
  const { total, signed } = features;
  const sample = await sampleOf(features);
  const views = plain.method === "head" && augmented > 0 ? ((await features.views?.(augmented)) ?? null) : null;
  const head = await drive(fitHead(kernels, sample, { ...plain, signedRoot: signed, views }));
  const settings = views ? { ...plain, augmented: views.features.rows / views.perImage } : plain;
  const embeddings = matrix(new Float32Array(total * head.dim), total, head.dim);
  await embedRows(kernels, head, features, 0, embeddings, drive);
  return { head, settings, embeddings, fittedTotal: features.complete ? total : 0 };
}

/** The same head's embedding of images that came later; the rows that are there stay as they are. */
export async function extended(
  kernels: Kernels,
  embedding: Embedding,
  features: Features,
  drive: Drive,
): Promise<Embedding> {
  const { head, embeddings: before } = embedding;
  const { total } = features;
  const embeddings = matrix(new Float32Array(total * head.dim), total, head.dim);
  embeddings.data.set(before.data);
  await embedRows(kernels, head, features, before.rows, embeddings, drive);
  return { ...embedding, embeddings };
}

/** Embeds the rows from `from` on into `to`. */
async function embedRows(
  kernels: Kernels,
  head: Head,
  features: Features,
  from: number,
  to: Matrix,
  drive: Drive,
): Promise<void> {
  const { total } = features;
  for await (const { firstRow, rows, cols, data } of features.chunks(from)) {
    const skipped = Math.max(0, from - firstRow);
    // Images that arrived during the fit wait for the next one: the same images give the same embedding.
    const end = Math.min(rows, total - firstRow);
    if (end <= 0) break;
    if (end <= skipped) continue;
    const values = matrix(decoded(data.subarray(skipped * cols, end * cols)), end - skipped, cols);
    const embedded = await drive(embedChunk(kernels, head, values, { done: firstRow + end, total }));
    to.data.set(embedded.data, (firstRow + skipped) * head.dim);
  }
}

/** Its progress is that of all chunks together. */
function* embedChunk(kernels: Kernels, head: Head, features: Matrix, after: Progress): Task<Matrix> {
  const embedded = runToEnd(applyHead(kernels, head, features));
  yield after;
  return embedded;
}

/** A fixed random sample, in row order; the same rows for the same project every time. */
async function sampleOf({ total, chunks }: Features): Promise<Matrix> {
  if (total === 0) throw new WinnowError("empty", "There are no images to compare yet.");
  const chosen = total <= sampleRows ? null : Uint32Array.from(new Random(1).sample(total, sampleRows)).sort();
  const rows = chosen?.length ?? total;
  let data: Float32Array | null = null;
  let cols = 0;
  let taken = 0;
  for await (const chunk of chunks()) {
    if (chunk.cols === 0) {
      throw new WinnowError("empty", "This project came without its features, so its embedding cannot be changed.");
    }
    data ??= new Float32Array(rows * chunk.cols);
    cols = chunk.cols;
    for (let i = 0; i < chunk.rows && taken < rows; i++) {
      if (chosen !== null && chosen[taken] !== chunk.firstRow + i) continue;
      data.set(decoded(chunk.data.subarray(i * cols, (i + 1) * cols)), taken * cols);
      taken++;
    }
  }
  if (data === null || taken !== rows) {
    throw new WinnowError("storage", `expected ${rows} rows of features, got ${taken}`);
  }
  return matrix(data, rows, cols);
}

/** Features as they are stored, as f32. */
export const decoded = (values: Uint16Array | Float32Array): Float32Array =>
  values instanceof Float32Array ? values : decodeFloat16(values);

import sharp from "sharp";
import { isWinnowError } from "../core/errors.ts";
import { BoxReducer } from "../core/image/boxReduce.ts";
import { type InputSquare, modelInput, reduceFactor } from "../core/image/modelInput.ts";
import { explainFailure, isLarge, refusal, structuralFault, unknownContent } from "../core/image/readProblem.ts";
import type { Pixels } from "../core/image/resample.ts";
import { type Sniffed, sniff } from "../core/image/sniff.ts";
import { Measurer } from "../core/quality/measurer.ts";
import type { ImageMeasures } from "../core/quality/measures.ts";
import { captureTime } from "../decode/captureTime.ts";
import { type Kernels, loadKernels } from "../kernels/load.ts";
import type { DecodeOutcome, DecodeRequest } from "../protocol/decoding.ts";
import { sha256Of } from "./nodeFolder.ts";
import { rasterOf } from "./raster.ts";

/** Longest side of a stored thumbnail in pixels, as in the page. */
const thumbnailSide = 192;

// Many images at once keep the processor busy; several threads for one image would only get in their way.
sharp.concurrency(1);
sharp.cache(false);

/** On this thread alone: each image is measured as soon as it is decoded. */
let kernels: Promise<Kernels> | null = null;
/** Large images one after the other: several at a time would not fit into memory. */
let largeOnes: Promise<unknown> = Promise.resolve();

/**
 * What the page's decoder does, with sharp and decoders of our own: orientation from EXIF, transparency on white, no
 * colour conversion, the same resize to the model's size.
 */
export async function decodeWithSharp({ file, path, ...square }: DecodeRequest): Promise<DecodeOutcome> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const sniffed = sniff(bytes);
  if (sniffed === null) {
    const reason = unknownContent(bytes, path);
    return reason === null ? { kind: "ignored" } : { kind: "problem", reason };
  }
  const refused = refusal(sniffed) ?? structuralFault(bytes, sniffed);
  if (refused !== null) return { kind: "problem", reason: refused };
  if (!isLarge(sniffed)) return await decodeImage(bytes, sniffed, square);
  const turn = largeOnes.then(() => decodeImage(bytes, sniffed, square));
  largeOnes = turn.catch(() => undefined);
  return await turn;
}

async function decodeImage(bytes: Uint8Array, sniffed: Sniffed, square: InputSquare): Promise<DecodeOutcome> {
  let pixels: Pixels;
  try {
    pixels = await rasterOf(bytes, sniffed);
  } catch (error) {
    const known = isWinnowError(error, "unreadable") || isWinnowError(error, "too-large");
    return { kind: "problem", reason: known ? error.message : explainFailure(bytes, sniffed) };
  }
  const { width, height } = pixels;
  const refused = refusal({ ...sniffed, size: { width, height } });
  if (refused !== null) return { kind: "problem", reason: refused };
  kernels ??= loadKernels();
  const measures = { ...measured(await kernels, pixels), format: sniffed.format };
  const factor = reduceFactor(width, height, square.size);
  const rgb = modelInput(reduced(pixels, factor), width, height, factor, square);
  const [thumbnail, takenAt] = await Promise.all([makeThumbnail(pixels), captureTime(bytes)]);
  const sha256 = sha256Of(bytes);
  return { kind: "image", width, height, bytes: bytes.length, sha256, takenAt, measures, rgb, thumbnail };
}

function measured(ready: Kernels, pixels: Pixels): Omit<ImageMeasures, "format"> {
  const measurer = new Measurer(ready, pixels.width, pixels.height);
  try {
    measurer.addBand(pixels);
    return measurer.finish();
  } finally {
    measurer.free();
  }
}

function reduced(pixels: Pixels, factor: number): Pixels {
  if (factor === 1) return pixels;
  const reducer = new BoxReducer(pixels.width, pixels.height, factor);
  reducer.addBand(pixels);
  return reducer.finish();
}

async function makeThumbnail({ data, width, height }: Pixels): Promise<{ type: string; bytes: ArrayBuffer }> {
  const encoded = await sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .resize(thumbnailSide, thumbnailSide, { fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer();
  return { type: "image/jpeg", bytes: new Uint8Array(encoded).buffer };
}

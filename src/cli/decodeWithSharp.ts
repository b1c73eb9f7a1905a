import sharp from "sharp";
import { BoxReducer } from "../core/image/boxReduce.ts";
import { modelInput, reduceFactor } from "../core/image/modelInput.ts";
import { explainFailure, hasImageName, maxPixels, refusal } from "../core/image/readProblem.ts";
import type { Pixels } from "../core/image/resample.ts";
import { sniff } from "../core/image/sniff.ts";
import { Measurer } from "../core/quality/measurer.ts";
import type { ImageMeasures } from "../core/quality/measures.ts";
import { captureTime } from "../decode/captureTime.ts";
import { type Kernels, loadKernels } from "../kernels/load.ts";
import type { DecodeOutcome, DecodeRequest } from "../protocol/decoding.ts";
import { sha256Of } from "./nodeFolder.ts";

/** Longest side of a stored thumbnail in pixels, as in the page. */
const thumbnailSide = 192;

// Many images at once keep the processor busy; several threads for one image would only get in their way.
sharp.concurrency(1);
sharp.cache(false);

/** On this thread alone: each image is measured as soon as it is decoded. */
let kernels: Promise<Kernels> | null = null;

/**
 * What the page's decoder does, with sharp: orientation from EXIF, transparency on white, no colour conversion, the
 * same resize to the model's size.
 */
export async function decodeWithSharp({ file, path, size }: DecodeRequest): Promise<DecodeOutcome> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const sniffed = sniff(bytes);
  if (sniffed === null) {
    return hasImageName(path) ? { kind: "problem", reason: explainFailure(bytes, null) } : { kind: "ignored" };
  }
  const refused = refusal(sniffed);
  if (refused !== null) return { kind: "problem", reason: refused };
  let pixels: Pixels;
  try {
    pixels = await readPixels(bytes);
  } catch {
    return { kind: "problem", reason: explainFailure(bytes, sniffed) };
  }
  const { width, height } = pixels;
  if (width * height > maxPixels) {
    return { kind: "problem", reason: refusal({ ...sniffed, size: { width, height } })! };
  }
  kernels ??= loadKernels();
  const measures = { ...measured(await kernels, pixels), format: sniffed.format };
  const factor = reduceFactor(width, height, size);
  const rgb = modelInput(reduced(pixels, factor), width, height, factor, size);
  const [thumbnail, takenAt] = await Promise.all([makeThumbnail(pixels), captureTime(bytes)]);
  const sha256 = sha256Of(bytes);
  return { kind: "image", width, height, bytes: bytes.length, sha256, takenAt, measures, rgb, thumbnail };
}

async function readPixels(bytes: Uint8Array): Promise<Pixels> {
  // `ignoreIcc`: the page decodes without colour conversion too.
  const image = sharp(bytes, { failOn: "error", limitInputPixels: false, ignoreIcc: true })
    .autoOrient()
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .ensureAlpha();
  const { data, info } = await image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 4 };
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

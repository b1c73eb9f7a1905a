import sharp from "sharp";
import { BoxReducer } from "../core/image/boxReduce.ts";
import { modelInput, reduceFactor } from "../core/image/modelInput.ts";
import { decodingProblem, isLarge, looked, refusal, type Unreadable } from "../core/image/readProblem.ts";
import type { Pixels } from "../core/image/resample.ts";
import type { Sniffed } from "../core/image/sniff.ts";
import { objectInput, objectRegion, type Region, regionFactor } from "../core/objects/objectRegion.ts";
import { Measurer } from "../core/quality/measurer.ts";
import type { ImageMeasures } from "../core/quality/measures.ts";
import { captureTime } from "../decode/captureTime.ts";
import { type Kernels, loadKernels } from "../kernels/load.ts";
import type { CropOutcome, CropRequest, DecodeOutcome, DecodeRequest } from "../protocol/decoding.ts";
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
  return await withPixels(file, path, async ({ bytes, pixels, sniffed }): Promise<DecodeOutcome> => {
    const { width, height } = pixels;
    kernels ??= loadKernels();
    const measures = { ...measured(await kernels, pixels), format: sniffed.format };
    const factor = reduceFactor(width, height, square.size);
    const rgb = modelInput(reduced(pixels, factor), width, height, factor, square);
    const [thumbnail, takenAt] = await Promise.all([makeThumbnail(pixels), captureTime(bytes)]);
    const sha256 = sha256Of(bytes);
    return { kind: "image", width, height, bytes: bytes.length, sha256, takenAt, measures, rgb, thumbnail };
  });
}

/** The model's inputs of objects of one image, as the page crops them. */
export async function cropWithSharp({ file, path, size, boxes }: CropRequest): Promise<CropOutcome> {
  return await withPixels(file, path, async ({ bytes, pixels }): Promise<CropOutcome> => {
    const side = size * size * 3;
    const rgb = new Uint8Array((boxes.length / 4) * side);
    for (let i = 0; i < boxes.length / 4; i++) {
      const region = objectRegion(boxes.subarray(4 * i, 4 * i + 4), pixels.width, pixels.height);
      rgb.set(objectInput(reduced(partOf(pixels, region), regionFactor(region, size)), region, size), i * side);
    }
    return { kind: "crops", sha256: sha256Of(bytes), rgb };
  });
}

interface OpenedPixels {
  bytes: Uint8Array;
  pixels: Pixels;
  sniffed: Sniffed;
}

/** Opens one image and looks at it; headers and structure are looked at before anything is decoded. */
async function withPixels<T>(
  file: Blob,
  path: string,
  look: (image: OpenedPixels) => Promise<T>,
): Promise<T | Unreadable> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const found = looked(bytes, path);
  if (found.kind !== "readable") return found;
  const { sniffed } = found;
  const work = (): Promise<T | Unreadable> => opened(bytes, sniffed, look);
  if (!isLarge(sniffed)) return await work();
  const turn = largeOnes.then(work);
  largeOnes = turn.catch(() => undefined);
  return await turn;
}

async function opened<T>(
  bytes: Uint8Array,
  sniffed: Sniffed,
  look: (image: OpenedPixels) => Promise<T>,
): Promise<T | Unreadable> {
  let pixels: Pixels;
  try {
    pixels = await rasterOf(bytes, sniffed);
  } catch (error) {
    return decodingProblem(error, bytes, sniffed);
  }
  const { width, height } = pixels;
  const refused = refusal({ ...sniffed, size: { width, height } });
  return refused === null ? await look({ bytes, pixels, sniffed }) : { kind: "problem", reason: refused };
}

/** A part of an image, RGBA. */
function partOf({ data, width }: Pixels, region: Region): Pixels {
  const part = new Uint8Array(region.width * region.height * 4);
  for (let row = 0; row < region.height; row++) {
    const from = ((region.top + row) * width + region.left) * 4;
    part.set(data.subarray(from, from + region.width * 4), row * region.width * 4);
  }
  return { data: part, width: region.width, height: region.height, channels: 4 };
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

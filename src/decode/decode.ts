import { isWinnowError, WinnowError } from "../core/errors.ts";
import { BoxReducer } from "../core/image/boxReduce.ts";
import { type InputSquare, modelInput, reduceFactor } from "../core/image/modelInput.ts";
import { explainFailure, isLarge, refusal, structuralFault, unknownContent } from "../core/image/readProblem.ts";
import type { Pixels } from "../core/image/resample.ts";
import { type Sniffed, sniff } from "../core/image/sniff.ts";
import { Measurer } from "../core/quality/measurer.ts";
import type { ImageMeasures } from "../core/quality/measures.ts";
import { type Kernels, loadKernels } from "../kernels/load.ts";
import type { DecodeOutcome, DecodeRequest, EncodedImage } from "../protocol/decoding.ts";
import { bitmapOf } from "./bitmap.ts";
import { captureTime } from "./captureTime.ts";

/** Longest side of a stored thumbnail in pixels. */
const thumbnailSide = 192;

/** Pixels read back at a time (16 MB of RGBA), so that a huge image never exists twice in memory. */
const bandPixels = 4_000_000;

/** One a worker, loaded with its first image. */
let kernels: Promise<Kernels> | null = null;

/**
 * Reads one file: what it is, its hash, its measures, thumbnail and the model's input, from a single decode.
 * Not-images come back as `ignored`, broken ones as `problem`; it rejects only when the file itself cannot be read.
 */
export async function decode({ file, path, ...square }: DecodeRequest): Promise<DecodeOutcome> {
  const buffer = await bytesOf(file, path);
  const bytes = new Uint8Array(buffer);
  const sniffed = sniff(bytes);
  if (sniffed === null) {
    const reason = unknownContent(bytes, path);
    return reason === null ? { kind: "ignored" } : { kind: "problem", reason };
  }
  const refused = refusal(sniffed) ?? structuralFault(bytes, sniffed);
  if (refused !== null) return { kind: "problem", reason: refused };
  const work = (): Promise<DecodeOutcome> => decodeImage(buffer, sniffed, square);
  // Several large images at a time, one a worker, would not fit into memory.
  return await (isLarge(sniffed) ? navigator.locks.request("winnow-large-image", work) : work());
}

async function decodeImage(buffer: ArrayBuffer, sniffed: Sniffed, square: InputSquare): Promise<DecodeOutcome> {
  const bytes = new Uint8Array(buffer);
  kernels ??= loadKernels();
  const ready = await kernels;
  let bitmap: ImageBitmap;
  try {
    bitmap = await bitmapOf(buffer, sniffed);
  } catch (error) {
    const known = isWinnowError(error, "unreadable") || isWinnowError(error, "too-large");
    return { kind: "problem", reason: known ? error.message : explainFailure(bytes, sniffed) };
  }
  try {
    const { width, height } = bitmap;
    const refused = refusal({ ...sniffed, size: { width, height } });
    if (refused !== null) return { kind: "problem", reason: refused };
    const factor = reduceFactor(width, height, square.size);
    const { pixels, measures } = readPixels(ready, bitmap, factor);
    const rgb = modelInput(pixels, width, height, factor, square);
    const [digest, thumbnail, takenAt] = await Promise.all([
      crypto.subtle.digest("SHA-256", buffer),
      makeThumbnail(bitmap),
      captureTime(bytes),
    ]);
    return {
      kind: "image",
      width,
      height,
      bytes: bytes.length,
      sha256: hex(digest),
      takenAt,
      measures: { ...measures, format: sniffed.format },
      rgb,
      thumbnail,
    };
  } finally {
    bitmap.close();
  }
}

async function bytesOf(file: Blob, path: string): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "NotAllowedError") {
      throw new WinnowError("permission", `The browser no longer allows reading ${path}.`, { path }, { cause });
    }
    throw new WinnowError(
      "vanished",
      `${path} could not be read: it was moved, deleted or changed.`,
      { path },
      { cause },
    );
  }
}

interface ReadPixels {
  /** On white, box-averaged by the factor. */
  pixels: Pixels;
  measures: Omit<ImageMeasures, "format">;
}

/** An image's pixels and what they measure; a small image in one piece, a large one band by band. */
function readPixels(ready: Kernels, bitmap: ImageBitmap, factor: number): ReadPixels {
  const { width, height } = bitmap;
  const rows = Math.min(height, Math.max(1, Math.floor(bandPixels / width)));
  const context = canvasContext(width, rows, true);
  const reducer = factor > 1 || rows < height ? new BoxReducer(width, height, factor) : null;
  const measurer = new Measurer(ready, width, height);
  try {
    let whole: Pixels | null = null;
    for (let top = 0; top < height; top += rows) {
      const count = Math.min(rows, height - top);
      context.fillStyle = "#fff";
      context.fillRect(0, 0, width, count);
      context.drawImage(bitmap, 0, -top);
      const band: Pixels = { data: context.getImageData(0, 0, width, count).data, width, height: count, channels: 4 };
      measurer.addBand(band);
      reducer?.addBand(band);
      whole = band;
    }
    return { pixels: reducer?.finish() ?? whole!, measures: measurer.finish() };
  } finally {
    measurer.free();
  }
}

async function makeThumbnail(bitmap: ImageBitmap): Promise<EncodedImage> {
  const scale = Math.min(1, thumbnailSide / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvasContext(width, height, false);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "medium";
  context.drawImage(bitmap, 0, 0, width, height);
  const blob = await context.canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
  return { type: blob.type, bytes: await blob.arrayBuffer() };
}

function canvasContext(width: number, height: number, readBack: boolean): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext("2d", { alpha: false, willReadFrequently: readBack });
  if (context === null) throw new Error(`no 2-D canvas of ${width} × ${height}`);
  return context;
}

const hex = (digest: ArrayBuffer): string =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");

import { modelInput, reduceFactor } from "../core/image/modelInput.ts";
import type { Pixels } from "../core/image/resample.ts";
import { Measurer } from "../core/quality/measurer.ts";
import type { ImageMeasures } from "../core/quality/measures.ts";
import { type Kernels, loadKernels } from "../kernels/load.ts";
import type { DecodeOutcome, DecodeRequest, EncodedImage } from "../protocol/decoding.ts";
import { canvasContext, readPixels } from "./bitmapPixels.ts";
import { captureTime } from "./captureTime.ts";
import { sha256Of, withImage } from "./openImage.ts";

/** Longest side of a stored thumbnail in pixels. */
const thumbnailSide = 192;

/** One a worker, loaded with its first image. */
let kernels: Promise<Kernels> | null = null;

/**
 * Reads one file: what it is, its hash, its measures, thumbnail and the model's input, from a single decode.
 * Not-images come back as `ignored`, broken ones as `problem`; it rejects only when the file itself cannot be read.
 */
export async function decode({ file, path, ...square }: DecodeRequest): Promise<DecodeOutcome> {
  return await withImage(file, path, async ({ buffer, bitmap, sniffed }): Promise<DecodeOutcome> => {
    kernels ??= loadKernels();
    const ready = await kernels;
    const { width, height } = bitmap;
    const factor = reduceFactor(width, height, square.size);
    const { pixels, measures } = measured(ready, bitmap, factor);
    const rgb = modelInput(pixels, width, height, factor, square);
    const [sha256, thumbnail, takenAt] = await Promise.all([
      sha256Of(buffer),
      makeThumbnail(bitmap),
      captureTime(new Uint8Array(buffer)),
    ]);
    return {
      kind: "image",
      width,
      height,
      bytes: buffer.byteLength,
      sha256,
      takenAt,
      measures: { ...measures, format: sniffed.format },
      rgb,
      thumbnail,
    };
  });
}

/** An image's pixels, box-averaged by the factor, and what they measure at full size. */
function measured(
  ready: Kernels,
  bitmap: ImageBitmap,
  factor: number,
): { pixels: Pixels; measures: Omit<ImageMeasures, "format"> } {
  const { width, height } = bitmap;
  const measurer = new Measurer(ready, width, height);
  try {
    const whole = { left: 0, top: 0, width, height };
    const pixels = readPixels(bitmap, whole, factor, (band) => measurer.addBand(band));
    return { pixels, measures: measurer.finish() };
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

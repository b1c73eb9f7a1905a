import { WinnowError } from "../core/errors.ts";
import { refusal } from "../core/image/readProblem.ts";
import { sniff } from "../core/image/sniff.ts";
import type { EncodedImage } from "../protocol/decoding.ts";
import { bitmapOf } from "./bitmap.ts";

/**
 * A file's picture in a form that every browser shows, with nothing but its pixels.
 * @param longestSide in pixels; left out: full size
 * @throws WinnowError `unreadable`
 */
export async function show(file: Blob, longestSide = Number.POSITIVE_INFINITY): Promise<EncodedImage> {
  const buffer = await file.arrayBuffer();
  const sniffed = sniff(new Uint8Array(buffer));
  const refused = sniffed && refusal(sniffed);
  if (sniffed === null || refused) throw new WinnowError("unreadable", refused ?? "The content is not an image.");
  const bitmap = await bitmapOf(buffer, sniffed);
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
  const canvas = new OffscreenCanvas(side(bitmap.width), side(bitmap.height));
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error(`no 2-D canvas of ${canvas.width} × ${canvas.height}`);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
  return { type: blob.type, bytes: await blob.arrayBuffer() };
}

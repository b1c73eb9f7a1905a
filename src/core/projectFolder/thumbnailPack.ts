import { WinnowError } from "../errors.ts";
import type { FileBytes } from "./folderFiles.ts";

/** Thumbnails a pack holds at most; pack `i` holds those of rows 1,024 · i and up. */
export const thumbnailsPerPack = 1_024;

/** “WTH1” in the first four bytes. */
const magic = 0x31_48_54_57;

export const packPath = (pack: number): string => `thumbnails/${String(pack).padStart(5, "0")}.pack`;

/**
 * Encoded images one after the other behind a table of their places, all little-endian u32: magic, count, then
 * count + 1 offsets from the file's start. An image of no bytes stands for one that is missing.
 */
export function packThumbnails(images: readonly Uint8Array[]): Uint8Array[] {
  const table = new DataView(new ArrayBuffer(4 * (images.length + 3)));
  table.setUint32(0, magic, true);
  table.setUint32(4, images.length, true);
  let at = table.byteLength;
  for (const [i, image] of images.entries()) {
    table.setUint32(8 + 4 * i, at, true);
    at += image.length;
  }
  table.setUint32(8 + 4 * images.length, at, true);
  return [new Uint8Array(table.buffer), ...images];
}

/** Places of a pack's images: image `i` is the bytes `offsets[i] … offsets[i + 1] − 1`. */
export type PackTable = Uint32Array;

/** @throws WinnowError `shape` that names the file when it is not a whole pack */
export async function readPackTable(file: FileBytes, name: string): Promise<PackTable> {
  const bytes = await file.slice(0, Math.min(file.size, 4 * (thumbnailsPerPack + 3)));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >= 12 && view.getUint32(0, true) === magic ? view.getUint32(4, true) : -1;
  if (count < 0 || count > thumbnailsPerPack || bytes.length < 4 * (count + 3)) throw damaged(name);
  const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => view.getUint32(8 + 4 * i, true));
  const inOrder = offsets.every((at, i) => at >= (i === 0 ? 4 * (count + 3) : offsets[i - 1]!));
  if (!inOrder || offsets[count]! > file.size) throw damaged(name);
  return offsets;
}

const damaged = (name: string): WinnowError =>
  new WinnowError("shape", `“${name}”: expected a pack of thumbnails, found something else or half of one.`, {
    file: name,
  });

/** What an image is by its first bytes: thumbnails are JPEG or WebP. */
export const thumbnailType = (bytes: Uint8Array): string => (bytes[0] === 0x52 ? "image/webp" : "image/jpeg");

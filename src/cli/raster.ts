import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import sharp, { type Sharp } from "sharp";
import { WinnowError } from "../core/errors.ts";
import { decodeBmp, decodeIconBitmap } from "../core/image/bmp.ts";
import { isPlainCmyk, readJpegHeader } from "../core/image/jpegHeader.ts";
import type { Pixels } from "../core/image/resample.ts";
import { isPngAt, largestIcon, type Sniffed } from "../core/image/sniff.ts";
import { inksToColours } from "../decode/inks.ts";
import { ownRaster } from "../decode/ownRaster.ts";

/** `ignoreIcc`: the page decodes without colour conversion too. */
const input = { failOn: "error", limitInputPixels: false, ignoreIcc: true } as const;

/**
 * A file's pixels, of the first picture where there are several: RGBA on white, oriented, colours as stored.
 * @throws WinnowError `unreadable` with the reason; anything else when sharp refuses the file
 */
export async function rasterOf(bytes: Uint8Array, sniffed: Sniffed): Promise<Pixels> {
  switch (sniffed.format) {
    case "bmp":
      return decodeBmp(bytes);
    case "ico":
      return await icon(bytes);
    case "jpeg":
      return readJpegHeader(bytes).components === 4 ? await inked(bytes) : await withSharp(bytes);
    default:
      return (await ownRaster(bytes, sniffed, libheifWasm)) ?? (await withSharp(bytes));
  }
}

async function withSharp(bytes: Uint8Array): Promise<Pixels> {
  const image = sharp(bytes, input).autoOrient().flatten({ background: "#fff" }).toColourspace("srgb").ensureAlpha();
  return await raw(image);
}

/** Four colours without a profile, as the page shows them. */
async function inked(bytes: Uint8Array): Promise<Pixels> {
  const image = sharp(bytes, input).autoOrient().pipelineColourspace("cmyk").toColourspace("cmyk");
  const { data, width, height } = await raw(image);
  // sharp takes all for Adobe's and has inverted them.
  return { data: inksToColours(data as Uint8Array, isPlainCmyk(bytes)), width, height, channels: 4 };
}

async function raw(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 4 };
}

async function icon(bytes: Uint8Array): Promise<Pixels> {
  const largest = largestIcon(bytes);
  if (largest === null) throw new WinnowError("unreadable", "The ICO holds no picture.");
  const { at } = largest;
  return isPngAt(bytes, at) ? await withSharp(bytes.subarray(at)) : decodeIconBitmap(bytes, at);
}

async function libheifWasm(): Promise<ArrayBuffer> {
  const path = createRequire(import.meta.url).resolve("libheif-js/libheif-wasm/libheif.wasm");
  return new Uint8Array(await readFile(path)).buffer;
}

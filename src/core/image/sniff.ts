import { ascii, i32le, u16be, u16le, u24le, u32be, u32le } from "./bytes.ts";
import { readTiffDirectory, tiffTags } from "./tiffDirectory.ts";

/** Kinds of image files that Winnow knows by their first bytes. Columns hold places in this list: append only. */
export const imageFormats = ["jpeg", "png", "gif", "webp", "bmp", "avif", "heic", "tiff", "svg", "ico"] as const;
export type ImageFormat = (typeof imageFormats)[number];

export interface Sniffed {
  format: ImageFormat;
  /** Pixels as the header declares them, before orientation; null when the header is not complete. */
  size: { width: number; height: number } | null;
}

const positive = (width: number, height: number): Sniffed["size"] =>
  width > 0 && height > 0 ? { width, height } : null;

/** What a file is by its content, never by its name; null for anything that is not an image Winnow knows. */
export function sniff(bytes: Uint8Array): Sniffed | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return { format: "jpeg", size: jpegSize(bytes) };
  if (ascii(bytes, 0, "\x89PNG\r\n\x1a\n")) {
    return { format: "png", size: bytes.length < 24 ? null : positive(u32be(bytes, 16), u32be(bytes, 20)) };
  }
  if (ascii(bytes, 0, "GIF8")) return { format: "gif", size: positive(u16le(bytes, 6), u16le(bytes, 8)) };
  if (ascii(bytes, 0, "RIFF") && ascii(bytes, 8, "WEBP")) return { format: "webp", size: webpSize(bytes) };
  // Two letters are weak evidence: the header's own length must be one that exists.
  if (ascii(bytes, 0, "BM") && [12, 40, 52, 56, 64, 108, 124].includes(i32le(bytes, 14))) {
    return { format: "bmp", size: bmpSize(bytes) };
  }
  if (ascii(bytes, 4, "ftyp")) return isoBrand(bytes);
  if (ascii(bytes, 0, "II*\0") || ascii(bytes, 0, "MM\0*")) return { format: "tiff", size: tiffSize(bytes) };
  if (u32be(bytes, 0) === 0x00000100 && u16le(bytes, 4) > 0 && u16le(bytes, 4) < 256 && bytes[9] === 0) {
    return { format: "ico", size: iconSize(bytes) };
  }
  return looksLikeSvg(bytes) ? { format: "svg", size: null } : null;
}

/** JPEG: walks the segments to the first start-of-frame, skipping EXIF with its own embedded thumbnail. */
function jpegSize(bytes: Uint8Array): Sniffed["size"] {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const startOfFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (startOfFrame) return positive(u16be(bytes, at + 7), u16be(bytes, at + 5));
    const standsAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += standsAlone ? 2 : 2 + u16be(bytes, at + 2);
  }
  return null;
}

function webpSize(bytes: Uint8Array): Sniffed["size"] {
  if (bytes.length < 30) return null;
  if (ascii(bytes, 12, "VP8X")) return positive(u24le(bytes, 24) + 1, u24le(bytes, 27) + 1);
  if (ascii(bytes, 12, "VP8L")) {
    const bits = i32le(bytes, 21);
    return positive((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
  }
  return positive(u16le(bytes, 26) & 0x3fff, u16le(bytes, 28) & 0x3fff);
}

function bmpSize(bytes: Uint8Array): Sniffed["size"] {
  if (i32le(bytes, 14) === 12) return positive(u16le(bytes, 18), u16le(bytes, 20));
  return positive(i32le(bytes, 18), Math.abs(i32le(bytes, 22)));
}

/** ISO media files (AVIF, HEIC): the brand decides; the size is in the largest `ispe` property near the front. */
function isoBrand(bytes: Uint8Array): Sniffed | null {
  const end = Math.min(u32be(bytes, 0), bytes.length, 128);
  let format: ImageFormat | null = null;
  for (let at = 8; at + 4 <= end; at += 4) {
    if (ascii(bytes, at, "avif") || ascii(bytes, at, "avis")) format = "avif";
    else if (
      format === null &&
      /^(heic|heix|hevc|heim|heis|mif1|msf1)$/.test(String.fromCharCode(...bytes.subarray(at, at + 4)))
    ) {
      format = "heic";
    }
  }
  if (format === null) return null;
  let size: Sniffed["size"] = null;
  // The properties lie in the `meta` box, which comes first; its letters are found faster than its structure is walked.
  for (let at = bytes.indexOf(i, end); at >= 0 && at < searchedBytes; at = bytes.indexOf(i, at + 1)) {
    if (!ascii(bytes, at, "ispe")) continue;
    const found = positive(u32be(bytes, at + 8), u32be(bytes, at + 12));
    if (found && (size === null || found.width * found.height > size.width * size.height)) size = found;
  }
  return { format, size };
}

const i = "i".charCodeAt(0);
const searchedBytes = 1_000_000;

function tiffSize(bytes: Uint8Array): Sniffed["size"] {
  const directory = readTiffDirectory(bytes);
  return positive(directory?.get(tiffTags.width)?.[0] ?? 0, directory?.get(tiffTags.height)?.[0] ?? 0);
}

/** Where the largest picture of an icon lies, and its size as its own header says; the directory only goes to 256. */
export function largestIcon(bytes: Uint8Array): { at: number; width: number; height: number } | null {
  let largest: { at: number; width: number; height: number } | null = null;
  for (let n = 0; n < u16le(bytes, 4); n++) {
    const at = u32le(bytes, 6 + n * 16 + 12);
    const size = ascii(bytes, at, "\x89PNG")
      ? positive(u32be(bytes, at + 16), u32be(bytes, at + 20))
      : positive(i32le(bytes, at + 4), Math.floor(Math.abs(i32le(bytes, at + 8)) / 2));
    if (size && (!largest || size.width * size.height > largest.width * largest.height)) largest = { at, ...size };
  }
  return largest;
}

/** Whether an icon's picture is a PNG, which then is a whole file of its own. */
export const isPngAt = (bytes: Uint8Array, at: number): boolean => ascii(bytes, at, "\x89PNG\r\n\x1a\n");

function iconSize(bytes: Uint8Array): Sniffed["size"] {
  const largest = largestIcon(bytes);
  return largest && { width: largest.width, height: largest.height };
}

function looksLikeSvg(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 512)).replace(/^ï»¿/, "");
  return /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(head);
}

import { isWinnowError } from "../errors.ts";
import { ascii, u32be } from "./bytes.ts";
import { foreignPicture, otherContent } from "./foreignKind.ts";
import { hasImageName } from "./imageNames.ts";
import { type JpegFault, readJpegHeader } from "./jpegHeader.ts";
import { type ImageFormat, type Sniffed, sniff } from "./sniff.ts";

/** More pixels than this are refused before they are decoded: a decoder needs 4 bytes for each, several times over. */
export const maxPixels = 100_000_000;
/** Browsers draw nothing that is wider or higher. */
export const maxSide = 65_535;

const names: Record<ImageFormat, string> = {
  jpeg: "JPEG",
  png: "PNG",
  gif: "GIF",
  webp: "WebP",
  bmp: "BMP",
  avif: "AVIF",
  heic: "HEIC",
  tiff: "TIFF",
  svg: "SVG",
  ico: "ICO",
};

/** Decoded, such an image fills a good part of a worker's memory: one at a time. */
export const isLarge = ({ size }: Sniffed): boolean => size !== null && size.width * size.height > 25_000_000;

const again = "Copy the file again from its source.";

/** Why a file is refused before it is decoded, in words for a person; null when decoding may be tried. */
export function refusal({ format, size }: Pick<Sniffed, "format" | "size">): string | null {
  if (format === "svg") return "SVG is a drawing, not a photograph: Winnow reads pixel images. Export it as PNG first.";
  if (!size) return null;
  const { width, height } = size;
  if (width * height > maxPixels) {
    const megapixels = Math.round((width * height) / 1e6);
    return `The image is ${width} × ${height} (${megapixels} megapixels); Winnow reads up to ${maxPixels / 1e6}. Make it smaller first.`;
  }
  if (Math.max(width, height) > maxSide) {
    return `The image is ${width} × ${height}; Winnow reads up to ${maxSide} pixels a side. Make it smaller first.`;
  }
  return null;
}

/**
 * What is wrong with a file's structure, in words for a person; null when decoding may be tried. Decoders differ in what
 * they let pass: with this, page and command line list the same files.
 */
export function structuralFault(bytes: Uint8Array, { format }: Sniffed): string | null {
  if (format === "jpeg") {
    const { fault } = readJpegHeader(bytes);
    return fault && jpegFaults[fault];
  }
  return format === "png" && !hasLastChunk(bytes) ? cutOff(format) : null;
}

/** Whether a PNG's chunks lead to the one that ends it. */
function hasLastChunk(bytes: Uint8Array): boolean {
  for (let at = 8; at + 12 <= bytes.length; at += 12 + u32be(bytes, at)) if (ascii(bytes, at + 4, "IEND")) return true;
  return false;
}

const cutOff = (format: ImageFormat): string => `The ${names[format]} is cut off: its end is missing. ${again}`;

const jpegFaults: Record<JpegFault, string> = {
  cut: cutOff("jpeg"),
  empty: `The JPEG holds no picture. ${again}`,
  frames: `The JPEG is damaged: a second picture begins inside the first. ${again}`,
  kind: "The JPEG is of a rare kind (lossless, hierarchical or arithmetic coding) that browsers do not read. Convert it to an ordinary JPEG or PNG first.",
  bits: "The JPEG has 12 bits a colour, which browsers do not read. Convert it to an ordinary JPEG or PNG first.",
};

/**
 * Why a file that is no image Winnow knows is a problem all the same: it is another kind of picture, or its name says
 * that it is one. Null: it is none of our business.
 */
export function unknownContent(bytes: Uint8Array, path: string): string | null {
  const foreign = foreignPicture(bytes);
  if (foreign) return `It is ${foreign}, which Winnow does not read. Convert it to JPEG or PNG first.`;
  if (!hasImageName(path)) return null;
  if (bytes.length === 0) return "The file is empty (0 bytes).";
  if (bytes.every((value) => value === 0)) {
    return "The file holds only zeros; it was probably never finished copying.";
  }
  const other = otherContent(bytes);
  return other
    ? `The content is ${other}, not an image that Winnow reads, whatever the name says.`
    : "The content is not an image, whatever the name says.";
}

/** Why a file could not be decoded, found from its bytes, because browsers say the same words for everything. */
export function explainFailure(bytes: Uint8Array, { format, size }: Sniffed): string {
  const name = names[format];
  // Some writers append bytes after the end marker.
  if (format === "gif" && !bytes.subarray(-16).includes(0x3b)) return cutOff(format);
  if (format === "webp") {
    const declared = (bytes[4]! | (bytes[5]! << 8) | (bytes[6]! << 16) | (bytes[7]! << 24)) >>> 0;
    if (declared + 8 > bytes.length) {
      return `The WebP is cut off: ${bytes.length} of ${declared + 8} bytes. ${again}`;
    }
  }
  if (size === null) return `The ${name} has no readable header. ${again}`;
  return `The ${name} is damaged and cannot be decoded. ${again}`;
}

/** Why there is no image of a file. */
export type Unreadable =
  /** Not an image by content nor by name: skipped and counted. */
  | { kind: "ignored" }
  /** It should be an image and cannot be read; `reason` is a sentence for a person. */
  | { kind: "problem"; reason: string };

/** What a file is by its header and structure, before anything of it is decoded; or why it is not decoded. */
export function looked(bytes: Uint8Array, path: string): { kind: "readable"; sniffed: Sniffed } | Unreadable {
  const sniffed = sniff(bytes);
  if (sniffed === null) {
    const reason = unknownContent(bytes, path);
    return reason === null ? { kind: "ignored" } : { kind: "problem", reason };
  }
  const refused = refusal(sniffed) ?? structuralFault(bytes, sniffed);
  return refused === null ? { kind: "readable", sniffed } : { kind: "problem", reason: refused };
}

/** Why a decoder failed. */
export function decodingProblem(error: unknown, bytes: Uint8Array, sniffed: Sniffed): Unreadable {
  const known = isWinnowError(error, "unreadable") || isWinnowError(error, "too-large");
  return { kind: "problem", reason: known ? error.message : explainFailure(bytes, sniffed) };
}

import type { ImageFormat, Sniffed } from "./sniff.ts";

/** More pixels than this are refused before they are decoded: a decoder needs 4 bytes for each, several times over. */
export const maxPixels = 100_000_000;

const extensions = /\.(jpe?g|jfif|png|gif|webp|bmp|avif|heic|heif|tiff?|svg|ico)$/i;

/** True when a person would call this file an image by its name. */
export const hasImageName = (path: string): boolean => extensions.test(path);

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

/** Why a file is refused before it is decoded, in words for a person; null when decoding may be tried. */
export function refusal(sniffed: Sniffed): string | null {
  const { format, size } = sniffed;
  if (format === "svg") return "SVG is a drawing, not a photograph: Winnow reads pixel images. Export it as PNG first.";
  if (format === "heic" || format === "tiff") {
    return `${names[format]} files cannot be decoded here. Convert it to JPEG or PNG first.`;
  }
  if (size && size.width * size.height > maxPixels) {
    const megapixels = Math.round((size.width * size.height) / 1e6);
    return `The image is ${size.width} × ${size.height} (${megapixels} megapixels); Winnow reads up to ${maxPixels / 1e6}. Make it smaller first.`;
  }
  return null;
}

const endsWith = (bytes: Uint8Array, tail: readonly number[], within: number): boolean => {
  for (let start = bytes.length - tail.length; start >= Math.max(0, bytes.length - within); start--) {
    if (tail.every((value, i) => bytes[start + i] === value)) return true;
  }
  return false;
};

/** End markers: a file without one was cut off. Some writers append bytes after it, so the last few are searched. */
const endMarkers: Partial<Record<ImageFormat, { tail: readonly number[]; within: number }>> = {
  jpeg: { tail: [0xff, 0xd9], within: 65536 },
  png: { tail: [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82], within: 65536 },
  gif: { tail: [0x3b], within: 16 },
};

/**
 * Why the browser could not decode a file, found from its bytes, because browsers say the same words for everything.
 * @param sniffed null when the content is no known image although the name says so
 */
export function explainFailure(bytes: Uint8Array, sniffed: Sniffed | null): string {
  if (bytes.length === 0) return "The file is empty (0 bytes).";
  if (sniffed === null) {
    const allZero = bytes.every((value) => value === 0);
    if (allZero) return "The file holds only zeros; it was probably never finished copying.";
    return "The content is not an image, whatever the name says.";
  }
  const name = names[sniffed.format];
  const marker = endMarkers[sniffed.format];
  if (marker && !endsWith(bytes, marker.tail, marker.within)) {
    return `The ${name} is cut off: its end is missing. Copy the file again from its source.`;
  }
  if (sniffed.format === "webp") {
    const declared = (bytes[4]! | (bytes[5]! << 8) | (bytes[6]! << 16) | (bytes[7]! << 24)) >>> 0;
    if (declared + 8 > bytes.length) {
      return `The WebP is cut off: ${bytes.length} of ${declared + 8} bytes. Copy the file again from its source.`;
    }
  }
  if (sniffed.size === null) return `The ${name} has no readable header. Copy the file again from its source.`;
  return `The ${name} is damaged and cannot be decoded. Copy the file again from its source.`;
}

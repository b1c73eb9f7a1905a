/** Kinds of image files that Winnow knows by their first bytes. Columns hold places in this list: append only. */
export const imageFormats = ["jpeg", "png", "gif", "webp", "bmp", "avif", "heic", "tiff", "svg", "ico"] as const;
export type ImageFormat = (typeof imageFormats)[number];

export interface Sniffed {
  format: ImageFormat;
  /** Pixels as the header declares them, before orientation; null when the header is not complete. */
  size: { width: number; height: number } | null;
}

const ascii = (bytes: Uint8Array, at: number, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
};
const u16be = (b: Uint8Array, at: number): number => ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0);
const u16le = (b: Uint8Array, at: number): number => ((b[at + 1] ?? 0) << 8) | (b[at] ?? 0);
const u24le = (b: Uint8Array, at: number): number => u16le(b, at) | ((b[at + 2] ?? 0) << 16);
const u32be = (b: Uint8Array, at: number): number => u16be(b, at) * 65536 + u16be(b, at + 2);
const i32le = (b: Uint8Array, at: number): number => u16le(b, at) | (u16le(b, at + 2) << 16);

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
  if (ascii(bytes, 0, "II*\0") || ascii(bytes, 0, "MM\0*")) return { format: "tiff", size: null };
  if (u32be(bytes, 0) === 0x00000100 && u16le(bytes, 4) > 0 && u16le(bytes, 4) < 256 && bytes[9] === 0) {
    return { format: "ico", size: positive(bytes[6] || 256, bytes[7] || 256) };
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
  for (let at = end; at + 16 <= Math.min(bytes.length, 65536); at++) {
    if (!ascii(bytes, at, "ispe")) continue;
    const found = positive(u32be(bytes, at + 8), u32be(bytes, at + 12));
    if (found && (size === null || found.width * found.height > size.width * size.height)) size = found;
  }
  return { format, size };
}

function looksLikeSvg(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 512)).replace(/^ï»¿/, "");
  return /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(head);
}

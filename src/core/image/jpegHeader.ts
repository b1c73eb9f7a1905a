import { ascii, u16be } from "./bytes.ts";
import { readTiffDirectory, tiffTags } from "./tiffDirectory.ts";

/** What a JPEG's markers say, without its picture being decoded. */
export interface JpegHeader {
  /** Of the first frame; null when there is none. A height of 0 is told only by the scan. */
  size: { width: number; height: number } | null;
  /** Colour components of the frame. */
  components: number;
  /** The transform that Adobe's segment names; null without one. */
  adobe: number | null;
  /** EXIF's, 1…8; 1 without one. */
  orientation: number;
  /** What keeps it from being decoded as it stands. */
  fault: JpegFault | null;
}

/**
 * `cut`: it ends before its end marker. `frames`: a second frame begins inside the picture. `kind`: lossless,
 * hierarchical or arithmetic coding. `bits`: other than 8 a value.
 */
export type JpegFault = "cut" | "frames" | "kind" | "bits" | "empty";

/** Walks all markers of a JPEG, through its scans to the end marker. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const header: JpegHeader = { size: null, components: 0, adobe: null, orientation: 1, fault: null };
  const end = bytes.length;
  let scans = 0;
  let at = 2;
  for (;;) {
    at = nextMarker(bytes, at);
    if (at < 0) return { ...header, fault: "cut" };
    const marker = bytes[at + 1]!;
    at += 2;
    if (marker === 0xd9) return scans === 0 ? { ...header, fault: header.size ? "empty" : "cut" } : header;
    // Start and restart markers have no length.
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    const length = u16be(bytes, at);
    if (isFrame(marker)) {
      if (header.size !== null) return { ...header, fault: "frames" };
      header.size = { height: u16be(bytes, at + 3), width: u16be(bytes, at + 5) };
      header.components = bytes[at + 7] ?? 0;
      if (marker > 0xc2) return { ...header, fault: "kind" };
      if (bytes[at + 2] !== 8) return { ...header, fault: "bits" };
    }
    if (length < 2 || at + length > end) return { ...header, fault: "cut" };
    if (marker === 0xee && length >= 14 && ascii(bytes, at + 2, "Adobe")) header.adobe = bytes[at + 13]!;
    if (marker === 0xe1 && ascii(bytes, at + 2, "Exif\0\0")) {
      const exif = readTiffDirectory(bytes.subarray(at + 8, at + length));
      header.orientation = exif?.get(tiffTags.orientation)?.[0] ?? header.orientation;
    }
    if (marker === 0xda) scans++;
    at += length;
  }
}

/** Four colours without Adobe's segment: 0 is no ink, but browsers take it for full ink, as Adobe stores it. */
export function isPlainCmyk(bytes: Uint8Array): boolean {
  const { components, adobe } = readJpegHeader(bytes);
  return components === 4 && adobe === null;
}

/** The next 0xff that begins a marker: not a stuffed or a filling byte. −1: there is none. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = from; ; ) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return -1;
    const next = bytes[at + 1]!;
    if (next !== 0 && next !== 0xff) return at;
    at += next === 0 ? 2 : 1;
  }
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

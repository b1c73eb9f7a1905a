import { ascii, u32le } from "./bytes.ts";
import { readTiffDirectory, tiffTags } from "./tiffDirectory.ts";

/** EXIF orientation of a WebP, 1…8; 1 without one. Browsers apply the orientation of other formats, but not this. */
export function webpOrientation(bytes: Uint8Array): number {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = u32le(bytes, at + 4);
    if (ascii(bytes, at, "EXIF")) {
      const block = bytes.subarray(at + 8, at + 8 + length);
      const exif = ascii(block, 0, "Exif\0\0") ? block.subarray(6) : block;
      const orientation = readTiffDirectory(exif)?.get(tiffTags.orientation)?.[0] ?? 1;
      return orientation >= 1 && orientation <= 8 ? orientation : 1;
    }
    at += 8 + length + (length & 1);
  }
  return 1;
}

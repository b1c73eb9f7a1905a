import { WinnowError } from "../core/errors.ts";
import { isPlainCmyk } from "../core/image/jpegHeader.ts";
import type { Pixels } from "../core/image/resample.ts";
import type { Sniffed } from "../core/image/sniff.ts";

/** Coefficients of a picture with four colours are held whole: 8 bytes a pixel. */
const mostCmykPixels = 25_000_000;

/**
 * The pixels of formats that browsers do not decode, by decoders that are loaded with their first file: RGBA on white,
 * oriented. Null for all others.
 * @param wasm reads libheif.wasm
 * @throws WinnowError `unreadable` with the reason for a person
 */
export async function ownRaster(
  bytes: Uint8Array,
  { format, size }: Sniffed,
  wasm: () => Promise<ArrayBuffer>,
): Promise<Pixels | null> {
  switch (format) {
    case "tiff":
      return await (await import("./tiff/tiff.ts")).decodeTiff(bytes);
    case "heic":
      return await (await import("./heic.ts")).decodeHeic(bytes, wasm);
    case "jpeg":
      if (!isPlainCmyk(bytes)) return null;
      if (size && size.width * size.height > mostCmykPixels) {
        throw new WinnowError("unreadable", "The JPEG is CMYK and too large for that. Convert it to RGB first.");
      }
      return (await import("./cmykJpeg.ts")).decodePlainCmyk(bytes);
    default:
      return null;
  }
}

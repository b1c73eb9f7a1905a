import { readJpegHeader } from "../core/image/jpegHeader.ts";
import type { Pixels } from "../core/image/resample.ts";
import { turned } from "../core/image/turned.ts";
import { inksToColours } from "./inks.ts";
import { decodeJpegSamples } from "./jpegSamples.ts";

/**
 * A JPEG of four colours in which 0 is no ink, as RGBA, oriented.
 * @throws WinnowError `unreadable`
 */
export function decodePlainCmyk(bytes: Uint8Array): Pixels {
  const { data, width, height } = decodeJpegSamples(bytes);
  // The decoder takes them for Adobe's and has inverted them.
  const image: Pixels = { data: inksToColours(data, true), width, height, channels: 4 };
  return turned(image, readJpegHeader(bytes).orientation);
}

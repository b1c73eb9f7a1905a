import UTIF from "utif2";
import { WinnowError } from "../core/errors.ts";

/** The JPEG decoder of utif2 (that of pdf.js), which its types leave out. */
interface JpegDecoder {
  width: number;
  height: number;
  parse(bytes: Uint8Array): void;
  getData(options: { width: number; height: number; forceRGB: boolean; isSourcePDF: boolean }): Uint8ClampedArray;
}

/**
 * The samples of a JPEG, interleaved, YCbCr turned into RGB: for what browsers decode wrongly or not at all. Those of
 * four colours come inverted, as Adobe stores them.
 * @throws WinnowError `unreadable`
 */
export function decodeJpegSamples(bytes: Uint8Array): { data: Uint8Array; width: number; height: number } {
  const Decoder = (UTIF as unknown as { JpegDecoder: new () => JpegDecoder }).JpegDecoder;
  const decoder = new Decoder();
  try {
    decoder.parse(bytes);
    const { width, height } = decoder;
    const samples = decoder.getData({ width, height, forceRGB: false, isSourcePDF: false });
    return { data: new Uint8Array(samples.buffer, samples.byteOffset, samples.length), width, height };
  } catch (cause) {
    throw new WinnowError(
      "unreadable",
      "The JPEG is damaged and cannot be decoded. Copy the file again from its source.",
      {},
      { cause },
    );
  }
}

import type { ImageFormat } from "../image/sniff.ts";

/**
 * What the pixels of one image say about its quality. Taken from the decoded 8-bit RGB pixels at full resolution, EXIF
 * orientation applied, transparency on white. The four scores are CleanVision's: 0…1, low is bad.
 */
export interface ImageMeasures {
  /** The 99th percentile of brightness. */
  dark: number;
  /** 1 − the 5th percentile of brightness. */
  light: number;
  /** A tenth of the entropy, in bits, of the three channels' histograms put one after the other; at most 1. */
  lowInformation: number;
  /** From the edges and the histogram of the image shrunk to 64 pixels. */
  blurry: number;
  /** The largest difference between two channels of one pixel, 0…255; at most 2 in a grey image. */
  channelSpread: number;
  /** Variance of the Laplacian of the grey image, 0 and up. */
  sharpness: number;
  /** Mean of grey over its standard deviation; 0 for a flat image. */
  signalToNoise: number;
  /** Standard deviation of grey, 0…0.5 of the full range. */
  contrast: number;
  /** Means of the channels, 0…255. */
  meanRed: number;
  meanGreen: number;
  meanBlue: number;
  /** 64-bit DCT hash, 16 lower-case hex digits; the same as imagehash's `phash`. */
  perceptualHash: string;
  /** 64-bit hash of all pixels and the size, 16 lower-case hex digits. */
  pixelHash: string;
  /** What the file is by its content. */
  format: ImageFormat;
}

/** The measures that are numbers, in the order in which columns hold them. */
export const numberMeasures = [
  "dark",
  "light",
  "lowInformation",
  "blurry",
  "channelSpread",
  "sharpness",
  "signalToNoise",
  "contrast",
  "meanRed",
  "meanGreen",
  "meanBlue",
] as const satisfies readonly (keyof ImageMeasures)[];

export type NumberMeasure = (typeof numberMeasures)[number];

/** A grey image may have been stored with rounding: its channels differ by this much at most. */
export const greySpread = 2;

import type { Check } from "../../core/quality/issueTable.ts";
import type { AdjustableCheck } from "../../core/quality/qualitySettings.ts";

/** What a check looks at, in a sentence. */
export const checkTexts: Readonly<Record<Check, string>> = {
  dark: "Even the brightest parts are dark: the 99th percentile of brightness is under the threshold.",
  light: "Even the darkest parts are bright, as in an overexposed image.",
  odd_aspect_ratio: "A long strip: the shorter side over the longer one is under the threshold.",
  low_information: "Few different colours, as in a blank page or a covered lens.",
  blurry: "No sharp edges at the size of a thumbnail.",
  grayscale: "No colour: red, green and blue are equal in every pixel.",
  odd_size: "Much larger or much smaller than the other images.",
  exact_duplicate: "The same bytes, or the same pixels in another file.",
  near_duplicate:
    "Nearly the same: bursts, copies that were resized, cropped or saved again. Images nearer to one another than the threshold are in one group.",
  outlier: "Far from all others, such as an image that is there by mistake.",
  label: "A label that the image's neighbours speak against.",
};

/** How far something can be moved. */
export interface SliderRange {
  least: number;
  most: number;
  step: number;
}

const score: SliderRange = { least: 0, most: 1, step: 0.005 };

/** How far a threshold can be moved. */
export const sliderRanges: Readonly<Record<AdjustableCheck, SliderRange>> = {
  dark: score,
  // Nearly every image has some dark parts.
  light: { least: 0, most: 0.5, step: 0.0025 },
  odd_aspect_ratio: score,
  low_information: score,
  blurry: score,
  odd_size: score,
  near_duplicate: { least: 0.1, most: 0.5, step: 0.005 },
  outlier: score,
};

export const isAdjustable = (check: Check): check is AdjustableCheck => check in sliderRanges;

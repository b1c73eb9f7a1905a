import type { ImageTable } from "../imageTable.ts";
import { greySpread } from "./measures.ts";
import { oddSizeScores } from "./oddSize.ts";

/** The checks of single images, in the order in which people see them; the names stand in `winnow check`'s columns. */
export const qualityChecks = [
  "dark",
  "light",
  "odd_aspect_ratio",
  "low_information",
  "blurry",
  "grayscale",
  "odd_size",
] as const;

export type QualityCheck = (typeof qualityChecks)[number];

/** An image has an issue when its score is under the check's threshold, 0…1. */
export type Thresholds = Readonly<Record<QualityCheck, number>>;

/** CleanVision's; grey is yes or no, so its threshold only tells 0 from 1. */
export const defaultThresholds: Thresholds = {
  dark: 0.32,
  light: 0.05,
  odd_aspect_ratio: 0.35,
  low_information: 0.3,
  blurry: 0.29,
  grayscale: 0.5,
  odd_size: 0.5,
};

/** Scores by row, 0…1, low is bad; NaN where an image was not measured. */
export type QualityScores = Readonly<Record<QualityCheck, Float32Array>>;

export interface CheckResult {
  scores: Float32Array;
  /** Rows with the issue, ascending. */
  flagged: Uint32Array;
}

/** Scores of all images; they do not depend on thresholds. Some are views of the table's columns. */
export function qualityScores(images: ImageTable): QualityScores {
  const { length: rows, measures } = images;
  return {
    dark: measures.column("dark", rows),
    light: measures.column("light", rows),
    odd_aspect_ratio: aspectScores(images),
    low_information: measures.column("lowInformation", rows),
    blurry: measures.column("blurry", rows),
    grayscale: measures.column("channelSpread", rows).map(colourScore),
    odd_size: oddSizeScores(images),
  };
}

/** Rows whose score is under a threshold, ascending. A score that is missing is no issue. */
export function rowsUnder(scores: Float32Array, threshold: number): Uint32Array {
  let count = 0;
  for (let row = 0; row < scores.length; row++) if (isUnder(scores[row]!, threshold)) count++;
  const rows = new Uint32Array(count);
  for (let row = 0, at = 0; at < count; row++) if (isUnder(scores[row]!, threshold)) rows[at++] = row;
  return rows;
}

/** Every check's scores and the rows that it flags. */
export function issueRows(
  images: ImageTable,
  thresholds: Thresholds = defaultThresholds,
): Record<QualityCheck, CheckResult> {
  const scores = qualityScores(images);
  const results = qualityChecks.map((check) => {
    const result: CheckResult = { scores: scores[check], flagged: rowsUnder(scores[check], thresholds[check]) };
    return [check, result] as const;
  });
  return Object.fromEntries(results) as Record<QualityCheck, CheckResult>;
}

/** Scores are stored in 32 bits: compared in 32 bits, a score that equals the threshold is not under it. */
const isUnder = (score: number, threshold: number): boolean => score < Math.fround(threshold);

/** 0 for a grey image, 1 for one with colour. */
const colourScore = (spread: number): number => (Number.isNaN(spread) ? spread : spread > greySpread ? 1 : 0);

function aspectScores(images: ImageTable): Float32Array {
  const scores = new Float32Array(images.length);
  for (let row = 0; row < scores.length; row++) {
    const [width, height] = [images.width(row), images.height(row)];
    scores[row] = Math.min(width, height) / Math.max(width, height);
  }
  return scores;
}

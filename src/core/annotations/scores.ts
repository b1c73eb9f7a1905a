import { type AnnotationSet, instancesOf } from "./annotationSet.ts";
import { naturalEntropy, type Uncertainties, uncertaintiesOf } from "./uncertainty.ts";

/** What a configuration calls the scores of images (`SCORES`, `score`). */
export const scoreNames = [
  "uncertainty_least_confidence",
  "uncertainty_margin",
  "uncertainty_entropy",
  "objectness_least_confidence",
  "object_frequency",
  "mean_uncertainty",
  "hardness",
  "confidence",
] as const;

export type ScoreName = (typeof scoreNames)[number];

export interface ImageScores {
  name: ScoreName;
  /** By row, as many as the set knows; NaN: the set says nothing of this image. */
  values: Float64Array;
  /** Images whose predictions held NaN: they count as 0. */
  unreadable: number;
}

/** How much more another object of a class that is there already counts than none (Lightly's object frequency). */
const repeatedClass = 0.25;
/** What the image with the fewest objects gets; the one with the most gets 1. */
const leastFrequency = 0.9;

/** The scores that make sense for a set; empty for labels, whose confidence is not in question. */
export function scoresOf(set: AnnotationSet): ScoreName[] {
  if (set.role === "labels") return [];
  const graded = set.scores !== null || set.probabilities !== null;
  const uncertainties: ScoreName[] = graded
    ? ["uncertainty_least_confidence", "uncertainty_margin", "uncertainty_entropy"]
    : [];
  const confidence: ScoreName[] = graded ? ["confidence"] : [];
  switch (set.type) {
    case "classification":
      return [...confidence, ...uncertainties, ...(set.probabilities ? (["hardness"] as const) : [])];
    case "keypoint-detection":
      return [...confidence, "mean_uncertainty", ...objects(set)];
    case "semantic-segmentation":
      return [...confidence, ...uncertainties];
    case "object-detection":
    case "instance-segmentation":
      return [...confidence, ...uncertainties, ...objects(set)];
  }
}

const objects = ({ scores }: AnnotationSet): ScoreName[] =>
  scores ? ["objectness_least_confidence", "object_frequency"] : ["object_frequency"];

/**
 * One number an image from a set of predictions, exactly as specs of selection define them:
 * - uncertainties of the probabilities, or of [score, 1 − score] where there are none: those of the one instance of a
 *   classification, the largest of an image's boxes, the mean of its segments;
 * - objectness least confidence 1 − mean score; object frequency Σ over present classes of 1 + ¼ (count − 1), mapped
 *   onto 0.9 … 1 over the images with objects; mean uncertainty 1 − the mean over instances of their keypoints' mean
 *   confidence; hardness, the natural-log entropy; confidence, the highest.
 * An image without any instance has 0; one of which the set says nothing has NaN.
 */
export function imageScores(set: AnnotationSet, name: ScoreName): ImageScores {
  const rows = set.known.length;
  const values = new Float64Array(rows).fill(Number.NaN);
  const score = rowScore(set, name);
  let unreadable = 0;
  for (let row = 0; row < rows; row++) {
    if (!set.known[row]) continue;
    const value = instancesOf(set, row) === 0 ? 0 : score(set.first[row]!, set.first[row + 1]!);
    if (Number.isNaN(value)) unreadable++;
    values[row] = Number.isNaN(value) ? 0 : value;
  }
  if (name === "object_frequency") mapOntoFrequency(values);
  return { name, values, unreadable };
}

type RowScore = (first: number, end: number) => number;

function rowScore(set: AnnotationSet, name: ScoreName): RowScore {
  switch (name) {
    case "uncertainty_least_confidence":
      return uncertainty(set, ({ leastConfidence }) => leastConfidence);
    case "uncertainty_margin":
      return uncertainty(set, ({ margin }) => margin);
    case "uncertainty_entropy":
      return uncertainty(set, ({ entropy }) => entropy);
    case "objectness_least_confidence":
      return (first, end) => 1 - meanOf(first, end, (at) => set.scores![at]!);
    case "object_frequency":
      return frequency(set);
    case "mean_uncertainty":
      return (first, end) => 1 - meanOf(first, end, (at) => keypointConfidence(set, at));
    case "hardness":
      return (first) => naturalEntropy(set.probabilities!, first * set.classes.length, set.classes.length);
    case "confidence":
      return (first, end) => extreme(first, end, (at) => confidenceOf(set, at));
  }
}

function uncertainty(set: AnnotationSet, pick: (of: Uncertainties) => number): RowScore {
  const { probabilities, scores, classes } = set;
  const width = classes.length;
  const one = (at: number): number => {
    const own = probabilities !== null && !Number.isNaN(probabilities[at * width]);
    return pick(
      own ? uncertaintiesOf(probabilities, at * width, width) : uncertaintiesOf(scores ?? noScore, scores ? at : 0, 1),
    );
  };
  if (set.type === "classification") return (first) => one(first);
  if (set.type === "object-detection" || set.type === "keypoint-detection") {
    return (first, end) => extreme(first, end, one);
  }
  return (first, end) => meanOf(first, end, one);
}

const noScore = [Number.NaN];

/** The largest; one that is NaN counts as 0, all NaN is NaN. */
function extreme(first: number, end: number, of: (at: number) => number): number {
  let best = Number.NaN;
  for (let at = first; at < end; at++) {
    const value = of(at);
    if (!(value <= best) && !Number.isNaN(value)) best = value;
  }
  return best;
}

/** The mean of those that are not NaN. */
function meanOf(first: number, end: number, of: (at: number) => number): number {
  let sum = 0;
  let count = 0;
  for (let at = first; at < end; at++) {
    const value = of(at);
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

/** How sure a set is of an instance's class: its score, otherwise its highest probability. */
export function confidenceOf({ scores, probabilities, classes }: AnnotationSet, at: number): number {
  const score = scores?.[at] ?? Number.NaN;
  if (!Number.isNaN(score) || probabilities === null) return score;
  let best = Number.NaN;
  for (let c = 0; c < classes.length; c++) {
    const p = probabilities[at * classes.length + c]!;
    if (!(p <= best)) best = p;
  }
  return best;
}

function keypointConfidence({ shapes }: AnnotationSet, at: number): number {
  const shape = shapes?.[at];
  if (shape?.kind !== "keypoints") return Number.NaN;
  return meanOf(0, shape.points.length / 3, (point) => shape.points[3 * point + 2]!);
}

function frequency({ classOf, classes }: AnnotationSet): RowScore {
  const seen = new Uint32Array(classes.length);
  return (first, end) => {
    let sum = 0;
    for (let at = first; at < end; at++) sum += seen[classOf[at]!]!++ === 0 ? 1 : repeatedClass;
    for (let at = first; at < end; at++) seen[classOf[at]!] = 0;
    return sum;
  };
}

/** Images without objects keep 0 and do not count for the range. */
function mapOntoFrequency(values: Float64Array): void {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of values) {
    if (!(value > 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  for (const [row, value] of values.entries()) {
    if (!(value > 0)) continue;
    values[row] = high === low ? 1 : leastFrequency + ((1 - leastFrequency) * (value - low)) / (high - low);
  }
}

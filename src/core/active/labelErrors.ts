import { WinnowError } from "../errors.ts";
import type { Task } from "../task.ts";
import { type ConfidentJoint, confidentJoint, type JudgedLabels } from "./confidentJoint.ts";
import { likeliest } from "./probeReport.ts";
import { prunedByClass, prunedByNoiseRate } from "./pruning.ts";

/** How labels are picked out as probably wrong; cleanlab's names. */
export const labelFilters = [
  "prune_by_noise_rate",
  "prune_by_class",
  "both",
  "confident_learning",
  "predicted_neq_given",
  "low_self_confidence",
  "low_normalized_margin",
] as const;
export type LabelFilter = (typeof labelFilters)[number];

/** What suspicious labels are ordered by; cleanlab's names. */
export const labelRankings = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"] as const;
export type LabelRanking = (typeof labelRankings)[number];

export interface LabelErrors {
  /** Places among the judged labels of those that are probably wrong, most suspicious first. */
  issues: Uint32Array;
  /**
   * The other labels that are not the likeliest class, in the same order: filters are cautious, and on some hundred
   * images miss every fifth wrong label that these still hold.
   */
  others: Uint32Array;
  /** By judged label: 0 … 1, low = suspicious. */
  scores: Float64Array;
  /** By judged label: the likeliest class, which is what the label should probably be. */
  suggested: Uint32Array;
}

export interface LabelErrorOptions {
  filter?: LabelFilter;
  ranking?: LabelRanking;
}

/** Two probabilities that are closer count as equal. */
const closeness = 1e-6;

/**
 * Labels that are probably wrong, by confident learning (Northcutt et al. 2021) with the details of cleanlab 2.9: the
 * same input gives the same rows. A label whose class is the likeliest is never among them.
 * @throws WinnowError `shape` for a label that is no class, or a row of probabilities that does not sum to 1 within 1 %
 */
export function* labelErrors(
  judged: JudgedLabels,
  { filter = "prune_by_noise_rate", ranking = "self_confidence" }: LabelErrorOptions = {},
): Task<LabelErrors> {
  requireJudged(judged);
  const total = 4;
  yield { done: 0, total };
  const scores = labelScores(judged, ranking);
  yield { done: 1, total };
  const joint = confidentJoint(judged);
  yield { done: 2, total };
  const flagged = filtered(judged, joint, filter);
  yield { done: 3, total };
  const { labels, probabilities, classes } = judged;
  const suggested = Uint32Array.from(labels, (_, i) => likeliest(probabilities, i * classes, classes));
  const doubted = Uint32Array.from(labels.keys())
    .filter((i) => {
      const [given, best] = [probabilities[i * classes + labels[i]!]!, probabilities[i * classes + suggested[i]!]!];
      return given < best - closeness;
    })
    .sort((a, b) => scores[a]! - scores[b]! || a - b);
  return {
    issues: doubted.filter((i) => flagged[i] === 1),
    others: doubted.filter((i) => flagged[i] === 0),
    scores,
    suggested,
  };
}

function filtered(judged: JudgedLabels, joint: ConfidentJoint, filter: LabelFilter): Uint8Array {
  const { labels, probabilities, classes } = judged;
  const confident = (): Uint8Array =>
    Uint8Array.from(labels, (label, i) => (joint.guesses[i]! >= 0 && joint.guesses[i] !== label ? 1 : 0));
  switch (filter) {
    case "prune_by_noise_rate":
      return prunedByNoiseRate(judged, joint);
    case "prune_by_class":
      return prunedByClass(judged, joint);
    case "both": {
      const other = prunedByClass(judged, joint);
      return prunedByNoiseRate(judged, joint).map((flag, i) => flag & other[i]!);
    }
    case "confident_learning":
      return confident();
    case "predicted_neq_given":
      return Uint8Array.from(labels, (label, i) => (likeliest(probabilities, i * classes, classes) === label ? 0 : 1));
    case "low_self_confidence":
    case "low_normalized_margin": {
      // As many as confident learning finds, but those with the lowest scores.
      const issues = confident();
      const count = issues.reduce((sum, flag) => sum + flag, 0);
      const scores = labelScores(judged, filter === "low_self_confidence" ? "self_confidence" : "normalized_margin");
      const order = Uint32Array.from(labels.keys()).sort((a, b) => scores[a]! - scores[b]! || a - b);
      issues.fill(0);
      for (const i of order.subarray(0, count)) issues[i] = 1;
      return issues;
    }
  }
}

/**
 * How good each label is, 0 … 1, low = suspicious: self-confidence P[label]; normalised margin (P[label] − the largest
 * other + 1) / 2; confidence-weighted entropy ln(1 + e) / e with e = entropy / ln(classes) / P[label].
 */
export function labelScores({ labels, probabilities, classes }: JudgedLabels, ranking: LabelRanking): Float64Array {
  return Float64Array.from(labels, (label, i) => {
    const own = probabilities[i * classes + label]!;
    if (ranking === "self_confidence") return own;
    if (ranking === "normalized_margin") {
      let other = classes > 1 ? Number.NEGATIVE_INFINITY : 0;
      for (let c = 0; c < classes; c++) {
        if (c !== label) other = Math.max(other, probabilities[i * classes + c]!);
      }
      return (own - other + 1) / 2;
    }
    const weighted = Math.max(
      closeness,
      normalisedEntropy(probabilities, i * classes, classes) / Math.max(closeness, own),
    );
    return Math.log(weighted + 1) / weighted;
  });
}

/** 0 … 1; of a single class 0. */
function normalisedEntropy(probabilities: Float32Array, at: number, classes: number): number {
  let entropy = 0;
  for (let c = 0; c < classes; c++) {
    const p = probabilities[at + c]!;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return classes > 1 ? entropy / Math.log(classes) : 0;
}

function requireJudged({ labels, probabilities, classes }: JudgedLabels): void {
  if (probabilities.length !== labels.length * classes) {
    throw new WinnowError(
      "shape",
      `expected ${labels.length} × ${classes} probabilities, got ${probabilities.length} in all`,
    );
  }
  for (const [i, label] of labels.entries()) {
    if (label >= classes) throw new WinnowError("shape", `label ${i} is class ${label} of ${classes}`);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += probabilities[i * classes + c]!;
    if (!(Math.abs(sum - 1) <= 0.01)) {
      throw new WinnowError("shape", `the probabilities of label ${i} sum to ${sum}, expected 1`, { row: i });
    }
  }
}

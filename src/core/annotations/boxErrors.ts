import type { Task } from "../task.ts";
import type { AnnotationSet } from "./annotationSet.ts";
import { boxOverlap } from "./boxOverlap.ts";
import { type BoxThresholds, defaultBoxThresholds } from "./boxThresholds.ts";
import { type KeptBox, keptLookup, type NamedBox } from "./keptBox.ts";

/** What may be wrong with the boxes of an image, in the order in which it is listed. */
export const boxIssues = ["missing", "spurious", "badly placed", "swapped"] as const;
export type BoxIssue = (typeof boxIssues)[number];

/** What a comparison of boxes needs of a set: this crosses to a worker. */
export type ComparedBoxes = Pick<AnnotationSet, "classes" | "known" | "first" | "classOf" | "scores" | "boxes">;

export const comparedBoxes = ({ classes, known, first, classOf, scores, boxes }: ComparedBoxes): ComparedBoxes => ({
  classes,
  known,
  first,
  classOf,
  scores,
  boxes,
});

/** Which boxes are compared, and how. */
export interface BoxComparison {
  labels: ComparedBoxes;
  predictions: ComparedBoxes;
  /** Default {@link defaultBoxThresholds}. */
  thresholds?: BoxThresholds;
  /** Boxes that a person found right: they are not suspicious again. */
  kept?: readonly KeptBox[];
}

/** Suspicious boxes in columns, the most suspicious first; of equal ones those of earlier images. */
export interface BoxErrors {
  /** By image, 0…1, low is bad; NaN where labels or predictions say nothing of it. Kept boxes count as all others. */
  scores: Float32Array;
  /** By suspicious box its image, its place in {@link boxIssues}, and 0…1, low is suspicious. */
  rows: Uint32Array;
  issues: Uint8Array;
  suspicion: Float32Array;
  /** By suspicious box the instance of the labels, and the one of the predictions that contradicts it; −1: none. */
  label: Int32Array;
  prediction: Int32Array;
}

/** One box that is probably wrong. What it is about is held by value: it can be found again after the set has changed. */
export interface SuspiciousBox {
  row: number;
  issue: BoxIssue;
  /** The label; null where one is missing. */
  given: NamedBox | null;
  /** What the predictions say instead; null where they say that nothing is there. */
  suggested: NamedBox | null;
  /** 0…1, low is suspicious: how little the predictions contradict the label. 0.5 for a spurious one: nothing is said of it. */
  score: number;
}

/** How much the worst box of an image decides over the others (the temperature of ObjectLab's soft minimum). */
const temperature = 0.1;
/** Images between two reports: some milliseconds of work. */
const rowsPerReport = 500;

/** Whether labels and predictions can be compared box by box. */
export const canCompareBoxes = (labels: AnnotationSet, predictions: AnnotationSet): boolean =>
  labels.role === "labels" && predictions.role === "predictions" && labels.boxes !== null && predictions.boxes !== null;

/**
 * Suspicious boxes, by predictions of the same images (specs/quality.md; ObjectLab, Tkachenko et al. 2023). Boxes match
 * greedily, the surest prediction first, at an overlap of at least `overlap`, those of the same class before others.
 * A sure prediction (over `sure`) without a label: a box is missing. A label without a prediction: it is spurious. A
 * label whose sure prediction is of another class: it is swapped. A matched pair with a localisation mistakenness
 * (c · (2 i − 1) + 1) / 2 over `misplaced`, i = (1 − IoU) / (1 − `overlap`): it is badly placed.
 *
 * The score of an image is the geometric mean of three, each a soft minimum over boxes, 1 without any: of sure
 * predictions their overlap with a label of their class (overlooked); of labels their overlap with a prediction of their
 * class (badly located); of labels 1 − the confidence of a prediction of another class that matches (swapped).
 * Classes are the same by their names. A prediction without a confidence counts as not sure.
 */
export function* boxErrors({
  labels,
  predictions,
  thresholds = defaultBoxThresholds,
  kept = [],
}: BoxComparison): Task<BoxErrors> {
  const classOf = new Map(labels.classes.map((name, id) => [name, id]));
  const classIds = predictions.classes.map((name) => classOf.get(name) ?? -1);
  const rows = Math.min(labels.known.length, predictions.known.length);
  const scores = new Float32Array(rows).fill(Number.NaN);
  const lookup = keptLookup(kept);
  const isKept = ({ label, at }: SuspiciousPair, row: number): boolean =>
    kept.length > 0 && lookup(row, namedBox(labels, label), namedBox(predictions, at));
  const found: (SuspiciousPair & { row: number })[] = [];
  for (let row = 0; row < rows; row++) {
    if (row % rowsPerReport === 0) yield { done: row, total: rows };
    if (labels.known[row] !== 1 || predictions.known[row] !== 1) continue;
    const { score, pairs } = ofImage(labels, predictions, classIds, thresholds, row);
    scores[row] = score;
    for (const pair of pairs) if (!isKept(pair, row)) found.push({ row, ...pair });
  }
  found.sort((a, b) => a.score - b.score || a.row - b.row);
  return {
    scores,
    rows: Uint32Array.from(found, ({ row }) => row),
    issues: Uint8Array.from(found, ({ issue }) => boxIssues.indexOf(issue)),
    suspicion: Float32Array.from(found, ({ score }) => score),
    label: Int32Array.from(found, ({ label }) => label),
    prediction: Int32Array.from(found, ({ at }) => at),
  };
}

/** The images with one issue, ascending. */
export function rowsWithIssue({ rows, issues }: BoxErrors, issue: BoxIssue): Uint32Array {
  const wanted = boxIssues.indexOf(issue);
  return Uint32Array.from(new Set(rows.filter((_, i) => issues[i] === wanted))).sort();
}

/** What was found, each with what it is about; `labels` and `predictions` are those that were compared. */
export const suspiciousBoxes = (labels: ComparedBoxes, predictions: ComparedBoxes, found: BoxErrors): SuspiciousBox[] =>
  Array.from(found.rows, (row, i) => ({
    row,
    issue: boxIssues[found.issues[i]!]!,
    given: namedBox(labels, found.label[i]!),
    suggested: namedBox(predictions, found.prediction[i]!),
    score: found.suspicion[i]!,
  }));

function namedBox({ classes, classOf, boxes }: ComparedBoxes, at: number): NamedBox | null {
  if (at < 0) return null;
  const [x, y, width, height] = boxes!.subarray(4 * at, 4 * at + 4);
  return { name: classes[classOf[at]!]!, box: [x!, y!, width!, height!] };
}

/** A suspicious label (−1: none) with the prediction that contradicts it (−1: none). */
interface SuspiciousPair {
  issue: BoxIssue;
  label: number;
  at: number;
  score: number;
}

function ofImage(
  labels: ComparedBoxes,
  predictions: ComparedBoxes,
  classIds: readonly number[],
  thresholds: BoxThresholds,
  row: number,
): { score: number; pairs: SuspiciousPair[] } {
  const { overlap: sameObject, sure, misplaced, least } = thresholds;
  const [firstLabel, endLabel] = [labels.first[row]!, labels.first[row + 1]!];
  // In a set of several kinds not everything has a box.
  const own = Array.from({ length: endLabel - firstLabel }, (_, i) => firstLabel + i).filter(
    (label) => !Number.isNaN(labels.boxes![4 * label]!),
  );
  const sureness = (at: number): number => {
    const score = predictions.scores?.[at] ?? Number.NaN;
    return score >= 0 && score <= 1 ? score : 0;
  };
  const said = Array.from(
    { length: predictions.first[row + 1]! - predictions.first[row]! },
    (_, i) => predictions.first[row]! + i,
  )
    .filter((at) => !((predictions.scores?.[at] ?? Number.NaN) < least || Number.isNaN(predictions.boxes![4 * at]!)))
    .sort((a, b) => sureness(b) - sureness(a) || a - b);
  const overlap = (label: number, at: number): number => boxOverlap(labels.boxes!, label, predictions.boxes!, at);
  const sameClass = (label: number, at: number): boolean =>
    labels.classOf[label] === classIds[predictions.classOf[at]!];

  const partner = new Map<number, number>();
  const taken = new Set<number>();
  for (const wantSame of [true, false]) {
    for (const at of said) {
      if (taken.has(at)) continue;
      let best = -1;
      let most = 0;
      for (const label of own) {
        if (partner.has(label) || sameClass(label, at) !== wantSame) continue;
        const shared = overlap(label, at);
        if (shared >= sameObject && shared > most) [best, most] = [label, shared];
      }
      if (best < 0) continue;
      partner.set(best, at);
      taken.add(at);
    }
  }

  const pairs: SuspiciousPair[] = [];
  for (const at of said) {
    if (!taken.has(at) && sureness(at) > sure) pairs.push({ issue: "missing", label: -1, at, score: 1 - sureness(at) });
  }
  const located: number[] = [];
  const unswapped: number[] = [];
  for (const label of own) {
    const at = partner.get(label);
    if (at === undefined) {
      pairs.push({ issue: "spurious", label, at: -1, score: 0.5 });
      continue;
    }
    if (!sameClass(label, at)) {
      if (sureness(at) > sure) pairs.push({ issue: "swapped", label, at, score: 1 - sureness(at) });
      unswapped.push(1 - sureness(at));
      continue;
    }
    const shared = overlap(label, at);
    located.push(shared);
    unswapped.push(1);
    const apart = (1 - shared) / (1 - sameObject);
    const mistaken = (sureness(at) * (2 * apart - 1) + 1) / 2;
    if (mistaken > misplaced) pairs.push({ issue: "badly placed", label, at, score: 1 - mistaken });
  }
  const overlooked = said
    .filter((at) => sureness(at) > sure)
    .map((at) => own.reduce((most, label) => Math.max(most, sameClass(label, at) ? overlap(label, at) : 0), 0));
  const score = Math.cbrt(softMinimum(overlooked) * softMinimum(located) * softMinimum(unswapped));
  return { score, pairs };
}

/** Near the smallest value, yet every one counts; 1 for none. */
function softMinimum(values: readonly number[]): number {
  if (values.length === 0) return 1;
  let weights = 0;
  let sum = 0;
  for (const value of values) {
    const weight = Math.exp((1 - value) / temperature);
    weights += weight;
    sum += weight * value;
  }
  return sum / weights;
}

import type { NumberField, SetsField } from "../explore/field.ts";
import { RowSet } from "../rowSet.ts";
import type { AnnotationSet } from "./annotationSet.ts";
import { boxOverlap } from "./boxOverlap.ts";
import { scoreFieldId } from "./fieldIds.ts";

/** What may be wrong with the boxes of an image, in the order in which it is listed. */
export const boxIssues = ["missing", "spurious", "badly placed", "swapped"] as const;
export type BoxIssue = (typeof boxIssues)[number];

export interface BoxErrors {
  /** By row, 0…1, low is bad; NaN where labels or predictions say nothing of the image. */
  scores: Float32Array;
  /** Rows with each issue, ascending. */
  rows: Record<BoxIssue, Uint32Array>;
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

export interface NamedBox {
  /** Of the class. */
  name: string;
  /** x, y, width, height in pixels of the upright image. */
  box: readonly [number, number, number, number];
}

/** Boxes that overlap less are of different objects. */
const sameObject = 0.5;
/** Predictions that are this sure contradict a label. */
const confident = 0.95;
/** Localisation mistakenness over which a box is badly placed: a sure prediction overlaps it by less than 0.6. */
const misplaced = 0.8;
/** How much the worst box of an image decides over the others (the temperature of ObjectLab's soft minimum). */
const temperature = 0.1;

/** Whether labels and predictions can be compared box by box. */
export const canCompareBoxes = (labels: AnnotationSet, predictions: AnnotationSet): boolean =>
  labels.role === "labels" && predictions.role === "predictions" && labels.boxes !== null && predictions.boxes !== null;

/**
 * Suspicious boxes, by predictions of the same images (specs/quality.md; ObjectLab, Tkachenko et al. 2023). Boxes match
 * greedily, the surest prediction first, at an overlap of at least 0.5, those of the same class before others.
 * A sure prediction (over 0.95) without a label: a box is missing. A label without a prediction: it is spurious. A label
 * whose sure prediction is of another class: it is swapped. A matched pair with a localisation mistakenness
 * (c · (2 i − 1) + 1) / 2 over 0.8, i = (1 − IoU) / 0.5: it is badly placed.
 *
 * The score of an image is the geometric mean of three, each a soft minimum over boxes, 1 without any: of sure
 * predictions their overlap with a label of their class (overlooked); of labels their overlap with a prediction of their
 * class (badly located); of labels 1 − the confidence of a prediction of another class that matches (swapped).
 * Classes are the same by their names. A prediction without a confidence counts as not sure.
 */
export function boxErrors(labels: AnnotationSet, predictions: AnnotationSet): BoxErrors {
  const rows = Math.min(labels.known.length, predictions.known.length);
  const scores = new Float32Array(rows).fill(Number.NaN);
  const found: Record<BoxIssue, number[]> = { missing: [], spurious: [], "badly placed": [], swapped: [] };
  for (const { row, score, pairs } of judgedImages(labels, predictions)) {
    scores[row] = score;
    for (const issue of new Set(pairs.map((pair) => pair.issue))) found[issue].push(row);
  }
  const ascending = boxIssues.map((issue) => [issue, Uint32Array.from(found[issue])] as const);
  return { scores, rows: Object.fromEntries(ascending) as Record<BoxIssue, Uint32Array> };
}

/** Each box that {@link boxErrors} finds suspicious, the most suspicious first; of equal ones those of earlier images. */
export function suspiciousBoxes(labels: AnnotationSet, predictions: AnnotationSet): SuspiciousBox[] {
  const found: SuspiciousBox[] = [];
  for (const { row, pairs } of judgedImages(labels, predictions)) {
    for (const { issue, label, at, score } of pairs) {
      found.push({
        row,
        issue,
        given: label < 0 ? null : namedBox(labels, label),
        suggested: at < 0 ? null : namedBox(predictions, at),
        score,
      });
    }
  }
  return found.sort((a, b) => a.score - b.score || a.row - b.row);
}

function namedBox({ classes, classOf, boxes }: AnnotationSet, at: number): NamedBox {
  const [x, y, width, height] = boxes!.subarray(4 * at, 4 * at + 4);
  return { name: classes[classOf[at]!]!, box: [x!, y!, width!, height!] };
}

/** The images of which both say something. */
function* judgedImages(
  labels: AnnotationSet,
  predictions: AnnotationSet,
): Generator<{ row: number; score: number; pairs: SuspiciousPair[] }> {
  const classOf = new Map(labels.classes.map((name, id) => [name, id]));
  const classIds = predictions.classes.map((name) => classOf.get(name) ?? -1);
  const rows = Math.min(labels.known.length, predictions.known.length);
  for (let row = 0; row < rows; row++) {
    if (labels.known[row] !== 1 || predictions.known[row] !== 1) continue;
    yield { row, ...ofImage(labels, predictions, classIds, row) };
  }
}

/** A suspicious label (−1: none) with the prediction that contradicts it (−1: none). */
interface SuspiciousPair {
  issue: BoxIssue;
  label: number;
  at: number;
  score: number;
}

function ofImage(
  labels: AnnotationSet,
  predictions: AnnotationSet,
  classIds: readonly number[],
  row: number,
): { score: number; pairs: SuspiciousPair[] } {
  const [firstLabel, endLabel] = [labels.first[row]!, labels.first[row + 1]!];
  const own = Array.from({ length: endLabel - firstLabel }, (_, i) => firstLabel + i);
  const sureness = (at: number): number => {
    const score = predictions.scores?.[at] ?? Number.NaN;
    return score >= 0 && score <= 1 ? score : 0;
  };
  const said = Array.from(
    { length: predictions.first[row + 1]! - predictions.first[row]! },
    (_, i) => predictions.first[row]! + i,
  ).sort((a, b) => sureness(b) - sureness(a) || a - b);
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
    if (!taken.has(at) && sureness(at) > confident)
      pairs.push({ issue: "missing", label: -1, at, score: 1 - sureness(at) });
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
      if (sureness(at) > confident) pairs.push({ issue: "swapped", label, at, score: 1 - sureness(at) });
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
    .filter((at) => sureness(at) > confident)
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

/** The score and the issues as fields of every image. */
export function boxErrorFields(labels: AnnotationSet, predictions: AnnotationSet): [NumberField, SetsField] {
  const { scores, rows } = boxErrors(labels, predictions);
  const of = `${labels.name} by ${predictions.name}`;
  return [
    {
      id: scoreFieldId(predictions.id, "box_quality"),
      title: `Box quality: ${of}`,
      kind: "number",
      unit: "score",
      values: scores,
      hint: "Low where boxes of the labels are probably missing, badly placed or of the wrong class, as confident predictions see it.",
    },
    {
      id: `box_issues:${predictions.id}`,
      title: `Box issues: ${of}`,
      kind: "sets",
      names: boxIssues,
      sets: boxIssues.map((issue) => RowSet.of(rows[issue])),
      hint: "Missing: a sure prediction has no label. Spurious: a label has no prediction. Badly placed: they overlap by little. Swapped: a sure prediction names another class.",
    },
  ];
}

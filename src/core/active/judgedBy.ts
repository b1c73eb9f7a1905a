import { type AnnotationSet, classOfRow, instancesOf } from "../annotations/annotationSet.ts";
import type { JudgedLabels } from "./confidentJoint.ts";
import { labelledRows } from "./probeSet.ts";

/** Labels judged by imported predictions. */
export interface JudgedByPredictions {
  judged: JudgedLabels;
  /** The rows that have one label and a prediction with probabilities, ascending: what `judged` is about. */
  rows: Uint32Array;
  /** Those of the labels, then those that only the predictions have. */
  classes: string[];
}

/** Probabilities that sum to less say nothing. */
const leastSum = 0.5;

/** Brings labels and the probabilities of a classification under one list of classes; these are matched by name. */
export function judgedBy(labels: AnnotationSet, predictions: AnnotationSet): JudgedByPredictions {
  const { probabilities } = predictions;
  const classes = [...labels.classes];
  const place = new Map(classes.map((name, i) => [name, i]));
  const target = predictions.classes.map((name) => {
    const known = place.get(name);
    if (known !== undefined) return known;
    place.set(name, classes.length);
    return classes.push(name) - 1;
  });
  const width = predictions.classes.length;
  const usable = (row: number): boolean => {
    if (probabilities === null || instancesOf(predictions, row) !== 1) return false;
    const at = predictions.first[row]! * width;
    return probabilities.subarray(at, at + width).reduce((sum, p) => sum + p, 0) >= leastSum;
  };
  const rows = labelledRows(labels, labels.known.length).rows.filter(usable);
  const judged = new Float32Array(rows.length * classes.length);
  for (const [i, row] of rows.entries()) {
    const own = probabilities!.subarray(predictions.first[row]! * width, (predictions.first[row]! + 1) * width);
    const sum = own.reduce((all, p) => all + p, 0);
    for (const [c, p] of own.entries()) judged[i * classes.length + target[c]!]! += p / sum;
  }
  return {
    judged: {
      labels: rows.map((row) => classOfRow(labels, row)),
      probabilities: judged,
      classes: classes.length,
    },
    rows,
    classes,
  };
}

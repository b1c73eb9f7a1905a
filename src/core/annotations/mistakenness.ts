import { type AnnotationSet, classOfRow, instancesOf } from "./annotationSet.ts";
import { confidenceOf } from "./scores.ts";
import { naturalEntropy } from "./uncertainty.ts";

/**
 * How likely an image's label is wrong, by a classification's predictions (FiftyOne's mistakenness): with m = −1 where
 * label and prediction agree and +1 where not, (m·e^(−H) + 1)/2 with the natural-log entropy H of the probabilities, or
 * (m·c + 1)/2 with a confidence c only. 1 where there is no prediction; NaN where there is no label.
 * @returns by row of the labels
 */
export function mistakenness(labels: AnnotationSet, predictions: AnnotationSet): Float64Array {
  const place = new Map(predictions.classes.map((name, i) => [name, i]));
  const asPredicted = labels.classes.map((name) => place.get(name) ?? -1);
  return Float64Array.from({ length: labels.known.length }, (_, row) => {
    const label = classOfRow(labels, row);
    if (label < 0) return Number.NaN;
    if (instancesOf(predictions, row) === 0) return 1;
    const sure = sureness(predictions, predictions.first[row]!);
    const disagrees = classOfRow(predictions, row) === asPredicted[label] ? -1 : 1;
    return (disagrees * sure + 1) / 2;
  });
}

/** e^(−H) with probabilities, the confidence without; 1 where neither is given. */
function sureness(set: AnnotationSet, at: number): number {
  const { probabilities, classes } = set;
  if (probabilities) {
    const entropy = naturalEntropy(probabilities, at * classes.length, classes.length);
    if (!Number.isNaN(entropy)) return Math.exp(-entropy);
  }
  const confidence = confidenceOf(set, at);
  return Number.isNaN(confidence) ? 1 : confidence;
}

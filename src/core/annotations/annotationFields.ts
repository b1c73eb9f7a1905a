import type { CategoryField, Field, NumberField, SetsField } from "../explore/field.ts";
import { RowSet } from "../rowSet.ts";
import { runToEnd } from "../task.ts";
import { type AnnotationSet, classOfRow, instancesOf } from "./annotationSet.ts";
import { boxErrorFields } from "./boxErrorFields.ts";
import { boxErrors, canCompareBoxes } from "./boxErrors.ts";
import { type BoxThresholds, defaultBoxThresholds } from "./boxThresholds.ts";
import { classFieldId, countFieldId, scoreFieldId } from "./fieldIds.ts";
import type { KeptBox } from "./keptBox.ts";
import { mistakenness } from "./mistakenness.ts";
import { imageScores, type ScoreName, scoresOf } from "./scores.ts";

/** Each class of more gets no column of its own: they would fill the memory. A selection can still count any class. */
const mostCountedClasses = 50;

const scoreTitles: Readonly<Record<ScoreName, string>> = {
  uncertainty_least_confidence: "least confidence",
  uncertainty_margin: "margin uncertainty",
  uncertainty_entropy: "entropy uncertainty",
  objectness_least_confidence: "objectness least confidence",
  object_frequency: "object frequency",
  mean_uncertainty: "keypoint uncertainty",
  hardness: "hardness",
  confidence: "confidence",
};

const scoreHints: Readonly<Record<ScoreName, string>> = {
  uncertainty_least_confidence: "1 where the likeliest class is hardly likelier than chance, 0 where it is certain.",
  uncertainty_margin: "1 where the two likeliest classes are equally likely, 0 where one is certain.",
  uncertainty_entropy: "1 where all classes are equally likely, 0 where one is certain.",
  objectness_least_confidence: "1 minus the mean score of the objects.",
  object_frequency: "More where there are many objects of many classes.",
  mean_uncertainty: "1 minus the mean confidence of the keypoints.",
  hardness: "Entropy of the probabilities in nats: how hard the image is for the model.",
  confidence: "The highest score or probability.",
};

/** Several classes an image need a field of sets; one class an image is a category. */
const isSingle = (set: AnnotationSet): boolean =>
  set.type === "classification" && set.known.every((_, row) => instancesOf(set, row) <= 1);

/**
 * What a set says of every image, as fields: its class or classes, how many instances in all and of each of the 50
 * commonest classes, and the scores of {@link scoresOf}.
 */
export function annotationFields(set: AnnotationSet): Field[] {
  const fields: Field[] = [isSingle(set) ? categoryField(set) : setsField(set)];
  if (set.type !== "classification") fields.push(...countFields(set));
  for (const name of scoresOf(set)) {
    const { values } = imageScores(set, name);
    fields.push({
      ...scoreField(set, name, `${set.name}: ${scoreTitles[name]}`, values),
      hint: scoreHints[name],
    });
  }
  return fields;
}

/** The mistakenness of labels by a classification's predictions, as a score of those predictions. */
export const mistakennessField = (labels: AnnotationSet, predictions: AnnotationSet): NumberField => ({
  ...scoreField(
    predictions,
    "mistakenness",
    `${predictions.name}: mistakenness of ${labels.name}`,
    mistakenness(labels, predictions),
  ),
  hint: "Near 1 where a confident prediction contradicts the label.",
});

/** All fields of several sets; predictions judge the first labels of their kind: classes, or boxes. */
export function fieldsOfSets(
  sets: readonly (AnnotationSet & { keptBoxes?: readonly KeptBox[] })[],
  thresholds: BoxThresholds = defaultBoxThresholds,
): Field[] {
  const labels = sets.find(({ role, type }) => role === "labels" && type === "classification");
  return sets.flatMap((set) => {
    const judges = labels !== undefined && set.role === "predictions" && set.type === "classification";
    const boxes = sets.find((one) => canCompareBoxes(one, set));
    const compared = boxes && { labels: boxes, predictions: set, thresholds, kept: boxes.keptBoxes ?? [] };
    return [
      ...annotationFields(set),
      ...(judges ? [mistakennessField(labels, set)] : []),
      ...(boxes && compared
        ? boxErrorFields({ labels: boxes, predictions: set, found: runToEnd(boxErrors(compared)) })
        : []),
    ];
  });
}

const scoreField = (set: AnnotationSet, score: string, title: string, values: Float64Array): NumberField => ({
  id: scoreFieldId(set.id, score),
  title,
  kind: "number",
  unit: "score",
  values,
});

function categoryField(set: AnnotationSet): CategoryField {
  const ofRow = Int32Array.from(set.known, (_, row) => classOfRow(set, row));
  return { id: classFieldId(set), title: set.name, kind: "category", names: set.classes, ofRow };
}

function setsField(set: AnnotationSet): SetsField {
  const rows: number[][] = set.classes.map(() => []);
  for (let row = 0; row < set.known.length; row++) {
    for (let at = set.first[row]!; at < set.first[row + 1]!; at++) {
      const own = rows[set.classOf[at]!]!;
      if (own.at(-1) !== row) own.push(row);
    }
  }
  return { id: classFieldId(set), title: set.name, kind: "sets", names: set.classes, sets: rows.map(RowSet.of) };
}

function countFields(set: AnnotationSet): NumberField[] {
  const field = (title: string, id: string, values: Float32Array): NumberField => ({
    id,
    title,
    kind: "number",
    unit: "count",
    values,
  });
  const all = Float32Array.from(set.known, (known, row) => (known ? instancesOf(set, row) : Number.NaN));
  return [
    field(`${set.name}: objects`, countFieldId(set.id), all),
    ...commonest(set).map((id) =>
      field(`${set.name}: ${set.classes[id]}`, countFieldId(set.id, set.classes[id]), countsOfClasses(set, [id])),
    ),
  ];
}

/** How many instances of some classes each image has; NaN where the set says nothing of it. */
export function countsOfClasses(set: AnnotationSet, classes: Iterable<number>): Float32Array {
  const counted = new Uint8Array(set.classes.length);
  for (const id of classes) counted[id] = 1;
  return Float32Array.from(set.known, (known, row) => {
    if (!known) return Number.NaN;
    let count = 0;
    for (let at = set.first[row]!; at < set.first[row + 1]!; at++) count += counted[set.classOf[at]!]!;
    return count;
  });
}

function commonest({ classes, classOf }: AnnotationSet): number[] {
  const totals = new Float64Array(classes.length);
  for (const id of classOf) totals[id]!++;
  return Array.from(classes.keys())
    .filter((id) => totals[id]! > 0)
    .sort((a, b) => totals[b]! - totals[a]! || a - b)
    .slice(0, mostCountedClasses);
}

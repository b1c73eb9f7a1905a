import type { NumberField, SetsField } from "../explore/field.ts";
import type { LabelCheck } from "../quality/issueTable.ts";
import { RowSet } from "../rowSet.ts";
import type { AnnotationSet } from "./annotationSet.ts";
import { type BoxErrors, boxIssues, rowsWithIssue } from "./boxErrors.ts";
import { boxIssuesFieldId, scoreFieldId } from "./fieldIds.ts";

/** The boxes of labels as one check among those of images: its score, and images with any suspicious box. */
export function boxCheck({ scores, rows }: BoxErrors, images: number): LabelCheck {
  const all = new Float32Array(images).fill(Number.NaN);
  all.set(scores.subarray(0, images));
  const flagged = Uint32Array.from(new Set(rows)).sort();
  return { checked: { scores: all, flagged }, suggested: new Array<string>(images).fill("") };
}

/** Labels whose boxes were compared with predicted ones, both as they were then. */
export interface ComparedPair {
  labels: Pick<AnnotationSet, "id" | "name">;
  predictions: Pick<AnnotationSet, "id" | "name">;
  found: BoxErrors;
}

/** The score and the issues of boxes as fields of every image. */
export function boxErrorFields({ labels, predictions, found }: ComparedPair): [NumberField, SetsField] {
  const of = `${labels.name} by ${predictions.name}`;
  return [
    {
      id: scoreFieldId(predictions.id, "box_quality"),
      title: `Box quality: ${of}`,
      kind: "number",
      unit: "score",
      values: found.scores,
      hint: "Low where boxes of the labels are probably missing, badly placed or of the wrong class, as confident predictions see it.",
    },
    {
      id: boxIssuesFieldId(predictions.id),
      title: `Box issues: ${of}`,
      kind: "sets",
      names: boxIssues,
      sets: boxIssues.map((issue) => RowSet.of(rowsWithIssue(found, issue))),
      hint: "Missing: a sure prediction has no label. Spurious: a label has no prediction. Badly placed: they overlap by little. Swapped: a sure prediction names another class.",
    },
  ];
}

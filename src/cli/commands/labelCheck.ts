import { crossValidate } from "../../core/active/crossValidation.ts";
import { labelErrors } from "../../core/active/labelErrors.ts";
import { labelledRows } from "../../core/active/probeSet.ts";
import { boxCheck } from "../../core/annotations/boxErrorFields.ts";
import { boxErrors, canCompareBoxes } from "../../core/annotations/boxErrors.ts";
import type { BoxThresholds } from "../../core/annotations/boxThresholds.ts";
import { primaryLabels } from "../../core/annotations/heldSet.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { StoredSet } from "../../core/projectFolder/annotationsParquet.ts";
import type { ProjectReader } from "../../core/projectFolder/projectReader.ts";
import type { LabelCheck } from "../../core/quality/issueTable.ts";
import type { Drive } from "../../core/task.ts";
import type { Kernels } from "../../kernels/load.ts";

/** Folds are the same every time, and the page's. */
const seed = 1;

/**
 * The first labels of a project that give an image one class, judged by probes that did not see them; otherwise the boxes
 * of labels, judged by predictions.
 * @returns null where there are no such labels, or too few
 */
export async function labelCheck(
  reader: ProjectReader,
  embeddings: Matrix,
  kernels: Kernels,
  drive: Drive,
  thresholds: BoxThresholds,
): Promise<LabelCheck | null> {
  const sets: StoredSet[] = [];
  for (const file of reader.annotationFiles) sets.push(await reader.annotations(file));
  const labels = primaryLabels(sets);
  if (labels === null) return await boxesOf(sets, embeddings.rows, thresholds, drive);
  const labelled = labelledRows(labels, embeddings.rows);
  const judged = await drive(crossValidate(kernels, embeddings, labelled, { seed }));
  if (judged === null) return null;
  const { probabilities } = judged;
  const found = await drive(labelErrors({ labels: labelled.labels, probabilities, classes: labelled.classes }));
  const scores = new Float32Array(embeddings.rows).fill(Number.NaN);
  for (const [i, row] of labelled.rows.entries()) scores[row] = found.scores[i]!;
  const suggested = new Array<string>(embeddings.rows).fill("");
  for (const i of found.issues) suggested[labelled.rows[i]!] = labels.classes[found.suggested[i]!]!;
  return { checked: { scores, flagged: found.issues.map((i) => labelled.rows[i]!).sort() }, suggested };
}

/** The boxes of labels, judged by predictions of the project; null where there are not both. */
async function boxesOf(
  sets: readonly StoredSet[],
  rows: number,
  thresholds: BoxThresholds,
  drive: Drive,
): Promise<LabelCheck | null> {
  for (const predictions of sets) {
    const labels = sets.find((one) => canCompareBoxes(one, predictions));
    if (!labels) continue;
    const found = await drive(boxErrors({ labels, predictions, thresholds, kept: labels.keptBoxes ?? [] }));
    return boxCheck(found, rows);
  }
  return null;
}

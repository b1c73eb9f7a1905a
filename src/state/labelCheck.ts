import { classOfRow } from "../core/annotations/annotationSet.ts";
import { boxCheck } from "../core/annotations/boxErrorFields.ts";
import { primaryLabels } from "../core/annotations/heldSet.ts";
import type { LabelCheck } from "../core/quality/issueTable.ts";
import { RowSet } from "../core/rowSet.ts";
import type { WinnowState } from "./state.ts";

/** The tag of images whose label was looked at and kept: they are not suspected again. */
export const checkedTag = "label checked";

/**
 * The label issues as a check among the others: those that the filter found and that nobody has decided since. Null before
 * they were looked for.
 */
export function labelCheckOf({ labelIssues: found, annotations, tags, images }: WinnowState): LabelCheck | null {
  const set = annotations.find(({ id }) => id === found?.labels);
  if (!found || !set) return null;
  const checked = tags.get(checkedTag) ?? RowSet.empty;
  const open = found.issues.filter(({ row, given, lessSure }) => {
    const id = classOfRow(set, row);
    return !lessSure && !checked.has(row) && id >= 0 && set.classes[id] === given;
  });
  const suggested = new Array<string>(images.length).fill("");
  for (const issue of open) suggested[issue.row] = issue.suggested;
  const flagged = Uint32Array.from(open, ({ row }) => row).sort();
  return { checked: { scores: found.scores, flagged }, suggested };
}

/** The boxes of labels in their place where no labels give an image one class, as `winnow check` has them. */
export function boxCheckOf({ boxErrors: [pair], annotations, images }: WinnowState): LabelCheck | null {
  return pair && primaryLabels(annotations) === null ? boxCheck(pair.found, images.length) : null;
}

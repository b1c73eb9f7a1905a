import { correctedBoxes } from "../core/annotations/boxCorrections.ts";
import { type SuspiciousBox, suspiciousBoxes } from "../core/annotations/boxErrors.ts";
import type { BoxThresholds } from "../core/annotations/boxThresholds.ts";
import { keptAs } from "../core/annotations/keptBox.ts";
import type { LabelEdit } from "../core/changes.ts";
import { withBoxThresholds } from "../core/quality/qualitySettings.ts";
import type { Editing } from "./history.ts";
import type { Session } from "./session.ts";

/** What is suspicious in the boxes of some labels, by some predictions, as both are now; null when either is gone. */
export async function findBoxIssues(
  { desk, comparing }: Session,
  labelsId: string,
  predictionsId: string,
): Promise<SuspiciousBox[] | null> {
  const { annotations } = desk.store.getState();
  const labels = annotations.find(({ id }) => id === labelsId);
  const predictions = annotations.find(({ id }) => id === predictionsId);
  if (!labels || !predictions) return null;
  return suspiciousBoxes(labels, predictions, await comparing.compare(labels, predictions));
}

/** Notes that a suspicious box is right: the label, or that none is missing. Other boxes of the image stay suspicious. */
export function keepBox(
  { history }: Editing,
  id: string,
  { row, issue, given, suggested }: SuspiciousBox,
): Promise<void> {
  return history.do(({ annotations }) => {
    const box = keptAs(row, given, suggested);
    if (box === null || !annotations.some((set) => set.id === id)) return null;
    return { title: `${issue} box kept`, edits: [{ kind: "kept-box", set: id, box }] };
  });
}

/** Moves thresholds by which boxes are compared; null puts all of them back at their defaults. */
export function setBoxThresholds({ history }: Editing, change: Partial<BoxThresholds> | null): Promise<void> {
  return history.do(({ quality }) => {
    const after = withBoxThresholds(quality, change);
    const same = JSON.stringify(after.boxes ?? {}) === JSON.stringify(quality.boxes ?? {});
    return same ? null : { title: "thresholds of boxes", edits: [{ kind: "quality", before: quality, after }] };
  });
}

/** Makes a box of the labels what the predictions say; undoable, and noted as a correction. */
export function acceptBox({ history, desk }: Editing, id: string, suspicion: SuspiciousBox, by: string): Promise<void> {
  return history.do(({ annotations }) => {
    const set = annotations.find((one) => one.id === id);
    const corrected = set?.role === "labels" ? correctedBoxes(set, suspicion) : null;
    if (!set || corrected === null) return null;
    const { before, after, newClasses, classBefore, classAfter } = corrected;
    const rows = Uint32Array.of(suspicion.row);
    const edit: LabelEdit = {
      kind: "label",
      set: id,
      rows,
      before,
      after,
      newClasses,
      content: { before: set.content, after: crypto.randomUUID() },
      correction: {
        rows,
        before: Int32Array.of(classBefore),
        after: Int32Array.of(classAfter),
        by: `${by}, ${suspicion.issue}`,
        at: desk.now(),
      },
    };
    return { title: `${suspicion.issue} box accepted`, edits: [edit] };
  });
}

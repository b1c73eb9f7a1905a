import { correctedBoxes } from "../core/annotations/boxCorrections.ts";
import type { SuspiciousBox } from "../core/annotations/boxErrors.ts";
import type { LabelEdit } from "../core/changes.ts";
import type { Editing } from "./history.ts";

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

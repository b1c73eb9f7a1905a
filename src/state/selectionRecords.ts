import type { Edit } from "../core/changes.ts";
import type { Session } from "./session.ts";

/** Deletes a selection's record; undoable. The images themselves are not touched. */
export function deleteSelection({ history }: Session, id: string): Promise<void> {
  return history.do(({ selections, shown }) => {
    const record = selections.find((selection) => selection.id === id);
    if (record === undefined) return null;
    const edits: Edit[] = [{ kind: "selection", id, before: record, after: null }];
    if (shown?.id === id) {
      const next = selections.filter((selection) => selection.id !== id).at(-1)?.id ?? null;
      edits.push({ kind: "shown", before: id, after: next });
    }
    return { title: `delete “${record.name}”`, edits };
  });
}

/** Gives a selection another name; undoable. */
export function renameSelection({ history }: Session, id: string, typed: string): Promise<void> {
  const name = typed.trim();
  return history.do(({ selections }) => {
    const record = selections.find((selection) => selection.id === id);
    if (record === undefined || name === "" || name === record.name) return null;
    return {
      title: `rename “${record.name}” to “${name}”`,
      edits: [{ kind: "selection", id, before: record, after: { ...record, name } }],
    };
  });
}

/** Downloads a selection: its record, or its paths in pick order. */
export async function exportSelection({ desk }: Session, id: string, kind: "record" | "list"): Promise<void> {
  const { selections, images } = desk.store.getState();
  const record = selections.find((selection) => selection.id === id);
  if (record === undefined) return;
  const { saveSelectionList, saveSelectionRecord } = await import("../pipeline/selectionExport.ts");
  if (kind === "record") saveSelectionRecord(desk.project, images, record);
  else await saveSelectionList(images, record);
}

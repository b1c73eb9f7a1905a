import { WinnowError } from "../core/errors.ts";
import type { SelectionRecord } from "../core/records.ts";
import type { Session } from "./session.ts";
import { shownState } from "./session.ts";

/** The random choice that a selection is compared with is the same every time. */
const randomSeed = 1;

/** Runs k-center over the embedding, stores the result as a record and shows it; undoable. */
export async function runSelection(session: Session, n: number, countEarlier: boolean): Promise<void> {
  const { store, jobs, notices, undo, now, programVersion, project } = session.desk;
  if (!Number.isInteger(n) || n < 1) {
    notices.error(new WinnowError("empty", "Ask for at least one image."));
    return;
  }
  const abort = new AbortController();
  const job = jobs.start({ name: "Selecting", unit: "images", cancel: () => abort.abort() });
  try {
    await session.atlas.ensureCurrent();
    const earlier = countEarlier ? store.getState().selections : [];
    const alreadyChosen = new Set(earlier.flatMap(({ rows }) => Array.from(rows)));
    const result = await project.analysis.select(
      { n, alreadyChosen: Uint32Array.from(alreadyChosen).sort(), seed: randomSeed },
      { signal: abort.signal, progress: job.update },
    );
    job.finish();
    if (result.rows.length === 0) {
      notices.info("Every image is chosen already; nothing is left to choose from.");
      return;
    }
    if (result.rows.length < n) {
      notices.info(`Only ${result.rows.length} images were left, so all of them are chosen (you asked for ${n}).`);
    }
    const { selections } = store.getState();
    const record: SelectionRecord = {
      id: crypto.randomUUID(),
      name: `Selection ${selections.length + 1}`,
      createdAt: now(),
      requested: n,
      alreadyChosen: Uint32Array.from(alreadyChosen).sort(),
      headHash: session.atlas.headHash,
      programVersion,
      ...result,
    };
    const before = store.getState().shown;
    await undo.do({
      apply: async () => {
        await putSelection(session, record);
        showSelection(session, record);
      },
      revert: async () => {
        await dropSelection(session, record.id);
        showSelection(session, before);
      },
    });
  } catch (error) {
    job.fail(error);
    notices.error(error);
  }
}

/** Shows a selection in gallery, map and export; null shows none. */
export function showSelection(session: Session, record: SelectionRecord | null): void {
  const { store } = session.desk;
  store.setState({ ...shownState(record), sortBy: record ? "pick" : "path", sortDescending: false });
}

/** Deletes a selection's record; undoable. The images themselves are not touched. */
export async function deleteSelection(session: Session, id: string): Promise<void> {
  const { store, undo } = session.desk;
  const { selections, shown } = store.getState();
  const record = selections.find((selection) => selection.id === id);
  if (record === undefined) return;
  await undo.do({
    apply: async () => {
      await dropSelection(session, id);
      if (shown?.id === id) showSelection(session, store.getState().selections.at(-1) ?? null);
    },
    revert: async () => {
      await putSelection(session, record);
      showSelection(session, record);
    },
  });
}

/** Gives a selection another name; undoable. */
export async function renameSelection(session: Session, id: string, name: string): Promise<void> {
  const { store, undo } = session.desk;
  const record = store.getState().selections.find((selection) => selection.id === id);
  if (record === undefined || name.trim() === "") return;
  await undo.do({
    apply: () => putSelection(session, { ...record, name: name.trim() }),
    revert: () => putSelection(session, record),
  });
}

async function putSelection({ desk }: Session, record: SelectionRecord): Promise<void> {
  await desk.project.putSelection(record);
  desk.store.setState(({ selections, shown }) => ({
    selections: [...selections.filter(({ id }) => id !== record.id), record].sort((a, b) => a.createdAt - b.createdAt),
    shown: shown?.id === record.id ? record : shown,
  }));
}

async function dropSelection({ desk }: Session, id: string): Promise<void> {
  await desk.project.deleteSelection(id);
  desk.store.setState(({ selections }) => ({ selections: selections.filter((selection) => selection.id !== id) }));
}

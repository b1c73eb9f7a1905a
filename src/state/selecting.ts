import type { Edit } from "../core/changes.ts";
import { WinnowError } from "../core/errors.ts";
import type { SelectionRecord } from "../core/records.ts";
import type { Actions } from "./actions.ts";
import type { Session } from "./session.ts";

/** The random choice that a selection is compared with is the same every time. */
const randomSeed = 1;

/** Runs k-center over the embedding, stores the result as a record and shows it; undoable. */
export async function runSelection(
  session: Session,
  { n, countEarlier, onlyShown }: Parameters<Actions["select"]>[0],
): Promise<void> {
  const { store, jobs, notices, now, programVersion, project } = session.desk;
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
    const { order } = store.getState();
    const result = await project.analysis.select(
      {
        n,
        alreadyChosen: Uint32Array.from(alreadyChosen).sort(),
        among: onlyShown ? Uint32Array.from(order).sort() : null,
        seed: randomSeed,
      },
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
      name: `Selection ${selections.length + 1}${onlyShown ? ` of ${order.length.toLocaleString("en")} shown` : ""}`,
      createdAt: now(),
      requested: n,
      alreadyChosen: Uint32Array.from(alreadyChosen).sort(),
      headHash: session.atlas.headHash,
      programVersion,
      ...result,
    };
    await session.history.do(({ shown }) => ({
      title: `select ${record.rows.length.toLocaleString("en")} images`,
      edits: [
        { kind: "selection", id: record.id, before: null, after: record },
        { kind: "shown", before: shown?.id ?? null, after: record.id },
      ],
    }));
  } catch (error) {
    job.fail(error);
    notices.error(error);
  }
}

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

import type { Edit } from "../core/changes.ts";
import type { Field } from "../core/explore/field.ts";
import type { SelectionRecord } from "../core/records.ts";
import type { SelectionConfig } from "../core/selection/config.ts";
import type { SelectOptions } from "./actions.ts";
import type { Session } from "./session.ts";

/** The random choice that a selection is compared with is the same every time. */
const randomSeed = 1;

/** Chooses images, stores the result as a record and shows it; undoable. */
export async function runSelection(session: Session, options: SelectOptions): Promise<void> {
  const { selections, order } = session.desk.store.getState();
  const { config, title, countEarlier, onlyShown } = options;
  const earlier = countEarlier ? selections.flatMap(({ rows }) => Array.from(rows)) : [];
  const among = onlyShown ? Uint32Array.from(order).sort() : null;
  const part = among ? ` of ${among.length.toLocaleString("en")} shown` : "";
  await choose(session, `${title === "" ? "" : ` · ${title}`}${part}`, config, new Set(earlier), among);
}

/** Chooses as many images again by a selection's own configuration; what it chose, and knew as chosen, counts. */
export async function continueSelection(session: Session, id: string): Promise<void> {
  const record = session.desk.store.getState().selections.find((selection) => selection.id === id);
  if (record === undefined) return;
  const { config = plainConfig, requested, name, rows, alreadyChosen, among = null } = record;
  const { proportionSamples: _share, ...rest } = config;
  const more = { ...rest, nSamples: requested };
  await choose(session, ` · after ${name}`, more, new Set([...alreadyChosen, ...rows]), among);
}

/** What selections of older versions were made by. */
const plainConfig: SelectionConfig = {
  strategies: [{ input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } }],
};

async function choose(
  session: Session,
  title: string,
  config: SelectionConfig,
  alreadyChosen: ReadonlySet<number>,
  among: Uint32Array | null,
): Promise<void> {
  const { store, jobs, notices, now, programVersion, project } = session.desk;
  const abort = new AbortController();
  const job = jobs.start({ name: "Selecting", unit: "images", cancel: () => abort.abort() });
  try {
    await session.atlas.ensureCurrent();
    const { fields, tags, images } = store.getState();
    const named = fieldsNamed(config, fields);
    const result = await project.analysis.select(
      {
        config,
        alreadyChosen: Uint32Array.from(alreadyChosen).sort(),
        among,
        seed: randomSeed,
        fields: named.filter((field) => field.kind !== "sets" && field.kind !== "text"),
        sets: named
          .filter((field) => field.kind === "sets")
          .map(({ id, title: of, names, sets }) => ({ id, title: of, names, rows: sets.map(({ rows }) => rows) })),
        tags: new Map([...tags].map(([name, { rows }]) => [name, rows])),
        paths: images.paths,
      },
      { signal: abort.signal, progress: job.update },
    );
    job.finish();
    if (result.rows.length === 0) {
      notices.info("Every image is chosen already; nothing is left to choose from.");
      return;
    }
    for (const note of result.notes) notices.info(note);
    if (result.stopped !== "") {
      const [first = "", ...rest] = result.stopped;
      const asked = config.nSamples === -1 ? "" : ` (you asked for ${result.requested})`;
      notices.info(`${first.toUpperCase()}${rest.join("")}, so ${result.rows.length} are chosen${asked}.`);
    }
    const { selections } = store.getState();
    const { notes: _notes, stopped: _stopped, ...picks } = result;
    const record: SelectionRecord = {
      id: crypto.randomUUID(),
      config,
      ...(among && { among }),
      name: `Selection ${selections.length + 1}${title}`,
      createdAt: now(),
      alreadyChosen: Uint32Array.from(alreadyChosen).sort(),
      headHash: session.atlas.headHash,
      programVersion,
      ...picks,
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

/** The fields that a configuration's metadata inputs name. */
function fieldsNamed({ strategies }: SelectionConfig, fields: readonly Field[]): Field[] {
  const inputs = strategies.flatMap(({ input, strategy }) =>
    strategy.type === "COVERAGE" && strategy.demand ? [input, strategy.demand] : [input],
  );
  const keys = new Set(inputs.map((input) => (input.type === "METADATA" ? input.key : "")));
  return fields.filter(({ id }) => keys.has(id));
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

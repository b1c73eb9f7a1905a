import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import { isWinnowError, WinnowError } from "../core/errors.ts";
import type { SelectionRecord } from "../core/records.ts";
import { RowSet } from "../core/rowSet.ts";
import { againText, nextNamed, olderConfig } from "../core/selection/again.ts";
import { rowsToChooseAmong } from "../core/selection/chooseAmong.ts";
import type { SelectionConfig } from "../core/selection/config.ts";
import { besideCards } from "../core/selection/draft.ts";
import { inputsNamed } from "../core/selection/inputFields.ts";
import { excludedTag } from "../core/tags.ts";
import type { PartialSelection, SelectResult } from "../pipeline/analyst.ts";
import type { SelectOptions } from "./actions.ts";
import type { Session } from "./session.ts";

/** The random choice that a selection is compared with is the same every time. */
const randomSeed = 1;

/** Everything that decides what is chosen. */
interface Asked {
  /** After “Selection 3”. */
  title: string;
  config: SelectionConfig;
  alreadyChosen: Uint32Array;
  /** Ascending; null: all. */
  among: Uint32Array | null;
  /** The round of a loop whose batch this is. */
  loop?: SelectionRecord["loop"];
}

/** Chooses images, stores the result as a record and shows it; undoable. */
export async function runSelection(session: Session, options: SelectOptions): Promise<void> {
  const { order, tags, images } = session.desk.store.getState();
  const { config, title, onlyShown, withExcluded } = options;
  const excluded = (withExcluded ? null : tags.get(excludedTag)) ?? RowSet.empty;
  const among = rowsToChooseAmong(onlyShown ? order : null, excluded, images.length);
  const part = onlyShown && among ? ` of ${among.length.toLocaleString("en")} shown` : "";
  const alreadyChosen = Uint32Array.from(new Set(options.alreadyChosen)).sort();
  const asked = { title: `${title === "" ? "" : ` · ${title}`}${part}`, config, alreadyChosen, among };
  const result = await choose(session, asked);
  if (result) await keep(session, asked, picksOf(result));
}

/** Chooses the batch of an active-learning loop, stores it as a record and shows it; undoable. */
export async function runRound(session: Session, asked: Asked): Promise<void> {
  const result = await choose(session, asked);
  if (result) await keep(session, asked, picksOf(result));
}

/** Chooses as many images again by a selection's own configuration; what it chose, and knew as chosen, counts. */
export async function continueSelection(session: Session, id: string): Promise<void> {
  const record = recordOf(session, id);
  if (record === null) return;
  const before = askedOf(record);
  const alreadyChosen = Uint32Array.from(new Set([...before.alreadyChosen, ...record.rows])).sort();
  const config = counted(before.config, record.requested);
  const asked = { ...before, title: ` · after ${record.name}`, config, alreadyChosen };
  const result = await choose(session, asked);
  if (result) await keep(session, asked, picksOf(result));
}

/** Takes what would have come next into a selection; undoable. */
export async function growSelection(session: Session, id: string, more: number): Promise<void> {
  const record = recordOf(session, id);
  if (record === null) return;
  const before = askedOf(record);
  const asked = { ...before, config: counted(before.config, record.rows.length + more) };
  const result = await choose(session, asked);
  if (result === null) return;
  const { history, desk } = session;
  if (!record.rows.every((row, i) => row === result.rows[i])) {
    const why = againText(record, result.rows.slice(0, record.rows.length), nowOf(session));
    desk.notices.error(
      new WinnowError("config", `Nothing was added to “${record.name}”: its rules choose others now. ${why}`),
    );
    return;
  }
  const after: SelectionRecord = { ...record, ...madeNow(session), config: asked.config, ...picksOf(result) };
  await history.do(() => ({
    title: `add ${(after.rows.length - record.rows.length).toLocaleString("en")} images to “${record.name}”`,
    edits: [{ kind: "selection", id, before: record, after }],
  }));
}

/** Runs a record again, says whether it gives the same images, and keeps the answer where it does not. */
export async function repeatSelection(session: Session, id: string): Promise<void> {
  const record = recordOf(session, id);
  if (record === null) return;
  const asked = { ...askedOf(record), title: ` · ${record.name} again` };
  const result = await choose(session, asked);
  if (result === null) return;
  session.desk.notices.info(againText(record, result.rows, nowOf(session)));
  const same = record.rows.length === result.rows.length && record.rows.every((row, i) => row === result.rows[i]);
  if (!same) await keep(session, asked, picksOf(result));
}

function recordOf(session: Session, id: string): SelectionRecord | null {
  return session.desk.store.getState().selections.find((selection) => selection.id === id) ?? null;
}

/** What a record was asked for. */
const askedOf = (record: SelectionRecord): Asked => ({
  title: "",
  config: record.config ?? olderConfig(record),
  alreadyChosen: record.alreadyChosen,
  among: record.among ?? null,
});

/** The same rules for a number of images. */
function counted({ proportionSamples: _share, ...rest }: SelectionConfig, nSamples: number): SelectionConfig {
  return { ...rest, nSamples };
}

/** Runs the engine as a job. Null when it was cancelled, which offers what is picked, or failed, which says why. */
async function choose(session: Session, asked: Asked): Promise<SelectResult | null> {
  const { store, jobs, notices, project } = session.desk;
  const { config, alreadyChosen, among } = asked;
  const abort = new AbortController();
  const job = jobs.start({ name: "Selecting", unit: "images", cancel: () => abort.abort() });
  let broken: PartialSelection | null = null;
  let total = 0;
  try {
    await session.atlas.ensureCurrent();
    const { fields, tags, images, annotations, probe } = store.getState();
    const said = probe ? [...annotations, probe.set] : annotations;
    const { fields: named, sets: spoken, objects } = inputsNamed(config, fields, said);
    const result = await project.analysis.select(
      {
        config,
        alreadyChosen,
        among,
        beyond: nextNamed,
        seed: randomSeed,
        fields: named.filter((field) => field.kind !== "sets" && field.kind !== "text"),
        sets: named
          .filter((field) => field.kind === "sets")
          .map(({ id, title: of, names, sets }) => ({ id, title: of, names, rows: sets.map(({ rows }) => rows) })),
        annotations: [...new Set([...spoken, ...objects])].map(bare),
        objects: objects.map(({ id, first, boxes }) => ({ id, first, boxes })),
        tags: new Map([...tags].map(([name, { rows }]) => [name, rows])),
        paths: images.paths,
      },
      {
        look: ({ rows, ...curves }) => store.setState({ choosing: { picked: rows.length, total, curves } }),
        broken: (picks) => {
          broken = picks;
        },
      },
      {
        signal: abort.signal,
        progress: (now) => {
          total = now.total;
          job.update(now);
        },
      },
    );
    job.finish();
    if (result.rows.length === 0) {
      notices.info("Every image is chosen already; nothing is left to choose from.");
      return null;
    }
    tell(session, asked, result);
    return result;
  } catch (error) {
    job.fail(error);
    if (isWinnowError(error, "cancelled") && broken) offer(session, asked, broken, total);
    else notices.error(isWinnowError(error) ? new WinnowError(error.code, besideCards(error.message)) : error);
    return null;
  } finally {
    store.setState({ choosing: null });
  }
}

/** A set with nothing but which classes each image has: boxes and probabilities are large and decide nothing. */
const bare = ({ id, name, role, type, classes, known, first, classOf, source }: AnnotationSet): AnnotationSet => ({
  ...{ id, name, role, type, classes, known, first, classOf, source },
  ...{ scores: null, boxes: null, probabilities: null, shapes: null },
});

/** What a person should know of a result. */
function tell(
  { desk: { notices } }: Session,
  { config }: Asked,
  { notes, stopped, rows, requested }: SelectResult,
): void {
  for (const note of notes) notices.info(besideCards(note));
  if (stopped === "") return;
  const [first = "", ...rest] = stopped;
  const wanted = config.nSamples === -1 ? "" : ` (you asked for ${requested.toLocaleString("en")})`;
  notices.info(`${first.toUpperCase()}${rest.join("")}, so ${rows.length.toLocaleString("en")} are chosen${wanted}.`);
}

/** A run that was cancelled has its picks: they are kept if the person wants that. */
function offer(session: Session, asked: Asked, picks: PartialSelection, total: number): void {
  const count = picks.rows.length;
  const words = count.toLocaleString("en");
  session.desk.notices.offer(`Selecting was cancelled after ${words} of ${total.toLocaleString("en")} images.`, {
    label: `Keep the ${words} picked`,
    run: () => {
      const title = `${asked.title} · first ${words} of ${total.toLocaleString("en")}`;
      const config = counted(asked.config, count);
      void keep(session, { ...asked, title, config }, { ...picks, requested: count, next: new Uint32Array(0) });
    },
  });
}

type Picks = Omit<SelectResult, "notes" | "stopped">;

function picksOf(result: SelectResult): Picks {
  const { notes: _notes, stopped: _stopped, ...picks } = result;
  return picks;
}

const nowOf = ({ desk, atlas }: Session) => ({
  headHash: atlas.headHash,
  imageCount: desk.store.getState().head.fitted?.rows ?? desk.store.getState().images.length,
});

const madeNow = (session: Session) => ({ ...nowOf(session), programVersion: session.desk.programVersion });

/** Stores a result as a record and shows it; undoable. */
async function keep(session: Session, asked: Asked, picks: Picks): Promise<void> {
  const { store, now, isOpen } = session.desk;
  if (!isOpen()) return;
  const record: SelectionRecord = {
    id: crypto.randomUUID(),
    config: asked.config,
    ...(asked.among && { among: asked.among }),
    ...(asked.loop && { loop: asked.loop }),
    name: `Selection ${store.getState().selections.length + 1}${asked.title}`,
    createdAt: now(),
    alreadyChosen: asked.alreadyChosen,
    ...madeNow(session),
    ...picks,
  };
  await session.history.do(({ shown }) => ({
    title: `select ${record.rows.length.toLocaleString("en")} images`,
    edits: [
      { kind: "selection", id: record.id, before: null, after: record },
      { kind: "shown", before: shown?.id ?? null, after: record.id },
    ],
  }));
}

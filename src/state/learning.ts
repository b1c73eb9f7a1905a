import { defaultProbe, type ProbeSettings } from "../core/active/probe.ts";
import { labelledRows, probeSet, probeTask } from "../core/active/probeSet.ts";
import type { HeldSet } from "../core/annotations/heldSet.ts";
import { isWinnowError } from "../core/errors.ts";
import type { SelectionRecord } from "../core/records.ts";
import type { ProjectDesk } from "./desk.ts";

/** Labels come one key after the other: the probe waits until they pause. */
const settleMs = 700;

interface Asked {
  labels: string;
  settings: ProbeSettings;
}

/** Keeps the open project's probe in step with the labels it is trained on. */
export class Learning {
  private asked: Asked | null = null;
  private running: { asked: Asked; content: string; abort: AbortController; done: Promise<void> } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly desk: ProjectDesk,
    private readonly ensureEmbedded: () => Promise<void>,
  ) {
    this.unsubscribe = desk.store.subscribe((state, before) => {
      if (this.asked === null || state.annotations === before.annotations) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.refresh(), settleMs);
    });
  }

  /** Goes on with the labels of the latest loop, when there is one. */
  resume(): void {
    const loop = this.desk.store.getState().selections.findLast(({ loop: of }) => of)?.loop;
    const set = loop && this.setOf(loop.labels);
    if (!set || new Set(labelledRows(set, set.known.length).labels).size < 2) return;
    this.asked = { labels: loop.labels, settings: defaultProbe };
    void this.refresh();
  }

  close(): void {
    clearTimeout(this.timer);
    this.running?.abort.abort();
    this.unsubscribe();
  }

  /** Trains on some labels and keeps doing so when they change; resolves when the probe is theirs as they are now. */
  train(labels: string, settings: ProbeSettings): Promise<void> {
    this.asked = { labels, settings };
    return this.refresh();
  }

  private async refresh(): Promise<void> {
    clearTimeout(this.timer);
    const { asked } = this;
    const { store } = this.desk;
    if (asked === null || !this.desk.isOpen()) return;
    const set = this.setOf(asked.labels);
    if (!set) {
      this.asked = null;
      store.setState({ probe: null });
      return;
    }
    const { probe } = store.getState();
    if (probe?.labels === set.id && probe.content === set.content && probe.settings === asked.settings) return;
    const { running } = this;
    if (running && running.asked === asked && running.content === set.content) return await running.done;
    running?.abort.abort();
    const abort = new AbortController();
    const done = this.run(asked, set, abort);
    this.running = { asked, content: set.content, abort, done };
    await done;
  }

  private async run({ labels, settings }: Asked, set: HeldSet, abort: AbortController): Promise<void> {
    const { store, jobs, notices, project, now } = this.desk;
    const job = jobs.start({ name: "Training the probe", unit: "steps", cancel: () => abort.abort() });
    try {
      await this.ensureEmbedded();
      const { head, annotations, selections } = store.getState();
      const labelled = labelledRows(set, head.fitted?.rows ?? 0);
      const { roundOf, rounds } = roundsOf(selections, labels, labelled.rows);
      const trained = await project.analysis.train(
        { labelled, settings, roundOf, rounds },
        { signal: abort.signal, progress: job.update },
      );
      job.finish();
      if (!this.desk.isOpen() || abort.signal.aborted) return;
      const { probabilities, outOfSample, report, curve } = trained;
      const predictions = probeSet(probeTask(annotations), set, probabilities, now());
      store.setState({
        probe: { labels, settings, content: set.content, set: predictions, labelled, outOfSample, report, curve },
      });
    } catch (error) {
      job.fail(error);
      if (!isWinnowError(error, "cancelled") && this.desk.isOpen()) notices.error(error);
    } finally {
      if (this.running?.abort === abort) this.running = null;
    }
  }

  private setOf = (id: string): HeldSet | undefined =>
    this.desk.store.getState().annotations.find((set) => set.id === id);
}

/** The batches of the loop over some labels, oldest first. */
export const loopRounds = (selections: readonly SelectionRecord[], labels: string): SelectionRecord[] =>
  selections.filter(({ loop }) => loop?.labels === labels);

/** By labelled row the round that brought it: 0 is what was labelled otherwise. */
function roundsOf(
  selections: readonly SelectionRecord[],
  labels: string,
  rows: Uint32Array,
): { roundOf: Uint32Array | null; rounds: number } {
  const batches = loopRounds(selections, labels);
  if (batches.length === 0) return { roundOf: null, rounds: 0 };
  const byRow = new Map<number, number>();
  for (const [i, { rows: batch }] of batches.entries()) for (const row of batch) byRow.set(row, i + 1);
  return { roundOf: rows.map((row) => byRow.get(row) ?? 0), rounds: batches.length + 1 };
}

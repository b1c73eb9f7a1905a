import type { ComparedPair } from "../core/annotations/boxErrorFields.ts";
import { type BoxErrors, canCompareBoxes, comparedBoxes } from "../core/annotations/boxErrors.ts";
import type { HeldSet } from "../core/annotations/heldSet.ts";
import { isWinnowError } from "../core/errors.ts";
import { boxThresholds, type QualitySettings } from "../core/quality/qualitySettings.ts";
import type { ProjectDesk } from "./desk.ts";
import type { RunningJob } from "./jobs.ts";

/** Decisions come one key after the other: what the fields say waits until they pause. */
const settleMs = 300;
/** Work that takes longer is shown as a job. */
const shownAfterMs = 1_000;
/** As many results are kept; more sets are rarely looked at in turn. */
const mostKept = 8;

/** Compares boxes of labels with predicted ones, off the page's thread, and keeps `boxErrors` of the state in step. */
export class BoxComparing {
  private readonly results = new Map<string, Promise<BoxErrors>>();
  /** What a person cancelled: it is not begun again by itself. */
  private readonly cancelled = new Set<string>();
  private readonly abort = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tail: Promise<void> = Promise.resolve();
  private readonly unsubscribe: () => void;

  constructor(private readonly desk: ProjectDesk) {
    this.unsubscribe = desk.store.subscribe((state, before) => {
      if (state.annotations === before.annotations && state.quality.boxes === before.quality.boxes) return;
      if (!desk.isOpen()) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.tail = this.tail.then(() => this.refresh());
      }, settleMs);
    });
  }

  close(): void {
    clearTimeout(this.timer);
    this.unsubscribe();
    this.abort.abort();
  }

  /** @throws WinnowError `cancelled` when a person cancelled the job */
  compare(labels: HeldSet, predictions: HeldSet): Promise<BoxErrors> {
    const { quality } = this.desk.store.getState();
    const key = keyOf(labels, predictions, quality);
    this.cancelled.delete(key);
    const known = this.results.get(key);
    if (known) return known;
    const result = this.run(labels, predictions, quality);
    this.results.set(key, result);
    for (const old of [...this.results.keys()].slice(0, -mostKept)) this.results.delete(old);
    result.catch((error: unknown) => {
      this.results.delete(key);
      if (isWinnowError(error, "cancelled")) this.cancelled.add(key);
    });
    return result;
  }

  /** Each predictions' boxes beside the first labels with boxes, as they are now. */
  private async refresh(): Promise<void> {
    const { store, isOpen, notices } = this.desk;
    const { annotations, quality, boxErrors: before } = store.getState();
    const pairs: ComparedPair[] = [];
    try {
      for (const predictions of annotations) {
        const labels = annotations.find((one) => canCompareBoxes(one, predictions));
        if (!labels || this.cancelled.has(keyOf(labels, predictions, quality))) continue;
        const found = await this.compare(labels, predictions);
        const same = before.find((pair) => pair.found === found && namesOf(pair) === namesOf({ labels, predictions }));
        pairs.push(same ?? { labels, predictions, found });
      }
    } catch (error) {
      if (isOpen() && !isWinnowError(error, "cancelled")) notices.error(error);
    }
    const changed = pairs.length !== before.length || pairs.some((pair, i) => pair !== before[i]);
    if (isOpen() && changed) store.setState({ boxErrors: pairs });
  }

  private async run(labels: HeldSet, predictions: HeldSet, quality: QualitySettings): Promise<BoxErrors> {
    const { jobs, project } = this.desk;
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.abort.signal]);
    let job: RunningJob | null = null;
    const timer = setTimeout(() => {
      job = jobs.start({ name: "Box issues", unit: "images", cancel: () => abort.abort() });
    }, shownAfterMs);
    const shown = (): RunningJob | null => job;
    try {
      const found = await project.analysis.boxErrors(
        {
          labels: comparedBoxes(labels),
          predictions: comparedBoxes(predictions),
          thresholds: boxThresholds(quality),
          kept: labels.keptBoxes ?? [],
        },
        { signal, progress: (progress) => shown()?.update(progress) },
      );
      shown()?.finish();
      return found;
    } catch (error) {
      shown()?.fail(error);
      // Another embedding is looked at: its worker took the place of the one that was asked.
      const replaced = isWinnowError(error, "cancelled") && !signal.aborted && this.desk.isOpen();
      if (replaced) return await this.run(labels, predictions, quality);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

const keyOf = (labels: HeldSet, predictions: HeldSet, quality: QualitySettings): string =>
  [labels.content, labels.keptBoxes?.length ?? 0, predictions.content, ...Object.values(boxThresholds(quality))].join(
    " ",
  );

const namesOf = ({ labels, predictions }: Pick<ComparedPair, "labels" | "predictions">): string =>
  [labels.id, labels.name, predictions.id, predictions.name].join("\n");

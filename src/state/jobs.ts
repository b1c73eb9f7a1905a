import type { StoreApi } from "zustand/vanilla";
import { toWinnowError } from "../core/errors.ts";
import { RateMeter } from "../pipeline/rate.ts";
import type { Job, WinnowState } from "./state.ts";

/** A finished job stays this long in the bar, so that its end is seen. */
const lingerMs = 4_000;
/** The bar is redrawn no more often than this. */
const redrawMs = 100;

export interface JobOptions {
  name: string;
  unit: string;
  cancel?: () => void;
  pause?: () => void;
  resume?: () => void;
}

export interface JobProgress {
  done: number;
  total: number;
  /** What the rate is taken of, when that is not `done`: work recognised as done before has no rate. */
  worked?: number;
  note?: string;
}

/** One job of the bar while it runs. */
export interface RunningJob {
  update(progress: JobProgress): void;
  finish(note?: string): void;
  /** Marks the job as failed, or as cancelled when that is what the error says. */
  fail(error: unknown): void;
}

/** The jobs bar: the only writer of `jobs` in the state. */
export class Jobs {
  private readonly controls = new Map<string, JobOptions & { meter: RateMeter }>();
  private next = 1;

  constructor(
    private readonly store: StoreApi<WinnowState>,
    private readonly now: () => number,
  ) {}

  start(options: JobOptions): RunningJob {
    const id = `job-${this.next++}`;
    const meter = new RateMeter(this.now);
    this.controls.set(id, { ...options, meter });
    const job: Job = {
      id,
      name: options.name,
      unit: options.unit,
      status: "running",
      done: 0,
      total: 0,
      rate: null,
      secondsLeft: null,
      note: "",
      canPause: options.pause !== undefined,
      canCancel: options.cancel !== undefined,
    };
    this.store.setState(({ jobs }) => ({ jobs: [...jobs, job] }));
    let latest: JobProgress = { done: 0, total: 0 };
    let timer: ReturnType<typeof setTimeout> | null = null;
    const draw = (): void => {
      timer = null;
      const rate = meter.perSecond;
      const { done, total, note } = latest;
      const secondsLeft = rate !== null && rate > 0 && total > 0 ? (total - done) / rate : null;
      this.change(id, { done, total, rate, secondsLeft, ...(note !== undefined && { note }) });
    };
    const end = (change: Partial<Job>, linger: boolean): void => {
      if (timer !== null) clearTimeout(timer);
      draw();
      this.controls.delete(id);
      this.change(id, { ...change, secondsLeft: null, canPause: false, canCancel: false });
      if (linger) setTimeout(() => this.dismiss(id), lingerMs);
    };
    return {
      update: (progress) => {
        latest = progress;
        meter.add(progress.worked ?? progress.done);
        timer ??= setTimeout(draw, redrawMs);
      },
      finish: (note) => {
        latest = { ...latest, done: latest.total || latest.done };
        end({ status: "done", ...(note !== undefined && { note }) }, true);
      },
      fail: (thrown) => {
        const error = toWinnowError(thrown);
        if (error.code === "cancelled") end({ status: "cancelled", note: "Cancelled" }, true);
        else end({ status: "failed", note: error.message }, false);
      },
    };
  }

  pause(id: string): void {
    const control = this.controls.get(id);
    if (!control?.pause) return;
    control.pause();
    control.meter.pause();
    this.change(id, { status: "paused", secondsLeft: null });
  }

  resume(id: string): void {
    const control = this.controls.get(id);
    if (!control?.resume) return;
    control.resume();
    control.meter.resume();
    this.change(id, { status: "running" });
  }

  cancel(id: string): void {
    this.controls.get(id)?.cancel?.();
  }

  dismiss(id: string): void {
    this.store.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) }));
  }

  private change(id: string, change: Partial<Job>): void {
    this.store.setState(({ jobs }) => ({ jobs: jobs.map((job) => (job.id === id ? { ...job, ...change } : job)) }));
  }
}

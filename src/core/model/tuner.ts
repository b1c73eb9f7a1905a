import type { Arrangement, MeasuredTuning, Tuning } from "./arrangement.ts";

/** Milliseconds for which one tuning is measured, and all of them together. */
const trialMs = 400;
const budgetMs = 2_000;
/** How much faster another tuning must be before it is taken: less is chance. */
const leastGain = 1.05;
/** Calls that began or ended while a session had nothing to do, after which a trial is given up. */
const mostIdleCalls = 16;

/** One session call. */
export interface TimedCall {
  images: number;
  milliseconds: number;
  /** All other sessions were computing when it began and when it ended. */
  busy: boolean;
}

/**
 * Finds the fastest tuning from calls as they come: first every arrangement with the first batch size, then the other
 * batch sizes with the best arrangement. Measures {@link budgetMs} in all; the first call of every session, which makes
 * the runtime's buffers, is not counted. A slow model is measured as it is and nothing else is tried.
 */
export class Tuner {
  private readonly waiting: Arrangement[];
  private readonly waitingBatches: number[];
  private trial: Trial;
  private winner: MeasuredTuning | null = null;
  private spentMs = 0;
  private over = false;

  /**
   * @param arrangements the one in use first
   * @param batches images a call takes, the usual number first
   */
  constructor(arrangements: readonly Arrangement[], batches: readonly number[]) {
    const [arrangement, ...others] = arrangements;
    const [batch, ...otherBatches] = batches;
    if (!arrangement || !batch) throw new Error("nothing to measure");
    this.waiting = others;
    this.waitingBatches = otherBatches;
    this.trial = new Trial({ ...arrangement, batch });
  }

  /** What is being measured; null once it is decided. */
  get trying(): Tuning | null {
    return this.over ? null : this.trial.tuning;
  }

  /** The fastest so far; null before the first is measured. */
  get best(): MeasuredTuning | null {
    return this.winner;
  }

  /** Notes a call that was made with what is being tried. */
  note(call: TimedCall): void {
    if (this.over) return;
    this.trial.note(call);
    const { rate } = this.trial;
    if (rate !== null) {
      this.spentMs += this.trial.milliseconds;
      if (this.winner === null || rate > this.winner.rate * leastGain) this.winner = { ...this.trial.tuning, rate };
      this.next();
    } else if (this.winner !== null && this.trial.idleCalls > mostIdleCalls) this.next();
  }

  /** What is being tried does not work here: it is left out. */
  skip(): void {
    if (!this.over) this.next();
  }

  private next(): void {
    // Another trial takes as long as this one did.
    if (this.spentMs + Math.max(trialMs, this.trial.milliseconds) > budgetMs) {
      this.over = true;
      return;
    }
    const { batch } = this.trial.tuning;
    const arrangement = this.waiting.shift();
    if (arrangement) {
      this.trial = new Trial({ ...arrangement, batch });
      return;
    }
    const other = this.winner && this.waitingBatches.shift();
    if (this.winner && other) this.trial = new Trial({ ...this.winner, batch: other });
    else this.over = true;
  }
}

/** The calls of one tuning. */
class Trial {
  readonly tuning: Tuning;
  idleCalls = 0;
  private calls = 0;
  private images = 0;
  private callMs = 0;

  constructor({ sessions, threads, batch }: Tuning) {
    this.tuning = { sessions, threads, batch };
    this.calls = -sessions;
  }

  note({ images, milliseconds, busy }: TimedCall): void {
    if (images !== this.tuning.batch) return;
    if (!busy) {
      this.idleCalls++;
      return;
    }
    this.calls++;
    if (this.calls <= 0) return;
    this.images += images;
    this.callMs += milliseconds;
  }

  /** Of measured time. */
  get milliseconds(): number {
    return this.callMs / this.tuning.sessions;
  }

  /** Images a second of all sessions; null before it is known. */
  get rate(): number | null {
    const enough = this.calls >= this.tuning.sessions && this.milliseconds >= trialMs;
    return enough ? (1000 * this.images) / this.milliseconds : null;
  }
}

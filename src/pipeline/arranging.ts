import { type Arrangement, type MeasuredTuning, sameArrangement } from "../core/model/arrangement.ts";
import { type TimedCall, Tuner } from "../core/model/tuner.ts";
import type { SessionPool } from "./sessionPool.ts";

export interface ArrangingOptions {
  /** That of the first pool, then those that may be faster; see `Tuner`. */
  arrangements: readonly Arrangement[];
  batches: readonly number[];
  makePool: (arrangement: Arrangement) => SessionPool;
  /** Called once, when the fastest is in use. */
  onDecided: (tuning: MeasuredTuning, pool: SessionPool) => void;
}

/**
 * Tries ways to share the processor on the batches that are computed anyway, so that no work is lost: while other
 * sessions start the present ones go on, and those that lose end when they have done what they were given.
 */
export class Arranging {
  private readonly tuner: Tuner;
  /** The fastest so far. */
  private settled: SessionPool;
  /** Takes the batches: the fastest, or one that is being tried. */
  private inUse: SessionPool;
  private starting: SessionPool | null = null;
  /** Pools that lost or failed; what they were given may still come to an end. */
  private readonly dropped = new WeakSet<SessionPool>();
  private closed = false;

  constructor(
    first: SessionPool,
    private readonly options: ArrangingOptions,
  ) {
    this.settled = first;
    this.inUse = first;
    this.tuner = new Tuner(options.arrangements, options.batches);
  }

  /** Where the next batch goes. */
  get pool(): SessionPool {
    return this.inUse;
  }

  /** Images that the next batch should have. */
  get batch(): number {
    return this.tuner.trying?.batch ?? this.tuner.best?.batch ?? this.options.batches[0]!;
  }

  get decided(): boolean {
    return this.tuner.trying === null;
  }

  /** Notes how long a batch took. */
  note(pool: SessionPool, call: TimedCall): void {
    const { trying } = this.tuner;
    if (this.closed || pool !== this.inUse || !trying || !sameArrangement(trying, pool.arrangement)) return;
    this.tuner.note(call);
    this.follow();
  }

  /**
   * To be called when a batch failed on a pool.
   * @returns whether that pool was only tried, or has lost: the batch then belongs on `pool`
   */
  leaveOut(pool: SessionPool): boolean {
    if (pool === this.inUse && pool !== this.settled) {
      this.drop(pool);
      this.inUse = this.settled;
      this.tuner.skip();
      this.follow();
    }
    return this.dropped.has(pool);
  }

  /** Ends all sessions. */
  close(): void {
    this.closed = true;
    for (const pool of [this.settled, this.inUse, this.starting]) pool?.close();
  }

  /** Does what the tuner has decided. */
  private follow(): void {
    const { best, trying } = this.tuner;
    if (this.inUse !== this.settled) {
      if (best && sameArrangement(best, this.inUse.arrangement)) {
        this.drop(this.settled);
        this.settled = this.inUse;
      } else if (!trying || !sameArrangement(trying, this.inUse.arrangement)) {
        this.drop(this.inUse);
        this.inUse = this.settled;
      }
    }
    if (!trying) {
      if (best) this.options.onDecided(best, this.settled);
    } else if (!this.starting && !sameArrangement(trying, this.inUse.arrangement)) {
      void this.start(this.options.makePool(trying));
    }
  }

  private async start(pool: SessionPool): Promise<void> {
    this.starting = pool;
    try {
      await pool.warmUp();
      if (!this.closed) this.inUse = pool;
    } catch {
      // A machine without the memory for it: what runs already goes on.
      pool.close();
      if (!this.closed) this.tuner.skip();
    }
    this.starting = null;
    if (!this.closed) this.follow();
  }

  private drop(pool: SessionPool): void {
    this.dropped.add(pool);
    pool.retire();
  }
}

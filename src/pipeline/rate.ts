/** The window over which a rate is taken: long enough to be steady, short enough to follow the machine. */
const windowMs = 10_000;

/** Counts finished items and tells the rate over the last seconds of real work; time spent paused is left out. */
export class RateMeter {
  private readonly samples: { at: number; done: number }[] = [];
  private pausedMs = 0;
  private pausedSince: number | null = null;

  constructor(private readonly now: () => number) {}

  add(done: number): void {
    const at = this.workingTime();
    this.samples.push({ at, done });
    while (this.samples.length > 2 && this.samples[1]!.at < at - windowMs) this.samples.shift();
  }

  pause(): void {
    this.pausedSince ??= this.now();
  }

  resume(): void {
    if (this.pausedSince === null) return;
    this.pausedMs += this.now() - this.pausedSince;
    this.pausedSince = null;
  }

  /** Items a second; null before there are two samples apart in time. */
  get perSecond(): number | null {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 200) return null;
    return ((last.done - first.done) / (last.at - first.at)) * 1000;
  }

  private workingTime(): number {
    return (this.pausedSince ?? this.now()) - this.pausedMs;
  }
}

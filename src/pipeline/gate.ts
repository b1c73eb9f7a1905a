import { WinnowError } from "../core/errors.ts";

/** A point that work passes unless it is paused; aborting the signal ends the wait as `cancelled`. */
export class Gate {
  private opened: Promise<void> = Promise.resolve();
  private open: (() => void) | null = null;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener("abort", () => this.resume(), { once: true });
  }

  get paused(): boolean {
    return this.open !== null;
  }

  pause(): void {
    if (this.open || this.signal.aborted) return;
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  resume(): void {
    this.open?.();
    this.open = null;
  }

  async pass(): Promise<void> {
    await this.opened;
    if (this.signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
  }
}

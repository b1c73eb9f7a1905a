import { WinnowError } from "../core/errors.ts";

/** A third of a frame: the listing, garbage collection and the screen share it. */
const BUSY_MS = 5;

const turns: (() => void)[] = [];
let channel: MessageChannel | null = null;

/** One turn of the event loop. A message is not delayed as a nested timer is (4 ms), nor put before other tasks. */
function nextTurn(): Promise<void> {
  if (channel === null) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => turns.shift()?.();
  }
  const { port2 } = channel;
  return new Promise((resolve) => {
    turns.push(resolve);
    port2.postMessage(null);
  });
}

/** Keeps a loop on the main thread short of a frame, and ends it when its signal aborts. */
export class Pace {
  private since = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  /** Gives the event loop a turn when it is due. Throws `cancelled` after an abort. */
  async rest(): Promise<void> {
    this.check();
    if (performance.now() - this.since < BUSY_MS) return;
    await nextTurn();
    this.since = performance.now();
    this.check();
  }

  /** Throws `cancelled` after an abort. */
  check(): void {
    if (this.signal?.aborted) throw new WinnowError("cancelled", "The listing was cancelled.");
  }

  /** The promise's result, or `cancelled` at once when the signal aborts first; the promise itself goes on. */
  async orAborted<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this;
    if (signal === undefined) return promise;
    this.check();
    let stop = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(new WinnowError("cancelled", "The listing was cancelled."));
      signal.addEventListener("abort", stop, { once: true });
    });
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}

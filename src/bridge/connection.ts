import { wrap } from "comlink";
import { WinnowError } from "../core/errors.ts";
import { aliveMessage, lifeLockReleased } from "../protocol/lifeLock.ts";
import { carryErrors } from "../protocol/remoteErrors.ts";

export interface CallOptions {
  /** Rejects the call as `cancelled`; what the worker is doing goes on and its answer is dropped. */
  signal?: AbortSignal;
  /** The worker counts as hung after this long: it is ended and the call rejects as `worker-died`. */
  timeoutMs?: number;
}

/** A worker's script is on its way to a phone over a slow network at most this long. */
const startTimeoutMs = 60_000;

interface Live<T> {
  name: string;
  worker: Worker;
  remote: T;
  /** Ends the watch over the worker's life. */
  watch: AbortController;
  fail: Set<(error: WinnowError) => void>;
  /** Why it ended: a call that was about to start must not wait for its answer. */
  ended: WinnowError | null;
}

/**
 * One worker behind a typed, abortable call; every method of `T` returns a promise. A worker that dies rejects every call in flight with `worker-died`; the
 * next call starts a fresh one. `close()` is idempotent; a call after it rejects.
 */
export class Connection<T> {
  private live: Live<T> | null = null;
  private ready: Promise<Live<T>> | null = null;
  private closed = false;
  private resting: ReturnType<typeof setTimeout> | undefined;

  /** @param spawn makes the worker under the given name */
  constructor(
    private readonly spawn: (name: string) => Worker,
    private readonly label: string,
    /** Runs on every fresh worker before its first call, such as loading a model. */
    private readonly setUp?: (remote: T) => Promise<unknown>,
    /** A worker that nobody has called for so long is ended, which gives its memory back; the next call starts another. */
    private readonly idleMs?: number,
  ) {
    carryErrors();
  }

  async call<R>(use: (remote: T) => Promise<R>, { signal, timeoutMs }: CallOptions = {}): Promise<R> {
    if (signal?.aborted) throw cancelled();
    clearTimeout(this.resting);
    this.ready ??= this.start();
    const live = await this.ready;
    if (signal?.aborted) throw cancelled();
    try {
      return await this.guard(live, () => use(live.remote), {
        ...(signal && { signal }),
        ...(timeoutMs && { timeoutMs }),
      });
    } finally {
      this.restLater(live);
    }
  }

  private restLater(live: Live<T>): void {
    clearTimeout(this.resting);
    if (this.idleMs === undefined || this.closed || live.fail.size > 0) return;
    this.resting = setTimeout(() => {
      if (live.fail.size === 0) this.end(live, new WinnowError("cancelled", `The ${this.label} worker was resting.`));
    }, this.idleMs);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.resting);
    if (this.live) this.end(this.live, new WinnowError("cancelled", `The ${this.label} worker was closed.`));
    this.ready = null;
  }

  private async start(): Promise<Live<T>> {
    if (this.closed) throw new WinnowError("internal", `the ${this.label} worker was used after close`);
    const name = `winnow-${this.label}-${crypto.randomUUID()}`;
    const worker = this.spawn(name);
    const live: Live<T> = {
      name,
      worker,
      remote: wrap<T>(worker) as unknown as T,
      watch: new AbortController(),
      fail: new Set(),
      ended: null,
    };
    this.live = live;
    const died = (reason: string): void =>
      this.end(live, new WinnowError("worker-died", `The ${this.label} worker ended: ${reason}`));
    worker.addEventListener("error", (event) => died(event.message || "it could not be loaded"));
    worker.addEventListener("messageerror", () => died("a message could not be read"));
    try {
      await this.guard(live, () => said(worker, aliveMessage), { timeoutMs: startTimeoutMs });
      void lifeLockReleased(name, live.watch.signal).then(() => died("it stopped by itself"));
      if (this.setUp) await this.guard(live, () => this.setUp!(live.remote), {});
    } catch (error) {
      this.end(live, new WinnowError("worker-died", `The ${this.label} worker could not be set up.`));
      throw error;
    }
    return live;
  }

  private guard<R>(live: Live<T>, use: () => Promise<R>, { signal, timeoutMs }: CallOptions): Promise<R> {
    if (live.ended) return Promise.reject(live.ended);
    return new Promise<R>((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const abort = (): void => settle(() => reject(cancelled()));
      const fail = (error: WinnowError): void => settle(() => reject(error));
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        live.fail.delete(fail);
        finish();
      };
      live.fail.add(fail);
      signal?.addEventListener("abort", abort, { once: true });
      if (timeoutMs !== undefined) {
        const seconds = Math.round(timeoutMs / 1000);
        timer = setTimeout(
          () =>
            this.end(live, new WinnowError("worker-died", `The ${this.label} worker did not answer for ${seconds} s.`)),
          timeoutMs,
        );
      }
      use().then(
        (value) => settle(() => resolve(value)),
        (error) => settle(() => reject(error)),
      );
    });
  }

  private end(live: Live<T>, error: WinnowError): void {
    live.ended ??= error;
    live.watch.abort();
    live.worker.terminate();
    if (this.live === live) {
      this.live = null;
      this.ready = null;
    }
    for (const fail of [...live.fail]) fail(error);
  }
}

function said(worker: Worker, message: string): Promise<void> {
  return new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => {
      if (data === message) resolve();
    });
  });
}

const cancelled = (): WinnowError => new WinnowError("cancelled", "Cancelled.");

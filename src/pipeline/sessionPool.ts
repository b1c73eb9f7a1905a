import { Pool } from "../bridge/pool.ts";
import type { Arrangement } from "../core/model/arrangement.ts";
import type { TimedCall } from "../core/model/tuner.ts";
import type { EmbedRequest, EmbedService, LoadRequest, Provider } from "../protocol/embedding.ts";

const callTimeoutMs = 120_000;

/** Sessions of one model that share the processor in one way. `close()` is idempotent. */
export class SessionPool {
  /** The runtime's version; "" until a session has started. */
  runtime = "";
  private readonly pool: Pool<EmbedService>;
  private running = 0;
  private pending = 0;
  private retired = false;

  constructor(
    spawn: (name: string) => Worker,
    readonly arrangement: Arrangement,
    readonly request: Omit<LoadRequest, "threads">,
  ) {
    const { sessions, threads } = arrangement;
    this.pool = new Pool<EmbedService>(spawn, "embed", sessions, async (remote) => {
      this.runtime = (await remote.load({ ...request, threads })).runtime;
    });
  }

  get provider(): Provider {
    return this.request.provider;
  }

  /** How many batches can be computed at the same time. */
  get size(): number {
    return this.pool.size;
  }

  /** Starts all sessions; rejects with the first failure. */
  warmUp(): Promise<void> {
    return this.pool.warmUp();
  }

  /** Runs one batch on the first session that is free, and tells how long that session took. */
  async run<T>(
    request: EmbedRequest,
    call: (remote: EmbedService, request: EmbedRequest) => Promise<T>,
    { signal, timeoutMs = callTimeoutMs }: { signal?: AbortSignal | undefined; timeoutMs?: number } = {},
  ): Promise<{ result: T; timed: TimedCall }> {
    this.pending++;
    try {
      return await this.pool.run((remote) => this.timed(request, () => call(remote, request)), {
        timeoutMs,
        ...(signal && { signal }),
      });
    } finally {
      this.pending--;
      if (this.retired && this.pending === 0) this.close();
    }
  }

  /** Ends the sessions once what they were given is done. */
  retire(): void {
    this.retired = true;
    if (this.pending === 0) this.close();
  }

  close(): void {
    this.pool.close();
  }

  private async timed<T>({ count }: EmbedRequest, work: () => Promise<T>): Promise<{ result: T; timed: TimedCall }> {
    this.running++;
    const busyAtStart = this.running === this.size;
    const started = performance.now();
    try {
      const result = await work();
      const milliseconds = performance.now() - started;
      return { result, timed: { images: count, milliseconds, busy: busyAtStart && this.running === this.size } };
    } finally {
      this.running--;
    }
  }
}

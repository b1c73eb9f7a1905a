import { WinnowError } from "../core/errors.ts";
import { type CallOptions, Connection } from "./connection.ts";

/**
 * Several workers of one kind behind one queue: a call goes to the first that is free, in the order of the calls.
 * A worker that dies rejects its own call with `worker-died` and is replaced at its next use.
 */
export class Pool<T> {
  private readonly idle: Connection<T>[];
  private readonly all: readonly Connection<T>[];
  private readonly waiting: { start: (connection: Connection<T>) => void; reject: (error: WinnowError) => void }[] = [];
  private closed = false;

  constructor(spawn: (name: string) => Worker, label: string, size: number, setUp?: (remote: T) => Promise<unknown>) {
    this.all = Array.from({ length: size }, () => new Connection<T>(spawn, label, setUp));
    this.idle = [...this.all];
  }

  get size(): number {
    return this.all.length;
  }

  async run<R>(use: (remote: T) => Promise<R>, options: CallOptions = {}): Promise<R> {
    const connection = await this.acquire();
    try {
      return await connection.call(use, options);
    } finally {
      this.release(connection);
    }
  }

  /** Starts every worker now, so that the first calls find them warm; rejects with the first failure. */
  async warmUp(): Promise<void> {
    await Promise.all(this.all.map((connection) => connection.call(async () => undefined)));
  }

  close(): void {
    this.closed = true;
    for (const connection of this.all) connection.close();
    for (const { reject } of this.waiting.splice(0)) reject(new WinnowError("cancelled", "Cancelled."));
  }

  private acquire(): Promise<Connection<T>> {
    if (this.closed) return Promise.reject(new WinnowError("internal", "a worker pool was used after close"));
    const connection = this.idle.pop();
    if (connection) return Promise.resolve(connection);
    return new Promise((start, reject) => this.waiting.push({ start, reject }));
  }

  private release(connection: Connection<T>): void {
    const next = this.waiting.shift();
    if (next) next.start(connection);
    else this.idle.push(connection);
  }
}

import type { KernelModule, RangeFunctions } from "./functions.ts";

/**
 * One job at a time for all threads: a range is cut into chunks, and whoever is free takes the next. The first page of
 * the shared memory holds the job. What a kernel writes for a chunk depends on the chunk alone, so the number of
 * threads changes nothing.
 */
const field = { sequence: 16, next: 17, finished: 18, kernel: 19, count: 20, chunk: 21, failed: 22 } as const;
const argumentsAt = 256;
const mostArguments = 16;

export const rangeKernels = [
  "distanceUpdate",
  "quantise",
  "knnPairs",
  "knnRerank",
  "knnExactRows",
  "rowStatistics",
  "powerNormalise",
  "project",
  "addOuterProducts",
  "multiplyTransposedF64",
  "umapEpoch",
  "fftColumns",
  "fftRows",
  "fftColumnsBack",
  "tsneSpread",
  "tsneRepel",
  "tsneMove",
  "planeRanks",
] as const satisfies (keyof RangeFunctions)[];

/** What a thread needs to join in. Structured-cloneable. */
export interface ThreadStart {
  module: unknown;
  memory: unknown;
  /** 1 and up; 0 is the thread that gives the jobs. */
  thread: number;
}

/** The loop of a thread that joins in: it sleeps until there is a job, for ever. Blocks its worker. */
export function serveJobs(kernels: KernelModule, buffer: ArrayBufferLike, thread: number): never {
  const fields = new Int32Array(buffer as ArrayBuffer, 0, 64);
  let seen = 0;
  for (;;) {
    Atomics.wait(fields, field.sequence, seen);
    seen = Atomics.load(fields, field.sequence);
    try {
      takeChunks(kernels, fields, new Float64Array(buffer as ArrayBuffer, argumentsAt, mostArguments), thread);
    } catch {
      Atomics.store(fields, field.failed, 1);
    }
    Atomics.add(fields, field.finished, 1);
    Atomics.notify(fields, field.finished);
  }
}

/** Gives range jobs to `threads` threads, itself among them. */
export class Team {
  private readonly fields: Int32Array;
  private readonly numbers: Float64Array;

  constructor(
    private readonly kernels: KernelModule,
    buffer: ArrayBufferLike,
    readonly threads: number,
  ) {
    this.fields = new Int32Array(buffer as ArrayBuffer, 0, 64);
    this.numbers = new Float64Array(buffer as ArrayBuffer, argumentsAt, mostArguments);
  }

  /** Runs a kernel over 0…count in chunks on all threads and returns when it is done. */
  run<K extends keyof RangeFunctions>(
    kernel: K,
    count: number,
    chunk: number,
    args: Parameters<RangeFunctions[K]>,
  ): void {
    const { fields } = this;
    fields[field.kernel] = rangeKernels.indexOf(kernel);
    fields[field.count] = count;
    fields[field.chunk] = chunk;
    this.numbers.set(args);
    Atomics.store(fields, field.next, 0);
    Atomics.store(fields, field.finished, 0);
    Atomics.add(fields, field.sequence, 1);
    Atomics.notify(fields, field.sequence);
    takeChunks(this.kernels, fields, this.numbers, 0);
    for (;;) {
      const finished = Atomics.load(fields, field.finished);
      if (finished === this.threads - 1) break;
      Atomics.wait(fields, field.finished, finished);
    }
    if (Atomics.exchange(fields, field.failed, 0) !== 0) throw new RangeError(`a thread failed in kernel ${kernel}`);
  }
}

function takeChunks(kernels: KernelModule, fields: Int32Array, numbers: Float64Array, thread: number): void {
  const run = kernels[rangeKernels[fields[field.kernel]!]!] as (...args: number[]) => void;
  const [count, chunk] = [fields[field.count]!, fields[field.chunk]!];
  const args = [...numbers];
  for (;;) {
    const begin = Atomics.add(fields, field.next, 1) * chunk;
    if (begin >= count) return;
    run(begin, Math.min(count, begin + chunk), thread, ...args);
  }
}

import type { KernelModule, RangeFunctions } from "./functions.ts";
import { KernelMemory, PlainMemory, type RawMemory } from "./memory.ts";
import { plainModule } from "./plain/module.ts";
import { serveJobs, Team, type ThreadStart } from "./threads.ts";
import { sharedWasm, wasm } from "./wasm.ts";

// The core's type settings know no environment; this is all of WebAssembly that is used.
declare const WebAssembly: {
  Memory: new (limits: { initial: number; maximum: number; shared?: boolean }) => RawMemory;
  compile(bytes: Uint8Array): Promise<unknown>;
  instantiate(module: unknown, imports: object): Promise<{ exports: unknown }>;
  validate(bytes: Uint8Array): boolean;
};

/** Kernels with their memory. Calls are synchronous: use them from a worker or from Node. */
export interface Kernels {
  readonly memory: KernelMemory;
  readonly module: KernelModule;
  /** Threads that take part, 1 and up. */
  readonly threads: number;
  /** Which version of the kernels this is. */
  readonly kind: "wasm" | "plain";
  /**
   * Runs a range kernel over 0…count on all threads, in chunks of at most `chunk`. The result does not depend on the
   * number of threads.
   */
  range<K extends keyof RangeFunctions>(
    kernel: K,
    count: number,
    chunk: number,
    ...args: Parameters<RangeFunctions[K]>
  ): void;
}

export interface LoadOptions {
  /** Threads to use, itself included. More than 1 needs {@link startThread}. Default 1. */
  threads?: number;
  /**
   * Starts a worker that calls {@link joinThreads} with what it is given, and resolves when that says ready.
   * Needs SharedArrayBuffer.
   */
  startThread?: (start: ThreadStart) => Promise<void>;
}

/** WebAssembly.Memory of less than 4 GiB where an address space is small. */
const maximumPages = [65_536, 32_768, 16_384, 8_192];

/** The kernels in WASM with SIMD, or the plain ones where the machine has no WASM SIMD. */
export async function loadKernels({ threads = 1, startThread }: LoadOptions = {}): Promise<Kernels> {
  const shared = threads > 1 && startThread !== undefined && typeof SharedArrayBuffer !== "undefined";
  const bytes = bytesOf(shared ? sharedWasm : wasm);
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(bytes)) return plainKernels();
  const compiled = await WebAssembly.compile(bytes);
  const raw = newMemory(shared);
  const module = await instantiate(compiled, raw);
  const memory = new KernelMemory(raw);
  if (!shared) return single("wasm", module, memory);
  for (let thread = 1; thread < threads; thread++) await startThread({ module: compiled, memory: raw, thread });
  const team = new Team(module, raw.buffer, threads);
  return {
    memory,
    module,
    threads,
    kind: "wasm",
    range: (kernel, count, chunk, ...args) => {
      // Work for one thread is not worth waking the others.
      if (count <= chunk) call(module, kernel, count, chunk, args);
      else team.run(kernel, count, chunk, args);
    },
  };
}

/** The plain kernels: the reference, and what runs without WASM SIMD. */
export function plainKernels(): Kernels {
  const memory = new KernelMemory(new PlainMemory());
  return single("plain", plainModule(memory), memory);
}

/**
 * What a thread's worker does with what {@link LoadOptions.startThread} was given. Never returns.
 * @param ready called when nothing can fail any more, just before the thread blocks
 */
export async function joinThreads({ module, memory, thread }: ThreadStart, ready: () => void): Promise<never> {
  const raw = memory as RawMemory;
  const kernels = await instantiate(module, raw);
  ready();
  return serveJobs(kernels, raw.buffer, thread);
}

const single = (kind: Kernels["kind"], module: KernelModule, memory: KernelMemory): Kernels => ({
  memory,
  module,
  threads: 1,
  kind,
  range: (kernel, count, chunk, ...args) => call(module, kernel, count, chunk, args),
});

function call<K extends keyof RangeFunctions>(
  module: KernelModule,
  kernel: K,
  count: number,
  chunk: number,
  args: Parameters<RangeFunctions[K]>,
): void {
  const run = module[kernel] as (...args: number[]) => void;
  for (let begin = 0; begin < count; begin += chunk) run(begin, Math.min(count, begin + chunk), 0, ...args);
}

async function instantiate(compiled: unknown, memory: RawMemory): Promise<KernelModule> {
  const { exports } = await WebAssembly.instantiate(compiled, { env: { memory } });
  return exports as KernelModule;
}

function newMemory(shared: boolean): RawMemory {
  for (const maximum of maximumPages) {
    try {
      return new WebAssembly.Memory({ initial: 16, maximum, shared });
    } catch (error) {
      if (maximum === maximumPages.at(-1)) throw error;
    }
  }
  throw new RangeError("no memory");
}

/** Base64 to bytes; the core has no environment that could do it. */
function bytesOf(base64: string): Uint8Array {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const values = new Uint8Array(128);
  for (let i = 0; i < digits.length; i++) values[digits.charCodeAt(i)] = i;
  const length = base64.replace(/=+$/, "").length;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    bits = (bits << 6) | values[base64.charCodeAt(i)]!;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 255;
  }
  return bytes;
}

import type { ModelManifest } from "../../models/manifest.ts";
import { Pool } from "../bridge/pool.ts";
import { spawnEmbedWorker } from "../bridge/workers.ts";
import { WinnowError } from "../core/errors.ts";
import type { ImagePredictions } from "../core/model/imagePredictions.ts";
import type { EmbedRequest, EmbedService, InputSpec, LoadRequest, Provider } from "../protocol/embedding.ts";

/** How sessions and threads share the processor. */
export interface Arrangement {
  sessions: number;
  threads: number;
}

/**
 * Several sessions with one thread each beat one session with as many threads (2 cores, batch 8: 34 against 29 images a
 * second), because nothing waits at the end of every operator. Each session holds about 100 MB, so there are at most
 * four and further cores become threads, which need an isolated page.
 */
export function arrange(cores: number, isolated: boolean): Arrangement {
  const sessions = Math.max(1, Math.min(cores, 4));
  return { sessions, threads: isolated ? Math.max(1, Math.floor(cores / sessions)) : 1 };
}

/** Cosine that a provider must reach to WASM's features of the same images before it is trusted. */
const agreement = 0.999;
/** Providers have been wrong only for batches over 1, and only for single images; small, as it runs before anything else. */
const probedBatches = [1, 8] as const;
const usualProbeSize = 96;
/** Images by which speeds are compared, and milliseconds under which a difference says nothing. */
const timedBatch = 8;
const leastTimed = 20;

export interface EmbedderOptions {
  manifest: ModelManifest;
  model: ArrayBuffer;
  /** Files beside it that hold its weights. */
  externalData?: LoadRequest["externalData"];
  /** Images at a time for a model that takes no other number. */
  fixedBatch?: number | null;
  /** Side of the images by which providers are compared; the model's own for one that takes no other. */
  probeSize?: number;
  cores: number;
  isolated: boolean;
  /** Called when the way it runs changes, with words for the status line. */
  onNote: (note: string) => void;
  /** Why there is no GPU worth trying, null when there is one; as the browser says when left out. */
  gpuProblem?: () => Promise<string | null>;
  /** Makes the workers; those of the build when left out. */
  spawnWorker?: (name: string) => Worker;
}

/** Turns model-size pixels into features on the best provider that agrees with WASM. `close()` is idempotent. */
export class Embedder {
  private pool: Pool<EmbedService>;
  /** The WebGPU pool, kept when it is lost, to know late failures as its own. */
  private gpu: Pool<EmbedService> | null = null;

  private constructor(private readonly options: EmbedderOptions) {
    this.pool = this.wasmPool();
  }

  /**
   * Starts the sessions. WebGPU is used when there is a real adapter, its features agree with WASM's, and it is faster.
   * @throws WinnowError `model` when the file cannot be run at all
   */
  static async start(options: EmbedderOptions): Promise<Embedder> {
    const embedder = new Embedder(options);
    await embedder.pool.warmUp();
    const problem = await (options.gpuProblem ?? browsersGpuProblem)();
    embedder.tell(problem ?? "");
    if (problem === null) await embedder.tryWebGpu();
    return embedder;
  }

  /** How many batches can be computed at the same time. */
  get parallel(): number {
    return this.pool.size;
  }

  /**
   * Features of images of size × size × 3 interleaved bytes each, f32 count × featureCount.
   * @throws WinnowError `worker-died` when a worker died of this batch
   */
  embed(images: readonly Uint8Array[], signal?: AbortSignal): Promise<Float32Array> {
    return this.run(images, (remote, request) => remote.embed(request), signal);
  }

  /** What a model that predicts says of images, as {@link embed}. */
  predict(images: readonly Uint8Array[], signal?: AbortSignal): Promise<ImagePredictions[]> {
    return this.run(images, (remote, request) => remote.predict(request), signal);
  }

  close(): void {
    this.pool.close();
  }

  private async run<T>(
    images: readonly Uint8Array[],
    call: (remote: EmbedService, request: EmbedRequest) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { pool } = this;
    try {
      return await this.runOn(pool, images, call, signal);
    } catch (error) {
      if (pool !== this.gpu || signal?.aborted) throw error;
      // Several batches meet the same loss; closing the pool rejects those that wait. All of them start over on WASM.
      if (pool === this.pool) this.giveUpGpu(pool);
      return await this.runOn(this.pool, images, call, signal);
    }
  }

  private runOn<T>(
    pool: Pool<EmbedService>,
    images: readonly Uint8Array[],
    call: (remote: EmbedService, request: EmbedRequest) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { size } = this.options.manifest.spec;
    const each = size * size * 3;
    const rgb = new Uint8Array(images.length * each);
    images.forEach((image, i) => {
      if (image.length !== each)
        throw new WinnowError("shape", `expected ${each} bytes of pixels, got ${image.length}`);
      rgb.set(image, i * each);
    });
    return pool.run((remote) => call(remote, { rgb, count: images.length }), {
      timeoutMs: 120_000,
      ...(signal && { signal }),
    });
  }

  private wasmPool(): Pool<EmbedService> {
    const { cores, isolated } = this.options;
    const { sessions, threads } = arrange(cores, isolated);
    return this.makePool("wasm", sessions, threads, inputOf(this.options));
  }

  private makePool(provider: Provider, sessions: number, threads: number, input: InputSpec): Pool<EmbedService> {
    const { model, externalData, spawnWorker = spawnEmbedWorker } = this.options;
    return new Pool<EmbedService>(spawnWorker, "embed", sessions, (remote) =>
      remote.load({ model, provider, threads, input, ...(externalData && { externalData }) }),
    );
  }

  private async tryWebGpu(): Promise<void> {
    const gpu = this.makePool("webgpu", 1, 1, inputOf(this.options));
    try {
      const { probeSize = usualProbeSize } = this.options;
      const small = { ...inputOf(this.options), size: probeSize };
      const [onGpu, onWasm] = await Promise.all([
        this.probe(this.makePool("webgpu", 1, 1, small), probeSize),
        this.probe(this.makePool("wasm", 1, 1, small), probeSize),
      ]);
      for (const [i, count] of probedBatches.entries()) {
        const cosine = worstCosine(onGpu[i]!, onWasm[i]!, count);
        // Features that are all zero have no cosine: not a number is no agreement.
        if (cosine >= agreement) continue;
        const batch = count === 1 ? "" : ` for ${count} images at a time`;
        throw new WinnowError("model", `WebGPU disagrees with WASM${batch} (cosine ${cosine.toFixed(4)})`);
      }
      await gpu.warmUp();
      const [gpuMs, wasmMs] = [await this.timed(gpu), (await this.timed(this.pool)) / this.pool.size];
      if (gpuMs > Math.max(leastTimed, wasmMs)) {
        throw new WinnowError(
          "model",
          `slower than WASM (${Math.round(gpuMs / timedBatch)} ms an image, ${Math.round(wasmMs / timedBatch)})`,
        );
      }
      this.pool.close();
      this.pool = gpu;
      this.gpu = gpu;
      this.tell("");
    } catch (error) {
      gpu.close();
      this.tell(`WebGPU not used: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private giveUpGpu(lost: Pool<EmbedService>): void {
    this.pool = this.wasmPool();
    lost.close();
    this.tell("WebGPU failed, continuing with WASM");
  }

  /** Features of the same made images on any provider, by {@link probedBatches}. */
  private async probe(pool: Pool<EmbedService>, size: number): Promise<Float32Array[]> {
    try {
      const all: Float32Array[] = [];
      for (const count of probedBatches) {
        const rgb = madeImages(count, size);
        all.push(await pool.run((remote) => remote.embed({ rgb, count }), { timeoutMs: 30_000 }));
      }
      return all;
    } finally {
      pool.close();
    }
  }

  /** Milliseconds that one session needs for {@link timedBatch} images, after a run that is not counted. */
  private async timed(pool: Pool<EmbedService>): Promise<number> {
    const rgb = madeImages(timedBatch, this.options.manifest.spec.size);
    const run = () =>
      pool.run((remote) => remote.embed({ rgb: rgb.slice(), count: timedBatch }), { timeoutMs: 30_000 });
    await run();
    const started = performance.now();
    await run();
    return performance.now() - started;
  }

  private tell(reason: string): void {
    const { cores, isolated, onNote } = this.options;
    const { sessions, threads } = arrange(cores, isolated);
    const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
    const how =
      this.pool === this.gpu
        ? "WebGPU"
        : `WASM · ${plural(sessions, "session")}${threads > 1 ? ` × ${plural(threads, "thread")}` : ""}`;
    onNote(reason === "" ? how : `${how} · ${reason}`);
  }
}

const inputOf = ({ manifest, fixedBatch = null }: EmbedderOptions): InputSpec => ({
  ...manifest.spec,
  featureCount: manifest.featureCount,
  fixedBatch,
});

/** Images of size × size × 3 bytes that are not alike, the same every time. */
const madeImages = (count: number, size: number): Uint8Array =>
  Uint8Array.from({ length: count * size * size * 3 }, (_, i) => (i * 7919 + (i >> 7) * 31) & 255);

/** Smallest cosine between equal rows of two count × n matrices; NaN when a row is all zero. */
export function worstCosine(a: Float32Array, b: Float32Array, count: number): number {
  const cols = a.length / count;
  let worst = 1;
  for (let row = 0; row < count; row++) {
    let ab = 0;
    let aa = 0;
    let bb = 0;
    for (let i = row * cols; i < (row + 1) * cols; i++) {
      ab += a[i]! * b[i]!;
      aa += a[i]! ** 2;
      bb += b[i]! ** 2;
    }
    worst = Math.min(worst, ab / Math.sqrt(aa * bb));
  }
  return worst;
}

interface GpuNavigator {
  gpu?: { requestAdapter(): Promise<{ isFallbackAdapter?: boolean; info?: { isFallbackAdapter?: boolean } } | null> };
}

/** A software adapter computes a hundred times slower than WASM. */
async function browsersGpuProblem(): Promise<string | null> {
  const { gpu } = navigator as GpuNavigator;
  if (!gpu) return "no WebGPU in this browser";
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) return "no GPU";
  return (adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false) ? "no GPU but a software one" : null;
}

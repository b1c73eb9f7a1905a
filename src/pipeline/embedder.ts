import { efficientNetLite0, type ModelManifest } from "../../models/manifest.ts";
import { spawnEmbedWorker } from "../bridge/workers.ts";
import { WinnowError } from "../core/errors.ts";
import {
  type Arrangement,
  arrange,
  arrangements,
  type Machine,
  type MeasuredTuning,
  sameArrangement,
  usualBatch,
} from "../core/model/arrangement.ts";
import type { ImagePredictions } from "../core/model/imagePredictions.ts";
import type { EmbedRequest, EmbedService, LoadRequest, Provider } from "../protocol/embedding.ts";
import type { KeptTuning } from "../store/tunings.ts";
import { Arranging } from "./arranging.ts";
import { browsersGpuHasHalf, browsersGpuProblem, madeImages, requireAgreement, requireFaster } from "./gpuCheck.ts";
import { SessionPool } from "./sessionPool.ts";

const usualProbeSize = 96;
/** Batch sizes that are measured, the usual one first; a GPU wants larger ones. */
const wasmBatches = [usualBatch, 16, 4];
const gpuBatches = [usualBatch, 16, 32];

export interface EmbedderOptions extends Machine {
  manifest: ModelManifest;
  model: ArrayBuffer;
  /** Files beside it that hold its weights. */
  externalData?: LoadRequest["externalData"];
  /** Images at a time for a model that takes no other number. */
  fixedBatch?: number | null;
  /** Side of the images by which providers are compared; the model's own for one that takes no other. */
  probeSize?: number;
  /** Called when the way it runs changes, with words for the status line. */
  onNote: (note: string) => void;
  /** What was measured before on this machine, or null. */
  kept?: KeptTuning | null;
  /** Called when the fastest way to share the processor has been found. */
  onMeasured?: (tuning: KeptTuning) => void;
  /** Why there is no GPU worth trying, null when there is one; as the browser says when left out. */
  gpuProblem?: () => Promise<string | null>;
  /** Whether the GPU computes with half floats; as the browser says when left out. */
  gpuHasHalf?: () => Promise<boolean>;
  /** Makes the workers; those of the build when left out. */
  spawnWorker?: (name: string) => Worker;
}

/**
 * Turns model-size pixels into features on the best provider that agrees with WASM, with sessions, threads and batch
 * size as they were measured fastest: in an earlier visit, or else on the first batches. `close()` is idempotent.
 */
export class Embedder {
  /** Of batches, once nothing is tried any more. */
  private pool: SessionPool;
  private images: number;
  /** While it is being measured how to share the processor. */
  private arranging: Arranging | null = null;
  /** The WebGPU pool, kept when it is lost, to know late failures as its own. */
  private gpu: SessionPool | null = null;
  /** Why it runs on this provider. */
  private reason = "";

  private constructor(private readonly options: EmbedderOptions) {
    const { kept } = options;
    this.pool = this.makePool("wasm", kept?.provider === "wasm" ? kept : this.usual);
    this.images = this.batchesOf("wasm")[0]!;
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
    if (problem === null) await embedder.tryGpu();
    embedder.takeKept();
    return embedder;
  }

  /** How many batches can be computed at the same time. */
  get parallel(): number {
    return this.present.size;
  }

  /** Images that the next batch should have. */
  get batch(): number {
    return this.arranging?.batch ?? this.images;
  }

  /** Whether the way to share the processor is still being measured. */
  get isMeasuring(): boolean {
    return this.arranging !== null;
  }

  /**
   * Features of images of size × size × 3 interleaved bytes each, f32 count × featureCount.
   * @throws WinnowError `worker-died` when a worker died of this batch
   */
  embed(images: readonly Uint8Array[], signal?: AbortSignal): Promise<Float32Array> {
    return this.run(this.joined(images), (remote, request) => remote.embed(request), signal);
  }

  /** What a model that predicts says of images, as {@link embed}. */
  predict(images: readonly Uint8Array[], signal?: AbortSignal): Promise<ImagePredictions[]> {
    return this.run(this.joined(images), (remote, request) => remote.predict(request), signal);
  }

  /**
   * Measures again how to share the processor, on made images.
   * @throws WinnowError `cancelled`
   */
  async measure(signal: AbortSignal): Promise<void> {
    if (!this.arranging) this.startArranging();
    const made = new Map<number, Uint8Array>();
    const request = (count: number): EmbedRequest => {
      const rgb = made.get(count) ?? madeImages(count, this.options.manifest.spec.size);
      made.set(count, rgb);
      return { rgb, count };
    };
    let flying = 0;
    await new Promise<void>((resolve, reject) => {
      const feed = (): void => {
        if (!this.arranging) {
          if (flying === 0) resolve();
          return;
        }
        // One more than are computed: no session waits.
        while (flying <= this.parallel) {
          flying++;
          this.run(request(this.batch), (remote, one) => remote.embed(one), signal).then(() => {
            flying--;
            feed();
          }, reject);
        }
      };
      feed();
    });
  }

  close(): void {
    this.arranging?.close();
    this.pool.close();
  }

  private get present(): SessionPool {
    return this.arranging?.pool ?? this.pool;
  }

  private get usual(): Arrangement {
    return arrange(this.options, this.modelBytes);
  }

  private get modelBytes(): number {
    const { model, externalData = [] } = this.options;
    return externalData.reduce((sum, { data }) => sum + data.byteLength, model.byteLength);
  }

  private joined(images: readonly Uint8Array[]): EmbedRequest {
    const { size } = this.options.manifest.spec;
    const each = size * size * 3;
    const rgb = new Uint8Array(images.length * each);
    images.forEach((image, i) => {
      if (image.length !== each)
        throw new WinnowError("shape", `expected ${each} bytes of pixels, got ${image.length}`);
      rgb.set(image, i * each);
    });
    return { rgb, count: images.length };
  }

  private async run<T>(
    request: EmbedRequest,
    call: (remote: EmbedService, request: EmbedRequest) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const pool = this.present;
    const { arranging } = this;
    try {
      const { result, timed } = await pool.run(request, call, { signal });
      this.arranging?.note(pool, timed);
      return result;
    } catch (error) {
      if (signal?.aborted) throw error;
      if (pool === this.gpu) {
        // Several batches meet the same loss; closing the pool rejects those that wait. All of them start over on WASM.
        if (pool === this.present) this.giveUpGpu(pool);
      } else if (!arranging?.leaveOut(pool)) throw error;
      return (await this.present.run(request, call, { signal })).result;
    }
  }

  private makePool(provider: Provider, arrangement: Arrangement, how: { size?: number; half?: boolean } = {}) {
    const { model, externalData, manifest, fixedBatch = null, spawnWorker = spawnEmbedWorker } = this.options;
    const { spec, featureCount } = manifest;
    const { size = spec.size, half = false } = how;
    const input = { ...spec, featureCount, fixedBatch, size };
    return new SessionPool(spawnWorker, arrangement, {
      model,
      provider,
      input,
      halfPrecision: half,
      batchInnermost: provider === "wasm" && manifest.sha256 === efficientNetLite0.sha256,
      ...(externalData && { externalData }),
    });
  }

  /** Takes what was measured with the same provider and runtime; measures it otherwise. */
  private takeKept(): void {
    const { kept } = this.options;
    const { provider, runtime } = this.pool;
    if (kept?.provider === provider && kept.runtime === runtime) this.images = kept.batch;
    else this.startArranging();
  }

  private startArranging(): void {
    const { provider, arrangement } = this.pool;
    const others = provider === "wasm" ? arrangements(this.options, this.modelBytes) : [];
    this.arranging = new Arranging(this.pool, {
      arrangements: [arrangement, ...others.filter((one) => !sameArrangement(one, arrangement))],
      batches: this.batchesOf(provider),
      makePool: (one) => this.makePool(provider, one),
      onDecided: (tuning, pool) => this.decided(tuning, pool),
    });
  }

  private batchesOf(provider: Provider): number[] {
    const { fixedBatch, manifest } = this.options;
    if (manifest.spec.predicts?.kind === "detector") return [fixedBatch ?? 1];
    if (fixedBatch) return [Math.ceil(usualBatch / fixedBatch) * fixedBatch];
    return provider === "wasm" ? wasmBatches : gpuBatches;
  }

  private decided({ sessions, threads, batch, rate }: MeasuredTuning, pool: SessionPool): void {
    this.arranging = null;
    this.pool = pool;
    this.images = batch;
    const { provider, runtime } = pool;
    this.options.onMeasured?.({ sessions, threads, batch, rate, provider, runtime });
    this.tell(this.reason);
  }

  /** Uses the GPU, in half precision where it can and that is right, or says why it does not. */
  private async tryGpu(): Promise<void> {
    const hasHalf = await (this.options.gpuHasHalf ?? browsersGpuHasHalf)();
    const halfProblem = hasHalf ? await this.gpuProblemWith(true) : null;
    if (hasHalf && halfProblem === null) return;
    const problem = await this.gpuProblemWith(false);
    if (problem !== null) this.tell(`WebGPU not used: ${problem}`);
    else if (halfProblem !== null) this.tell(`half precision not used: ${halfProblem}`);
  }

  /** Checks the GPU against WASM and uses it when it is right and faster; otherwise says what is wrong. */
  private async gpuProblemWith(half: boolean): Promise<string | null> {
    const one: Arrangement = { sessions: 1, threads: 1 };
    const gpu = this.makePool("webgpu", one, { half });
    try {
      const { probeSize: size = usualProbeSize, manifest } = this.options;
      await requireAgreement(this.makePool("webgpu", one, { size, half }), this.makePool("wasm", one, { size }), size);
      await gpu.warmUp();
      await requireFaster(gpu, this.pool, manifest.spec.size);
      this.pool.close();
      this.pool = gpu;
      this.gpu = gpu;
      this.tell("");
      return null;
    } catch (error) {
      gpu.close();
      return error instanceof Error ? error.message : String(error);
    }
  }

  private giveUpGpu(lost: SessionPool): void {
    this.arranging = null;
    this.pool = this.makePool("wasm", this.usual);
    this.startArranging();
    lost.close();
    this.tell("WebGPU failed, continuing with WASM");
  }

  private tell(reason: string): void {
    this.reason = reason;
    const { provider, arrangement } = this.pool;
    const { sessions, threads } = arrangement;
    const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
    const how =
      provider === "webgpu"
        ? `WebGPU${this.pool.request.halfPrecision ? ", half precision" : ""}`
        : `WASM · ${plural(sessions, "session")}${threads > 1 ? ` × ${plural(threads, "thread")}` : ""}`;
    this.options.onNote(reason === "" ? how : `${how} · ${reason}`);
  }
}

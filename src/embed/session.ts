import type { InferenceSession } from "onnxruntime-web/wasm";
import { WinnowError } from "../core/errors.ts";
import { batchInnermost, batchMultiple } from "../core/model/batchInnermost.ts";
import { halfPrecision } from "../core/model/halfPrecision.ts";
import type { ImagePredictions } from "../core/model/imagePredictions.ts";
import type { ImageTensor, ModelOutput } from "../core/model/modelTensors.ts";
import { outputsOf } from "../core/model/predicts.ts";
import { predictionsOfImages, rowsOfImages } from "../core/model/rowsOfImages.ts";
import type { EmbedRequest, InputSpec, LoadRequest } from "../protocol/embedding.ts";
import { startSession } from "./startSession.ts";

/** One ONNX session and the one queue in front of it: `session.run` is not re-entrant. */
export class EmbedSession {
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly session: InferenceSession,
    private readonly Tensor: typeof import("onnxruntime-web/wasm").Tensor,
    private readonly input: InputSpec,
    private readonly isBatchInnermost: boolean,
    /** The runtime's version. */
    readonly runtime: string,
  ) {}

  /**
   * Loads the runtime and creates the session.
   * @throws WinnowError `model` when the runtime refuses the file or the provider.
   */
  static async load({ input, ...files }: LoadRequest): Promise<EmbedSession> {
    const rewritten = (model: Uint8Array): Uint8Array => {
      const file = files.batchInnermost ? batchInnermost(model, input.size) : model;
      return files.halfPrecision ? halfPrecision(file) : file;
    };
    const { session, Tensor, runtime } = await startSession(files, rewritten);
    return new EmbedSession(session, Tensor, input, files.batchInnermost ?? false, runtime);
  }

  /** Features of a batch, f32 count × featureCount. Calls are run one after the other; a failed one stops no other. */
  async embed(request: EmbedRequest): Promise<Float32Array> {
    return (await this.tryOut(request)).features;
  }

  /** The same, with the shape of the output before pooling: “float32 [1, 197, 384]”. */
  tryOut(request: EmbedRequest): Promise<{ features: Float32Array; output: string }> {
    return this.queued(() => this.features(request));
  }

  /** What the model says of each image of a batch, in its turn. */
  predict({ rgb, count }: EmbedRequest): Promise<ImagePredictions[]> {
    const { predicts } = this.input;
    if (!predicts) throw new WinnowError("internal", "predict was called of an embedding model");
    return this.queued(() =>
      predictionsOfImages(rgb, count, { ...this.input, predicts }, this.fixedBatch(count), (tensor) =>
        this.run(tensor, outputsOf(this.input)),
      ),
    );
  }

  /** Frees the session; the WASM heap itself only goes with its worker. */
  async close(): Promise<void> {
    await this.tail;
    await this.session.release();
  }

  /** Images that a call must have. An image's features are the same to the last bit, whatever is beside it. */
  private fixedBatch(count: number): number | null {
    if (this.isBatchInnermost) return Math.ceil(count / batchMultiple) * batchMultiple;
    return this.input.fixedBatch ?? null;
  }

  private queued<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work);
    this.tail = result.catch(() => undefined);
    return result;
  }

  private async features({ rgb, count }: EmbedRequest): Promise<{ features: Float32Array; output: string }> {
    const { output: name, featureCount } = this.input;
    let output = "";
    const features = await rowsOfImages(rgb, count, this.input, this.fixedBatch(count), async (tensor) => {
      const found = (await this.run(tensor, [name])).get(name);
      if (found) output = `${found.type} [${found.dims.join(", ")}]`;
      return found;
    });
    if (featureCount > 0 && features.length !== count * featureCount) {
      throw new WinnowError("model", `expected ${count} × ${featureCount} features, got ${features.length}`);
    }
    return { features, output };
  }

  private async run({ type, data, dims }: ImageTensor, names: string[]): Promise<Map<string, ModelOutput>> {
    const tensor = new this.Tensor(type as "float32", data as Float32Array, dims);
    try {
      return new Map(Object.entries(await this.session.run({ [this.input.input]: tensor }, names)));
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      const { size } = this.input;
      throw new WinnowError("model", `The model does not take images of ${size} × ${size}: ${words}`, {}, { cause });
    }
  }
}

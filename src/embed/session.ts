import type { InferenceSession } from "onnxruntime-web/wasm";
import { WinnowError } from "../core/errors.ts";
import { rowsOfImages } from "../core/model/rowsOfImages.ts";
import type { EmbedRequest, InputSpec, LoadRequest } from "../protocol/embedding.ts";

/** One ONNX session and the one queue in front of it: `session.run` is not re-entrant. */
export class EmbedSession {
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly session: InferenceSession,
    private readonly Tensor: typeof import("onnxruntime-web/wasm").Tensor,
    private readonly input: InputSpec,
  ) {}

  /**
   * Loads the runtime and creates the session.
   * @throws WinnowError `model` when the runtime refuses the file or the provider.
   */
  static async load({ model, externalData, provider, threads, input }: LoadRequest): Promise<EmbedSession> {
    // These imports must stay dynamic: imported statically, the runtime is inlined into this worker, and the worker's
    // top level would run again in each of the runtime's own threads.
    const ort = provider === "webgpu" ? await import("onnxruntime-web/webgpu") : await import("onnxruntime-web/wasm");
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.proxy = false;
    ort.env.logLevel = "error";
    try {
      const session = await ort.InferenceSession.create(new Uint8Array(model), {
        executionProviders: [provider],
        graphOptimizationLevel: "all",
        logSeverityLevel: 3,
        ...(externalData && {
          externalData: externalData.map(({ path, data }) => ({ path, data: new Uint8Array(data) })),
        }),
      });
      return new EmbedSession(session, ort.Tensor, input);
    } catch (cause) {
      throw new WinnowError(
        "model",
        `The model could not be started with ${provider}: ${cause instanceof Error ? cause.message : String(cause)}`,
        { provider },
        { cause },
      );
    }
  }

  /** Features of a batch, f32 count × featureCount. Calls are run one after the other; a failed one stops no other. */
  async embed(request: EmbedRequest): Promise<Float32Array> {
    return (await this.tryOut(request)).features;
  }

  /** The same, with the shape of the output before pooling: “float32 [1, 197, 384]”. */
  tryOut(request: EmbedRequest): Promise<{ features: Float32Array; output: string }> {
    const result = this.tail.then(() => this.run(request));
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Frees the session; the WASM heap itself only goes with its worker. */
  async close(): Promise<void> {
    await this.tail;
    await this.session.release();
  }

  private async run({ rgb, count }: EmbedRequest): Promise<{ features: Float32Array; output: string }> {
    const { input, output: name, size, featureCount, fixedBatch = null } = this.input;
    let output = "";
    const features = await rowsOfImages(rgb, count, this.input, fixedBatch, async ({ type, data, dims }) => {
      const tensor = new this.Tensor(type as "float32", data as Float32Array, dims);
      try {
        const found = (await this.session.run({ [input]: tensor }, [name]))[name];
        if (found) output = `${found.type} [${found.dims.join(", ")}]`;
        return found;
      } catch (cause) {
        const words = cause instanceof Error ? cause.message : String(cause);
        throw new WinnowError("model", `The model does not take images of ${size} × ${size}: ${words}`, {}, { cause });
      }
    });
    if (featureCount > 0 && features.length !== count * featureCount) {
      throw new WinnowError("model", `expected ${count} × ${featureCount} features, got ${features.length}`);
    }
    return { features, output };
  }
}

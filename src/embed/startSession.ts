import type { InferenceSession } from "onnxruntime-web/wasm";
import { WinnowError } from "../core/errors.ts";
import type { LoadRequest } from "../protocol/embedding.ts";

/** A session, and the runtime's class for what goes in. */
export interface StartedSession {
  session: InferenceSession;
  Tensor: typeof import("onnxruntime-web/wasm").Tensor;
  /** The runtime's version. */
  runtime: string;
}

/**
 * Loads the runtime and creates a session.
 * @param rewritten what the runtime gets in the place of the model's bytes
 * @throws WinnowError `model` when the runtime refuses the file or the provider
 */
export async function startSession(
  { model, externalData, provider, threads }: Pick<LoadRequest, "model" | "externalData" | "provider" | "threads">,
  rewritten: (model: Uint8Array) => Uint8Array = (bytes) => bytes,
): Promise<StartedSession> {
  // These imports must stay dynamic: imported statically, the runtime is inlined into this worker, and the worker's
  // top level would run again in each of the runtime's own threads.
  const ort = provider === "webgpu" ? await import("onnxruntime-web/webgpu") : await import("onnxruntime-web/wasm");
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.proxy = false;
  ort.env.logLevel = "error";
  try {
    const session = await ort.InferenceSession.create(rewritten(new Uint8Array(model)), {
      executionProviders: [provider],
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
      ...(externalData && {
        externalData: externalData.map(({ path, data }) => ({ path, data: new Uint8Array(data) })),
      }),
    });
    return { session, Tensor: ort.Tensor, runtime: ort.env.versions.web ?? ort.env.versions.common };
  } catch (cause) {
    throw new WinnowError(
      "model",
      `The model could not be started with ${provider}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { provider },
      { cause },
    );
  }
}

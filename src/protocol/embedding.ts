import type { ModelSpec } from "../core/model/modelSpec.ts";

export type Provider = "wasm" | "webgpu";

export interface LoadRequest {
  /** The bytes of the ONNX file; copied to the worker, the caller keeps its own. */
  model: ArrayBuffer;
  provider: Provider;
  /** Threads inside one session; more than 1 needs a cross-origin isolated page. */
  threads: number;
  input: InputSpec;
}

/** The model's spec, and how many numbers it gives an image. */
export interface InputSpec extends ModelSpec {
  featureCount: number;
}

export interface EmbedRequest {
  /** Images one after the other, each size × size × 3 interleaved; transferred. */
  rgb: Uint8Array;
  count: number;
}

export interface EmbedService {
  load(request: LoadRequest): Promise<void>;
  /** Features as f32, count × featureCount, row-major; transferred back. */
  embed(request: EmbedRequest): Promise<Float32Array>;
}

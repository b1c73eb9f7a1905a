import type { ImagePredictions } from "../core/model/imagePredictions.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import type { EmbeddedText } from "../core/model/rowOfText.ts";
import type { TextSpec } from "../core/model/textTower.ts";
import type { TextFile } from "../core/model/tokenizerFile.ts";

export type Provider = "wasm" | "webgpu";

export interface LoadRequest {
  /** The bytes of the ONNX file; copied to the worker, the caller keeps its own. */
  model: ArrayBuffer;
  /** Files beside it that hold its weights, by name. */
  externalData?: readonly { path: string; data: ArrayBuffer }[];
  provider: Provider;
  /** Threads inside one session; more than 1 needs a cross-origin isolated page. */
  threads: number;
  input: InputSpec;
  /** It is the bundled model, to be rewritten by `batchInnermost` for speed. */
  batchInnermost?: boolean;
  /** Computed in half floats. */
  halfPrecision?: boolean;
}

/** A text tower with its tokenizer. */
export interface TextRequest extends Pick<LoadRequest, "model" | "externalData"> {
  spec: TextSpec;
  tokenizer: TextFile;
  /** The tokenizer_config.json beside it, where one was chosen. */
  config: TextFile | null;
}

/** The model's spec, and how many numbers it gives an image. */
export interface InputSpec extends ModelSpec {
  /** 0: not known yet, any number is right. */
  featureCount: number;
  /** Images at a time, for a model that takes no other number; absent: any. */
  fixedBatch?: number | null;
}

export interface LoadedModel {
  /** The runtime's version. */
  runtime: string;
}

/** What one run of a model gave. */
export interface Trial {
  /** f32, count × D. */
  features: Float32Array;
  /** The output before pooling: “float32 [1, 197, 384]”. */
  output: string;
  milliseconds: number;
}

export interface EmbedRequest {
  /** Images one after the other, each size × size × 3 interleaved; transferred. */
  rgb: Uint8Array;
  count: number;
}

export interface EmbedService {
  load(request: LoadRequest): Promise<LoadedModel>;
  /** Features as f32, count × featureCount, row-major; transferred back. */
  embed(request: EmbedRequest): Promise<Float32Array>;
  /** What a classifier or detector says of each image. */
  predict(request: EmbedRequest): Promise<ImagePredictions[]>;
  /** The same as `embed` for a look at a model that is not known yet. */
  tryOut(request: EmbedRequest): Promise<Trial>;
  /** A text tower has a worker of its own: words are searched for seldom, and its memory goes with the worker. */
  loadText(request: TextRequest): Promise<void>;
  /** A text in the space of the model's images; one call after the other. */
  embedText(text: string): Promise<EmbeddedText>;
}

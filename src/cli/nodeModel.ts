import { readFile } from "node:fs/promises";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { efficientNetLite0, type ModelManifest } from "../../models/manifest.ts";
import { WinnowError } from "../core/errors.ts";
import { planar } from "../embed/planar.ts";
import { fileError, sha256Of } from "./nodeFolder.ts";

/** What a person may say of a model of their own. */
export interface ModelChoice {
  /** An ONNX file; the bundled model when left out. */
  file?: string | undefined;
  /** Side of the square input in pixels; as the model says, or 224, when left out. */
  size?: number | undefined;
  /** input = (value − mean) · scale for 8-bit values; the bundled model's when left out. */
  mean?: number | undefined;
  scale?: number | undefined;
  threads: number;
  /** Where the bundled model is. */
  bundled: string;
}

/** A model that runs natively; batches of one queue after another. */
export class NodeModel {
  readonly parallel = 1;
  readonly provider = "onnxruntime-node · CPU";

  private constructor(
    readonly manifest: ModelManifest,
    private readonly session: InferenceSession,
    private readonly Tensor: typeof OrtTensor,
  ) {}

  /** @throws WinnowError `vanished`, or `model` when the file cannot be run or is no image model */
  static async load(choice: ModelChoice): Promise<NodeModel> {
    const path = choice.file ?? choice.bundled;
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (error) {
      throw fileError(error, path);
    }
    const sha256 = sha256Of(bytes);
    if (choice.file === undefined && sha256 !== efficientNetLite0.sha256) {
      throw new WinnowError("model", `“${path}” is damaged: expected ${efficientNetLite0.sha256}, found ${sha256}.`);
    }
    const { InferenceSession: Session, Tensor } = await import("onnxruntime-node");
    let session: InferenceSession;
    try {
      session = await Session.create(bytes, {
        intraOpNumThreads: choice.threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: "all",
        logSeverityLevel: 3,
      });
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new WinnowError("model", `“${path}” cannot be run: ${words}`, { path }, { cause });
    }
    const { size = efficientNetLite0.size } = choice;
    const bundled = sha256 === efficientNetLite0.sha256;
    const manifest = bundled ? { ...efficientNetLite0, size } : describe(path, sha256, session, choice);
    return new NodeModel(manifest, session, Tensor);
  }

  /** Features of images of size × size × 3 interleaved bytes each, f32 count × D. */
  async embed(images: readonly Uint8Array[]): Promise<Float32Array> {
    const { size, inputName, outputName } = this.manifest;
    const count = images.length;
    const rgb = new Uint8Array(count * size * size * 3);
    images.forEach((image, i) => {
      rgb.set(image, i * size * size * 3);
    });
    const tensor = new this.Tensor("float32", planar(rgb, count, this.manifest), [count, 3, size, size]);
    let output: OrtTensor | undefined;
    try {
      output = (await this.session.run({ [inputName]: tensor }, [outputName]))[outputName];
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new WinnowError("model", `The model does not take images of ${size} × ${size}: ${words}`, {}, { cause });
    }
    const data = output?.data;
    if (!(data instanceof Float32Array) || output?.dims[0] !== count || data.length % count !== 0) {
      const found = output ? `${output.type} [${output.dims.join(", ")}]` : "nothing";
      throw new WinnowError("model", `expected the model to give float32 [${count}, D], found ${found}`);
    }
    if (data.some((value) => !Number.isFinite(value))) {
      throw new WinnowError("model", "The model gave a value that is not a number.");
    }
    return data;
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

/** What a foreign model is like, from its file and from what the person said. */
function describe(path: string, sha256: string, session: InferenceSession, choice: ModelChoice): ModelManifest {
  const [inputName] = session.inputNames;
  const [outputName] = session.outputNames;
  const [input] = session.inputMetadata;
  if (inputName === undefined || outputName === undefined || session.inputNames.length !== 1) {
    const names = session.inputNames.join(", ");
    throw new WinnowError("model", `“${path}” is no image model: expected one input, found ${names || "none"}.`);
  }
  const shape = input?.isTensor ? input.shape : [];
  if (input?.isTensor && (shape.length !== 4 || (typeof shape[1] === "number" && shape[1] !== 3))) {
    throw new WinnowError(
      "model",
      `“${path}” is no image model: expected an input of [N, 3, height, width], found [${shape.join(", ")}].`,
    );
  }
  const declared = typeof shape[2] === "number" && shape[2] > 0 ? shape[2] : undefined;
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return {
    ...efficientNetLite0,
    id: `${name.replace(/\.onnx$/i, "")}-${sha256.slice(0, 8)}`,
    name,
    license: "",
    sha256,
    byteLength: 0,
    inputName,
    outputName,
    size: choice.size ?? declared ?? 224,
    mean: choice.mean ?? efficientNetLite0.mean,
    scale: choice.scale ?? efficientNetLite0.scale,
    featureCount: 0,
    nonNegative: false,
  };
}

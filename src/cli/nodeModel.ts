import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { efficientNetLite0, type ModelManifest } from "../../models/manifest.ts";
import { WinnowError } from "../core/errors.ts";
import { readClassNames } from "../core/model/classNames.ts";
import { guessSpec, poolingOf } from "../core/model/guessSpec.ts";
import { imagePart } from "../core/model/imagePart.ts";
import type { ImagePredictions } from "../core/model/imagePredictions.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import type { ImageTensor, ModelOutput } from "../core/model/modelTensors.ts";
import { type OnnxFile, readOnnxFile } from "../core/model/onnxFile.ts";
import { fixedBatch } from "../core/model/ownModel.ts";
import { outputsOf } from "../core/model/predicts.ts";
import { predictionsOfImages, rowsOfImages } from "../core/model/rowsOfImages.ts";
import { specFromJson } from "../core/model/specFile.ts";
import { codeOf, sha256Of } from "./nodeFolder.ts";
import { readOrThrow, startSession } from "./nodeSession.ts";

/** What a person may say of a model of their own. */
export interface ModelChoice {
  /** An ONNX file; the bundled model when left out. Files that hold its weights lie beside it. */
  file?: string | undefined;
  /** A JSON file with the whole spec, or a `preprocessor_config.json`; one of that name beside the model is found. */
  preprocessing?: string | undefined;
  /** The output that is stored as features. */
  output?: string | undefined;
  /** Side of the square input in pixels. */
  size?: number | undefined;
  /** input = (value − mean) · scale for 8-bit values of every channel. */
  mean?: number | undefined;
  scale?: number | undefined;
  /** Whether it is asked what it says of images, or for features. */
  predicts?: boolean;
  /** A file of class names, for a model that predicts. */
  classes?: string | undefined;
  threads: number;
  /** Where the bundled model is. */
  bundled: string;
}

/** What Hugging Face calls the file beside a model. */
const usualPreprocessor = "preprocessor_config.json";

/** A model that runs natively; batches of one queue after another. */
export class NodeModel {
  readonly parallel = 1;
  /** Images that a run takes. */
  readonly batch = 8;
  readonly provider = "onnxruntime-node · CPU";

  private constructor(
    readonly manifest: ModelManifest,
    private readonly session: InferenceSession,
    private readonly Tensor: typeof OrtTensor,
    private readonly fixedBatch: number | null,
  ) {}

  /** @throws WinnowError `vanished`, `config`, or `model` when the file cannot be run or is no image model */
  static async load(choice: ModelChoice): Promise<NodeModel> {
    const path = choice.file ?? choice.bundled;
    const bytes = await readOrThrow(path);
    const sha256 = sha256Of(bytes);
    const bundled = sha256 === efficientNetLite0.sha256;
    if (choice.file === undefined && !bundled) {
      throw new WinnowError("model", `“${path}” is damaged: expected ${efficientNetLite0.sha256}, found ${sha256}.`);
    }
    const whole = readOnnxFile(bytes, basename(path));
    const file = imagePart(whole);
    const base = bundled ? efficientNetLite0 : foreign(path, sha256, await guessOf(path, file, choice));
    const manifest = { ...base, spec: await specOf(base.spec, file, choice) };
    requirePurpose(manifest.spec, choice, path);
    const { session, Tensor } = await startSession({
      path,
      bytes,
      file: whole,
      output: manifest.spec.output,
      threads: choice.threads,
    });
    return new NodeModel(manifest, session, Tensor, fixedBatch(file, manifest.spec));
  }

  /** Features of images of size × size × 3 interleaved bytes each, f32 count × D. */
  async embed(images: readonly Uint8Array[]): Promise<Float32Array> {
    const { spec } = this.manifest;
    return await rowsOfImages(together(images), images.length, spec, this.fixedBatch, async (tensor) =>
      (await this.run(tensor, [spec.output])).get(spec.output),
    );
  }

  /** What a classifier or detector says of such images. */
  async predict(images: readonly Uint8Array[]): Promise<ImagePredictions[]> {
    const { spec } = this.manifest;
    const { predicts } = spec;
    if (!predicts) throw new WinnowError("internal", "predict was called of an embedding model");
    return await predictionsOfImages(
      together(images),
      images.length,
      { ...spec, predicts },
      this.fixedBatch,
      async (tensor) => await this.run(tensor, outputsOf(spec)),
    );
  }

  private async run({ type, data, dims }: ImageTensor, outputs: string[]): Promise<Map<string, ModelOutput>> {
    const { input, size } = this.manifest.spec;
    try {
      const tensor = new this.Tensor(type as "float32", data as Float32Array, dims);
      return new Map(Object.entries(await this.session.run({ [input]: tensor }, outputs)));
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new WinnowError("model", `The model does not take images of ${size} × ${size}: ${words}`, {}, { cause });
    }
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

function together(images: readonly Uint8Array[]): Uint8Array {
  const rgb = new Uint8Array(images.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const image of images) {
    rgb.set(image, at);
    at += image.length;
  }
  return rgb;
}

async function guessOf(path: string, file: OnnxFile, { predicts, classes }: ModelChoice): Promise<ModelSpec> {
  const name = basename(path);
  const preprocessor = await preprocessorBeside(path);
  if (!predicts) return guessSpec(file, name, preprocessor, { kind: "embedding" });
  if (classes === undefined) return guessSpec(file, name, preprocessor);
  const names = readClassNames((await readOrThrow(classes)).toString("utf8"), basename(classes));
  const guess = guessSpec(file, name, preprocessor, { classes: names });
  return guess.predicts ? guess : guessSpec(file, name, preprocessor, { classes: names, kind: "classifier" });
}

/** @throws WinnowError `config` for a model that is set up for something else than is asked of it */
function requirePurpose({ predicts }: ModelSpec, { predicts: wanted = false }: ModelChoice, path: string): void {
  if (wanted && !predicts) {
    throw new WinnowError(
      "config",
      `“${path}” looks like an embedding model: nothing in its file says that it predicts. Name its classes with --classes, or say how to read it with --preprocessing (docs/models.md).`,
    );
  }
  if (!wanted && predicts) {
    throw new WinnowError(
      "config",
      `The preprocessing file makes “${path}” a ${predicts.kind}: run it with “winnow predict”, or leave “predicts” out to embed with it.`,
    );
  }
}

async function preprocessorBeside(path: string): Promise<unknown> {
  const file = join(dirname(path), usualPreprocessor);
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new WinnowError("config", `“${file}” cannot be read: expected JSON.`, {}, { cause: error });
  }
}

/** The guess, then a preprocessing file, then the single options: what is said later wins. */
async function specOf(guess: ModelSpec, file: OnnxFile, choice: ModelChoice): Promise<ModelSpec> {
  const { preprocessing, output, size, mean, scale } = choice;
  let spec = guess;
  if (preprocessing !== undefined) {
    let value: unknown;
    try {
      value = JSON.parse((await readOrThrow(preprocessing)).toString("utf8"));
    } catch (cause) {
      if (cause instanceof WinnowError) throw cause;
      throw new WinnowError("config", `“${preprocessing}” is no JSON.`, {}, { cause });
    }
    spec = specFromJson(value, file, preprocessing, basename(choice.file ?? choice.bundled));
  }
  if (output !== undefined) {
    const found = file.outputs.find(({ name }) => name === output);
    if (!found) {
      const names = file.outputs.map(({ name }) => name).join(", ");
      throw new WinnowError("config", `The model has no output “${output}”. It has: ${names}.`);
    }
    spec = { ...spec, output, pooling: poolingOf(found) };
  }
  return {
    ...spec,
    ...(size !== undefined && { size }),
    ...(mean !== undefined && { mean: [mean, mean, mean] }),
    ...(scale !== undefined && { scale: [scale, scale, scale] }),
  };
}

const foreign = (path: string, sha256: string, spec: ModelSpec): ModelManifest => {
  const name = basename(path);
  return {
    ...efficientNetLite0,
    id: `${name.replace(/\.onnx$/i, "")}-${sha256.slice(0, 8)}`,
    name,
    license: "",
    sha256,
    byteLength: 0,
    spec,
    featureCount: 0,
    nonNegative: false,
  };
};

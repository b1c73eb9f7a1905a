import { efficientNetLite0, modelEntry } from "../../models/manifest.ts";
import { Connection } from "../bridge/connection.ts";
import { spawnEmbedWorker } from "../bridge/workers.ts";
import { WinnowError } from "../core/errors.ts";
import { guessSpec } from "../core/model/guessSpec.ts";
import { type ModelSpec, squareOf } from "../core/model/modelSpec.ts";
import { type OnnxFile, readOnnxFile } from "../core/model/onnxFile.ts";
import { fixedBatch, type ModelTrial, type OwnModel, spaceId } from "../core/model/ownModel.ts";
import { specFromJson } from "../core/model/specFile.ts";
import type { EmbedService } from "../protocol/embedding.ts";
import { ModelStore } from "../store/models.ts";
import type { SpaceInfo } from "../store/schema.ts";
import type { Engine, OtherModel } from "./engine.ts";
import { loadModel } from "./loadModel.ts";

/** A page cannot hold a larger file in one piece. */
const mostBytes = 2 ** 31;
/** Images a session call takes. */
const imagesPerCall = 8;

const { sha256, name, license, byteLength, featureCount, spec } = efficientNetLite0;
/** What the screens say of the model that comes with Winnow. */
export const bundledModel = { sha256, name, license, bytes: byteLength, featureCount, spec };

async function withModels<T>(work: (models: ModelStore) => Promise<T>): Promise<T> {
  const models = await ModelStore.open();
  try {
    return await work(models);
  } finally {
    models.close();
  }
}

/** The models that were brought to this browser, in the order in which they came. */
export const listModels = (): Promise<OwnModel[]> => withModels((models) => models.list());

/** Forgets a model and its files; embeddings that were made with it stay. */
export const deleteModel = (sha256: string): Promise<void> => withModels((models) => models.delete(sha256));

/** What a file says that is chosen beside a model, or null. */
async function jsonOf(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.text());
  } catch (cause) {
    throw new WinnowError("config", `“${file.name}” is no JSON.`, { file: file.name }, { cause });
  }
}

/**
 * Keeps a model: one ONNX file, the files that hold its weights where it has any, and what says how to feed it
 * (a `preprocessor_config.json`, or a preprocessing file of ours).
 * @throws WinnowError `model` that says what is wrong with the files, `config` for a preprocessing file,
 *   `storage-full`
 */
export async function addModel(files: readonly File[], now: number): Promise<OwnModel> {
  const onnx = files.filter(({ name }) => /\.onnx$/i.test(name));
  const [model] = onnx;
  if (!model || onnx.length > 1) {
    const names = files.map(({ name }) => `“${name}”`).join(", ");
    throw new WinnowError(
      "model",
      model
        ? `Choose one model at a time, with the files that belong to it; these are ${onnx.length}: ${names}.`
        : `There is no ONNX model among ${names}: expected a file that ends in .onnx. docs/models.md says how to export one.`,
    );
  }
  for (const { name, size } of files) {
    if (size < mostBytes) continue;
    throw new WinnowError(
      "model",
      `“${name}” has ${(size / 1e9).toFixed(1)} GB; a page can load files of less than 2 GB. Export the model with half-precision weights, or with its weights in several files.`,
    );
  }
  const bytes = await model.arrayBuffer();
  const file = readOnnxFile(new Uint8Array(bytes), model.name);
  const kept = new Map<string, Blob>([["", model]]);
  for (const path of file.externalFiles) {
    const beside = files.find(({ name }) => name === path.split(/[\\/]/).at(-1));
    if (!beside) {
      throw new WinnowError("model", `“${model.name}” keeps its weights in “${path}”: choose both files together.`, {
        file: model.name,
      });
    }
    kept.set(path, beside);
  }
  const json = files.find(({ name }) => /\.json$/i.test(name));
  const spec = json ? specFromJson(await jsonOf(json), file, json.name, model.name) : guessSpec(file, model.name);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const own: OwnModel = {
    sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    name: model.name,
    bytes: [...kept.values()].reduce((sum, { size }) => sum + size, 0),
    addedAt: now,
    file,
    spec,
  };
  await withModels((models) => models.put(own, kept));
  return own;
}

/** Notes how a model is fed. */
export const changeSpec = (model: OwnModel, spec: ModelSpec): Promise<void> =>
  withModels((models) => models.put({ ...model, spec }));

/** The spec that a chosen JSON file gives a model. */
export async function readSpec(model: OwnModel, json: File): Promise<ModelSpec> {
  return specFromJson(await jsonOf(json), model.file, json.name, model.name);
}

/** The model's files, as a session takes them. */
async function filesOf(name: string, sha256: string): ReturnType<OtherModel["load"]> {
  if (sha256 === efficientNetLite0.sha256) return { model: await loadModel(efficientNetLite0) };
  return await withModels(async (models) => {
    const own = await models.get(sha256);
    const read = async (file: string): Promise<ArrayBuffer> => {
      const blob = await models.file(sha256, file);
      if (blob) return await blob.arrayBuffer();
      throw new WinnowError("model", `The model “${name}” is not in this browser any more: choose its file again.`);
    };
    const model = await read("");
    const paths = own?.file.externalFiles ?? [];
    if (paths.length === 0) return { model };
    return { model, externalData: await Promise.all(paths.map(async (path) => ({ path, data: await read(path) }))) };
  });
}

/** What the model's file says of itself; null for the bundled one. */
const fileOf = (sha256: string): Promise<OnnxFile | null> =>
  withModels(async (models) => (await models.get(sha256))?.file ?? null);

/** The engine that embeds a space's images; it shares the decoders of the bundled model's. */
export async function engineOf(engine: Engine, { model, featureCount, signed }: SpaceInfo): Promise<Engine> {
  const { spec } = model.preprocessing;
  const file = await fileOf(model.sha256);
  return engine.withModel(
    { ...efficientNetLite0, ...model, spec, featureCount, nonNegative: !signed },
    {
      load: () => filesOf(model.name, model.sha256),
      fixedBatch: file && fixedBatch(file, spec),
      probeSize: spec.size,
    },
  );
}

/** How a space of a model under a spec is described. */
export function spaceInfo(
  { sha256, name }: Pick<OwnModel, "sha256" | "name">,
  spec: ModelSpec,
  { featureCount, signed }: Pick<ModelTrial, "featureCount" | "signed">,
): SpaceInfo {
  const shown = name.replace(/\.onnx$/i, "");
  const id = spaceId(sha256, spec);
  const entry = modelEntry({ ...efficientNetLite0, id: `${shown}-${sha256.slice(0, 8)}`, name: shown, sha256, spec });
  const model = { ...entry, preprocessing: { ...entry.preprocessing, spec } };
  return { id, name: `${shown} · ${spec.size} px`, model, featureCount, signed };
}

/** Images for a trial: the first is what the person looks at. */
export interface TrialImage {
  name: string;
  file: Blob;
}

/**
 * Runs a model over a few images before a project is embedded with it.
 * @returns what it gives, and the features of all images, f32 images × featureCount
 * @throws WinnowError `model` with the runtime's words, `unreadable` for an image, `cancelled`
 */
export async function tryModel(
  engine: Engine,
  model: Pick<OwnModel, "sha256" | "name"> & { file: OnnxFile | null },
  spec: ModelSpec,
  images: readonly TrialImage[],
  { signal, progress }: { signal: AbortSignal; progress: (counts: { done: number; total: number }) => void },
): Promise<{ trial: ModelTrial; features: Float32Array }> {
  const files = await filesOf(model.name, model.sha256);
  const batch = model.file && fixedBatch(model.file, spec);
  const connection = new Connection<EmbedService>(spawnEmbedWorker, "embed", (remote) =>
    remote.load({ ...files, provider: "wasm", threads: 1, input: { ...spec, featureCount: 0, fixedBatch: batch } }),
  );
  try {
    const rgb = await engine.withDecoders(
      async (decoders) =>
        await Promise.all(
          images.map(async ({ name, file }) => {
            const found = await decoders.run((remote) => remote.decode({ file, path: name, ...squareOf(spec) }), {
              signal,
            });
            if (found.kind === "image") return found.rgb;
            const reason = found.kind === "problem" ? found.reason : "It is not an image.";
            throw new WinnowError("unreadable", `“${name}” cannot be looked at. ${reason}`);
          }),
        ),
    );
    const run = (part: readonly Uint8Array[]) => {
      const all = new Uint8Array(part.length * (part[0]?.length ?? 0));
      for (const [i, one] of part.entries()) all.set(one, i * one.length);
      return connection.call((remote) => remote.tryOut({ rgb: all, count: part.length }), { signal });
    };
    const [query] = rgb;
    if (!query) throw new WinnowError("empty", "There is no image to try the model on.");
    // The first run makes the runtime's buffers.
    await run([query]);
    const { features: own, output, milliseconds } = await run([query]);
    const featureCount = own.length;
    const features = new Float32Array(images.length * featureCount);
    features.set(own);
    for (let first = 1; first < rgb.length; first += imagesPerCall) {
      const part = rgb.slice(first, first + imagesPerCall);
      features.set((await run(part)).features, first * featureCount);
      progress({ done: first + part.length, total: images.length });
    }
    const trial: ModelTrial = {
      featureCount,
      signed: features.some((value) => value < 0),
      output,
      norm: Math.hypot(...own),
      msPerImage: milliseconds,
    };
    return { trial, features };
  } finally {
    connection.close();
  }
}

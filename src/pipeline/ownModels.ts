import { efficientNetLite0, modelEntry } from "../../models/manifest.ts";
import { WinnowError } from "../core/errors.ts";
import { readClassNames } from "../core/model/classNames.ts";
import { guessSpec } from "../core/model/guessSpec.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import { type OnnxFile, readOnnxFile } from "../core/model/onnxFile.ts";
import { fixedBatch, type ModelTrial, type OwnModel, spaceId } from "../core/model/ownModel.ts";
import { specFromJson } from "../core/model/specFile.ts";
import { ModelStore } from "../store/models.ts";
import type { SpaceInfo } from "../store/schema.ts";
import type { Engine, OtherModel } from "./engine.ts";
import { loadModel } from "./loadModel.ts";

/** A page cannot hold a larger file in one piece. */
const mostBytes = 2 ** 31;

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
  const names = files.find(({ name }) => /\.txt$/i.test(name));
  const classes = names ? { classes: readClassNames(await names.text(), names.name) } : {};
  const spec = json
    ? specFromJson(await jsonOf(json), file, json.name, model.name, classes)
    : guessSpec(file, model.name, null, classes);
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

/** The spec that a file gives which is chosen for a model: JSON, or class names a line each. */
export async function readSpec(model: OwnModel, file: File): Promise<ModelSpec> {
  if (/\.json$/i.test(file.name)) return specFromJson(await jsonOf(file), model.file, file.name, model.name);
  const classes = readClassNames(await file.text(), file.name);
  const { predicts } = model.spec;
  if (predicts) return { ...model.spec, predicts: { ...predicts, classes } };
  const guessed = guessSpec(model.file, model.name, null, { classes });
  // Who gives an embedding model class names takes it for a classifier: if it cannot be one, this says why.
  return guessed.predicts ? guessed : guessSpec(model.file, model.name, null, { classes, kind: "classifier" });
}

/** The model's files, as a session takes them. */
export async function filesOf(name: string, sha256: string): ReturnType<OtherModel["load"]> {
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
export const engineOf = (engine: Engine, { model, featureCount, signed }: SpaceInfo): Promise<Engine> =>
  engineOfModel(engine, model, model.preprocessing.spec, { featureCount, nonNegative: !signed });

/** The engine of a classifier or detector; the caller closes it. */
export const predictingEngine = (
  engine: Engine,
  model: Pick<OwnModel, "sha256" | "name">,
  spec: ModelSpec,
): Promise<Engine> => engineOfModel(engine, model, spec, { featureCount: 0, nonNegative: false });

async function engineOfModel(
  engine: Engine,
  { sha256, name }: Pick<OwnModel, "sha256" | "name">,
  spec: ModelSpec,
  features: { featureCount: number; nonNegative: boolean },
): Promise<Engine> {
  const file = await fileOf(sha256);
  return engine.withModel(
    { ...efficientNetLite0, sha256, name, spec, ...features },
    { load: () => filesOf(name, sha256), fixedBatch: file && fixedBatch(file, spec), probeSize: spec.size },
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

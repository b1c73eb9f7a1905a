import { efficientNetLite0, modelEntry } from "../../models/manifest.ts";
import { WinnowError } from "../core/errors.ts";
import { readClassNames } from "../core/model/classNames.ts";
import { towerOf } from "../core/model/graphParts.ts";
import { guessSpec } from "../core/model/guessSpec.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import type { OnnxFile } from "../core/model/onnxFile.ts";
import { fixedBatch, type ModelTrial, type OwnModel, spaceId } from "../core/model/ownModel.ts";
import { specFromJson } from "../core/model/specFile.ts";
import type { TextTower } from "../core/model/textTower.ts";
import type { TextRequest } from "../protocol/embedding.ts";
import { ModelStore } from "../store/models.ts";
import type { SpaceInfo } from "../store/schema.ts";
import { type ChosenModelFiles, type ChosenOnnx, weightsBeside } from "./chosenModelFiles.ts";
import type { Engine, OtherModel } from "./engine.ts";
import { loadModel } from "./loadModel.ts";
import { chosenTower, textRequest } from "./textTowers.ts";

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

/**
 * Keeps a model: one ONNX file, the files that hold its weights where it has any, what says how to feed it (a
 * `preprocessor_config.json`, or a preprocessing file of ours), and its text tower with its tokenizer.
 * @throws WinnowError `model` that says what is wrong with the files, `config` for a preprocessing file,
 *   `storage-full`
 */
export async function addModel(chosen: ChosenModelFiles, now: number): Promise<OwnModel> {
  const { image, text, preprocessing, classNames } = chosen;
  if (!image) throw noImageModel(chosen.all, text);
  const { file: model, bytes, onnx: file } = image;
  const kept = new Map<string, Blob>([["", model], ...weightsBeside(image, chosen.all)]);
  const classes = classNames ? { classes: readClassNames(await classNames.text(), classNames.name) } : {};
  const spec = preprocessing
    ? specFromJson(preprocessing.value, file, preprocessing.name, model.name, classes)
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
  const tower = await chosenTower(own, chosen, async (path) => kept.get(path) ?? null);
  return await withModels(async (models) => {
    // A model that is chosen once more keeps the text tower that it had.
    const text = tower?.text ?? (await models.get(own.sha256))?.text;
    const whole = text ? { ...own, text } : own;
    await models.put(whole, new Map([...kept, ...(tower?.files ?? [])]));
    return whole;
  });
}

/**
 * Keeps a text tower for a model that is here already.
 * @throws WinnowError as {@link chosenTower}; `config` when none of the files belongs to one
 */
export async function addTextTower(model: OwnModel, chosen: ChosenModelFiles): Promise<void> {
  await withModels(async (models) => {
    const tower = await chosenTower(model, chosen, (path) => models.file(model.sha256, path));
    if (tower === null) {
      throw new WinnowError(
        "config",
        `There is no tokenizer.json among ${quoted(chosen.all)}: choose that file, and the text tower’s .onnx file where the model has one of its own.`,
      );
    }
    await models.put({ ...model, text: tower.text }, tower.files);
  });
}

function noImageModel(files: readonly File[], text: ChosenOnnx | null): WinnowError {
  return new WinnowError(
    "model",
    text
      ? `“${text.file.name}” takes no images, but tokens: it is a text tower. Choose the image tower of the same model together with it, or pick that one in the list first.`
      : `There is no ONNX model among ${quoted(files)}: expected a file that ends in .onnx. docs/models.md says how to export one.`,
  );
}

const quoted = (files: readonly File[]): string => files.map(({ name }) => `“${name}”`).join(", ");

/** Notes how a model is fed. */
export const changeSpec = (model: OwnModel, spec: ModelSpec): Promise<void> =>
  withModels((models) => models.put({ ...model, spec }));

/** The spec that a file gives which is chosen for a model: JSON, or class names a line each. */
export async function readSpec(
  model: OwnModel,
  { all, preprocessing, classNames }: ChosenModelFiles,
): Promise<ModelSpec> {
  if (preprocessing) return specFromJson(preprocessing.value, model.file, preprocessing.name, model.name);
  if (!classNames) {
    throw new WinnowError(
      "config",
      `There is nothing that belongs to a model among ${quoted(all)}: choose an .onnx file, a preprocessing file (.json) or class names (.txt).`,
    );
  }
  const classes = readClassNames(await classNames.text(), classNames.name);
  const { predicts } = model.spec;
  if (predicts) return { ...model.spec, predicts: { ...predicts, classes } };
  const guessed = guessSpec(model.file, model.name, null, { classes });
  // Who gives an embedding model class names takes it for a classifier: if it cannot be one, this says why.
  return guessed.predicts ? guessed : guessSpec(model.file, model.name, null, { classes, kind: "classifier" });
}

/** The model's files, as a session takes them. @param output of a file with two towers only what makes this one */
export async function filesOf(name: string, sha256: string, output: string): ReturnType<OtherModel["load"]> {
  if (sha256 === efficientNetLite0.sha256) return { model: await loadModel(efficientNetLite0) };
  return await withModels(async (models) => {
    const own = await models.get(sha256);
    const read = async (file: string): Promise<ArrayBuffer> => {
      const blob = await models.file(sha256, file);
      if (blob) return await blob.arrayBuffer();
      throw new WinnowError("model", `The model “${name}” is not in this browser any more: choose its file again.`);
    };
    const whole = await read("");
    const model = own && own.file.inputs.length > 1 ? towerOf(new Uint8Array(whole), output).buffer : whole;
    const paths = own?.file.externalFiles ?? [];
    if (paths.length === 0) return { model };
    return { model, externalData: await Promise.all(paths.map(async (path) => ({ path, data: await read(path) }))) };
  });
}

/** A model's text tower as a worker takes it. Throws as `textRequest`. */
export const textRequestOf = (sha256: string, name: string): Promise<TextRequest> =>
  withModels(async (models) => {
    const own = await models.get(sha256);
    if (own) return await textRequest(own, (path) => models.file(sha256, path));
    throw new WinnowError("model", `The model “${name}” is not in this browser any more: choose its file again.`);
  });

/** The text tower that was chosen for a model, or null. */
export const textTowerOf = (sha256: string): Promise<TextTower | null> =>
  withModels(async (models) => (await models.get(sha256))?.text ?? null);

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
    {
      load: () => filesOf(name, sha256, spec.output),
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

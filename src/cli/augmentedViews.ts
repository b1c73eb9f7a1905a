import { availableParallelism } from "node:os";
import { WinnowError } from "../core/errors.ts";
import { viewsPerImage } from "../core/image/augmentedViews.ts";
import type { AugmentedViews } from "../core/linalg/separatingDirections.ts";
import type { ProjectReader } from "../core/projectFolder/projectReader.ts";
import type { ImageRecord } from "../core/records.ts";
import { Gate } from "../pipeline/gate.ts";
import { embedViews } from "../pipeline/viewEmbedding.ts";
import type { DerivedValues } from "../store/derived.ts";
import { readViews, StoredViews } from "../store/views.ts";
import type { ChosenSpace } from "./chosenSpace.ts";
import { decoders } from "./decoders.ts";
import { NodeModel } from "./nodeModel.ts";
import { diskSource } from "./nodeSource.ts";
import { isModelOf } from "./sameModel.ts";
import { storedThumbnails } from "./storedThumbnails.ts";
import type { Surroundings } from "./surroundings.ts";

/** Of how many images there shall be views, and where their originals and their model are. */
export interface ViewOptions {
  augmented: number;
  images: readonly string[];
  model?: string | undefined;
  preprocessing?: string | undefined;
  threads?: number | undefined;
}

/**
 * Augmented views of a sample of the project's images, read again from their originals and embedded with the model of an
 * embedding.
 * @throws WinnowError `config` for another model or preprocessing, and as `embedViews`
 */
export async function augmentedViews(
  reader: ProjectReader,
  chosen: ChosenSpace,
  { augmented: wanted, images: folders, model: file, preprocessing, ...others }: ViewOptions,
  { terminal, signal, modelFile }: Surroundings,
): Promise<AugmentedViews> {
  const source = await diskSource(folders);
  const threads = others.threads ?? availableParallelism();
  const model = await NodeModel.load({ file, preprocessing, threads, bundled: modelFile });
  try {
    requireModelOf(chosen, model);
    const features = await chosen.reader.features();
    const featureCount = features?.cols ?? model.manifest.featureCount;
    const images: ImageRecord[] = [];
    for await (const page of reader.images()) for (const { record } of page) images.push(record);
    const values = valuesInMemory();
    terminal.start("Augmented views");
    const { missing } = await embedViews({
      wanted,
      imageCount: images.length,
      imageAt: (row) => images[row]!,
      spec: model.manifest.spec,
      featureCount,
      views: await StoredViews.open(values, viewsPerImage, featureCount),
      engine: { use: async (work) => await work(decoders(Math.max(2, threads)), model) },
      original: async (path) => await (await source.find(path)).open(),
      thumbnail: storedThumbnails(reader),
      gate: new Gate(signal),
      signal,
      progress: (now) => terminal.progress(now, "images"),
    });
    if (missing > 0) terminal.say(`${missing} images are not in the folders or have changed: they have no views.`);
    const made = await readViews(values, wanted);
    if (made) return made;
    throw new WinnowError("vanished", "None of the images that were looked for is in the folders as it was embedded.");
  } finally {
    await model.close();
  }
}

/** Features of another model, or of images that were fed otherwise, say nothing of this embedding. */
function requireModelOf({ model, name }: ChosenSpace, { manifest }: NodeModel): void {
  if (model === null)
    throw new WinnowError("model", "This project was made from vectors; there are no images to view.");
  if (isModelOf(model, manifest)) return;
  throw new WinnowError(
    "config",
    `“${name}” was made with ${model.name} at ${model.preprocessing.size} pixels: name that model with --model and --preprocessing.`,
  );
}

function valuesInMemory(): DerivedValues {
  const values = new Map<string, unknown>();
  return {
    derived: async (key) => values.get(key) ?? null,
    putDerived: async (key, value) => void values.set(key, value),
  };
}

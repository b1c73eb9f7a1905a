import { availableParallelism } from "node:os";
import { modelEntry } from "../../../models/manifest.ts";
import { WinnowError } from "../../core/errors.ts";
import { spaceId } from "../../core/model/ownModel.ts";
import type { Manifest, SpaceEntry } from "../../core/projectFolder/manifest.ts";
import type { NewSpace } from "../../core/projectFolder/projectWriter.ts";
import type { ImageRecord } from "../../core/records.ts";
import { Gate } from "../../pipeline/gate.ts";
import { type FillCounts, fillSpace } from "../../pipeline/spaceFilling.ts";
import { spaceNamed } from "../chosenSpace.ts";
import { decoders } from "../decoders.ts";
import { IncomingFeatures } from "../incomingFeatures.ts";
import { NodeModel } from "../nodeModel.ts";
import { diskSource } from "../nodeSource.ts";
import { withProject } from "../openProject.ts";
import { isModelOf } from "../sameModel.ts";
import { storedThumbnails } from "../storedThumbnails.ts";
import type { Surroundings } from "../surroundings.ts";
import type { EmbedOptions } from "./embed.ts";

/** What `--json` prints. */
export interface EmbedSpaceResult {
  /** Id of the embedding. */
  space: string;
  name: string;
  /** Images that were embedded with it now. */
  added: number;
  /** Those that it had before. */
  known: number;
  /** Of `added`, those whose original is gone or has changed: their stored thumbnails were embedded. */
  from_thumbnails: number;
  features: number;
  images_per_second: number;
  provider: string;
}

/**
 * `winnow embed --space`: embeds the images that a project has with a further model, from their originals. A run that
 * was interrupted goes on where it was.
 */
export async function embedSpace(
  folders: readonly string[],
  { space: wanted, project, model: file, ...choice }: EmbedOptions & { space: string },
  { terminal, signal, modelFile }: Surroundings,
): Promise<EmbedSpaceResult> {
  const source = await diskSource(folders);
  const threads = choice.threads ?? availableParallelism();
  const model = await NodeModel.load({ ...choice, file, threads, bundled: modelFile });
  try {
    return await withProject(project, terminal, async ({ folder, reader, writer }) => {
      const stored = storedSpace(reader.manifest, wanted, model);
      const space = stored ?? (await newSpace(wanted, model));
      if (stored && stored.name !== wanted && stored.id !== wanted) {
        terminal.say(`The project has this embedding already, as “${stored.name}”.`);
      }
      const incoming = await IncomingFeatures.open(folder, space, stored && reader.space(stored));
      const images: ImageRecord[] = [];
      for await (const page of reader.images()) for (const { record } of page) images.push(record);
      const first = incoming.rows;
      if (first > 0) terminal.say(`“${space.name}” has ${first} of ${images.length} images.`);
      const counts: FillCounts = { done: 0, total: images.length - first, fromThumbnails: 0 };
      terminal.start("Embedding");
      const started = performance.now();
      try {
        await fillSpace({
          space: { model: space.model, featureCount: space.features },
          store: incoming,
          images: images.slice(first),
          original: async (path) => await (await source.find(path)).open(),
          thumbnail: storedThumbnails(reader),
          engine: { use: async (work) => await work(decoders(Math.max(2, threads)), model) },
          gate: new Gate(signal),
          signal,
          progress: (now) => {
            Object.assign(counts, now);
            terminal.progress({ done: first + now.done, total: images.length }, "images");
          },
        });
      } finally {
        // Also after Ctrl-C or a failure: what is embedded is in the project's own files when this process ends.
        if (stored === null || incoming.rows > stored.rows) await incoming.takeIn(writer);
      }
      const seconds = (performance.now() - started) / 1000;
      return {
        space: space.id,
        name: space.name,
        added: counts.done,
        known: first,
        from_thumbnails: counts.fromThumbnails,
        features: space.features,
        images_per_second: seconds > 0 ? counts.done / seconds : 0,
        provider: model.provider,
      };
    });
  } finally {
    await model.close();
  }
}

/**
 * The embedding that a model with its preprocessing has made in the project, whatever it is called there.
 * @throws WinnowError `config` when the name is of another one, or the model is the project's own
 */
function storedSpace(manifest: Manifest, wanted: string, { manifest: model }: NodeModel): SpaceEntry | null {
  const { sha256, spec } = model;
  const own = manifest.model;
  if (own === null) throw new WinnowError("model", "This project was made from vectors; there are no images to embed.");
  if (isModelOf(own, model)) {
    throw new WinnowError(
      "config",
      `This is how the project's own embedding was made (${own.name}): leave --space out.`,
    );
  }
  const id = spaceId(sha256, spec);
  const named = spaceNamed(manifest, wanted);
  if (named === null || named.id === id) return manifest.spaces?.find((space) => space.id === id) ?? null;
  const { name, model: other } = named;
  throw new WinnowError(
    "config",
    `“${name}” was made with ${other.name} at ${other.preprocessing.size} pixels (${named.id}), not with this model and preprocessing (${id}): name those with --model and --preprocessing, or give another --space.`,
  );
}

async function newSpace(name: string, model: NodeModel): Promise<NewSpace> {
  const { spec, sha256, name: file, nonNegative } = model.manifest;
  if (!/\S/.test(name)) throw new WinnowError("config", "Give the embedding a name: --space NAME.");
  const shown = file.replace(/\.onnx$/i, "");
  const entry = modelEntry({ ...model.manifest, name: shown });
  const features = (await model.embed([new Uint8Array(3 * spec.size ** 2)])).length;
  return {
    id: spaceId(sha256, spec),
    name,
    model: { ...entry, preprocessing: { ...entry.preprocessing, spec } },
    features,
    signed_features: !nonNegative,
    rows: 0,
  };
}

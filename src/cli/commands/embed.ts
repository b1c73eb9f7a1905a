import { availableParallelism } from "node:os";
import { modelEntry } from "../../../models/manifest.ts";
import { WinnowError } from "../../core/errors.ts";
import { ImageIndex } from "../../core/imageIndex.ts";
import { squareOf } from "../../core/model/modelSpec.ts";
import { filePaths } from "../../core/projectFolder/filePaths.ts";
import { ProjectReader } from "../../core/projectFolder/projectReader.ts";
import { ProjectWriter } from "../../core/projectFolder/projectWriter.ts";
import type { Problem } from "../../core/records.ts";
import { Ingest, noCounts } from "../../pipeline/ingest.ts";
import { decoders } from "../decoders.ts";
import { IncomingImages } from "../incomingImages.ts";
import type { NodeFolder } from "../nodeFolder.ts";
import { NodeModel } from "../nodeModel.ts";
import { diskSource } from "../nodeSource.ts";
import { newProject, withFolder } from "../openProject.ts";
import { requireSameModel } from "../sameModel.ts";
import type { Surroundings } from "../surroundings.ts";

export interface EmbedOptions {
  project: string;
  model?: string;
  preprocessing?: string;
  output?: string;
  size?: number;
  mean?: number;
  scale?: number;
  threads?: number;
  /** Name of a further embedding of the images that the project has; left out: the project's own. */
  space?: string;
}

/** What `--json` prints. */
export interface EmbedResult {
  added: number;
  known: number;
  ignored: number;
  problems: Problem[];
  images_per_second: number;
  provider: string;
  /** Further embeddings that do not have all images now. */
  lacking: { id: string; name: string; missing: number }[];
}

/** `winnow embed`: brings images into a project; what is in it already is not embedded again. */
export async function embed(
  folders: readonly string[],
  options: EmbedOptions,
  { terminal, signal, modelFile }: Surroundings,
): Promise<EmbedResult> {
  const source = await diskSource(folders);
  const threads = options.threads ?? availableParallelism();
  const { model: file, preprocessing, output, size, mean, scale } = options;
  const model = await NodeModel.load({ file, preprocessing, output, size, mean, scale, threads, bundled: modelFile });
  return await withFolder(options.project, async (folder) => {
    const reader = await readerOf(folder);
    const images = await IncomingImages.open(folder, reader);
    const writer = reader
      ? new ProjectWriter(folder, reader.manifest)
      : ProjectWriter.create(
          folder,
          newProject(options.project, {
            model: modelEntry(model.manifest),
            signedFeatures: !model.manifest.nonNegative,
          }),
        );
    requireSameModel(writer.manifest, model);
    const before = images.rows;
    if (images.waiting > 0) terminal.say(`Continuing after ${before} images.`);

    const counts = noCounts();
    const problems: Problem[] = [];
    const known = ImageIndex.empty();
    for (const record of images.known()) known.add(record);
    const ingest = new Ingest({
      store: images,
      source,
      known,
      decoders: decoders(Math.max(2, threads)),
      embedder: model,
      square: squareOf(model.manifest.spec),
      now: Date.now,
      events: {
        counts: (now) => {
          Object.assign(counts, now);
          terminal.progress({ done: now.done, total: now.listing ? 0 : now.listed }, "images");
        },
        stored: () => undefined,
        problem: (problem) => problems.push(problem),
      },
    });
    const stop = (): void => ingest.cancel();
    signal.addEventListener("abort", stop, { once: true });
    terminal.start("Embedding");
    const started = performance.now();
    let failure: unknown = null;
    try {
      await ingest.run();
    } catch (error) {
      failure = error;
    }
    signal.removeEventListener("abort", stop);
    const seconds = (performance.now() - started) / 1000;
    // Also after Ctrl-C or a failure: what is embedded is in the project's own files when this process ends.
    if (images.waiting > 0 || (failure === null && (images.rows > 0 || problems.length > 0))) {
      await images.takeIn(writer, counts.ignored);
    }
    await model.close();
    if (failure !== null) throw failure;
    const added = images.rows - before;
    const lacking = (writer.manifest.spaces ?? [])
      .map(({ id, name, rows }) => ({ id, name, missing: images.rows - rows }))
      .filter(({ missing }) => missing > 0);
    for (const { id, name, missing } of lacking) {
      terminal.say(
        `“${name}” lacks ${missing} images now. Run: winnow embed ${folders.join(" ")} --project ${options.project} --model FILE --space ${id}`,
      );
    }
    if (images.rows === 0) {
      throw new WinnowError(
        "empty",
        problems.length > 0
          ? `None of the ${problems.length} files could be read as an image; the first: ${problems[0]?.path}: ${problems[0]?.reason}`
          : `There are no images in ${folders.join(", ")}.`,
      );
    }
    return {
      added,
      known: counts.known,
      ignored: counts.ignored,
      problems,
      images_per_second: seconds > 0 ? added / seconds : 0,
      provider: model.provider,
      lacking,
    };
  });
}

async function readerOf(folder: NodeFolder): Promise<ProjectReader | null> {
  return (await folder.open(filePaths.manifest)) === null ? null : await ProjectReader.open(folder);
}

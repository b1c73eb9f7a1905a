import { WinnowError } from "../../core/errors.ts";
import { adapt as adaptEmbedding, type Embedding, type Features } from "../../core/linalg/adapt.ts";
import type { HeadSettings } from "../../core/linalg/head.ts";
import { reportToJson } from "../../core/projectFolder/manifest.ts";
import type { ProjectReader } from "../../core/projectFolder/projectReader.ts";
import { augmentedViews } from "../augmentedViews.ts";
import { type ChosenSpace, chosenSpace, requireWhole } from "../chosenSpace.ts";
import { withProject } from "../openProject.ts";
import type { Surroundings } from "../surroundings.ts";

/** Rows that are read and embedded at a time. */
const rowsPerChunk = 4_096;

export interface AdaptOptions extends HeadSettings {
  space?: string;
  /** Where the originals are that augmented views are made of, and the model of a further embedding. */
  images?: readonly string[];
  model?: string;
  preprocessing?: string;
  threads?: number;
}

/** What `--json` prints. */
export interface AdaptResult {
  rows: number;
  dim: number;
  /** Images whose augmented views took part. */
  augmented: number;
  head_hash: string;
  report: ReturnType<typeof reportToJson>;
}

/** `winnow adapt`: fits the head and writes the embedding. */
export async function adapt(
  project: string,
  { space, images, model, preprocessing, threads, ...settings }: AdaptOptions,
  surroundings: Surroundings,
): Promise<AdaptResult> {
  const { terminal, kernels } = surroundings;
  const { augmented = 0 } = settings;
  if (augmented > 0 && !images) {
    throw new WinnowError("config", "Augmented views are made of the originals: say with --images where they are.");
  }
  return await withProject(project, terminal, async ({ reader, writer }) => {
    const chosen = chosenSpace(reader, space);
    requireWhole(chosen, reader, project);
    const given = { augmented, images: images ?? [], model, preprocessing, threads };
    const views = augmented > 0 ? await augmentedViews(reader, chosen, given, surroundings) : null;
    terminal.start("Adapting");
    const features = { ...(await featuresOf(chosen)), views: async () => views };
    const embedding = await adaptEmbedding(await kernels(), features, settings, terminal.drive);
    await writer.putEmbedding(embedding, chosen.reader.id);
    const { head, embeddings, settings: used } = embedding;
    return {
      rows: embeddings.rows,
      dim: head.dim,
      augmented: used.augmented ?? 0,
      head_hash: head.hash,
      report: reportToJson(head.report),
    };
  });
}

/** The features of one of the project's embeddings, a few thousand rows at a time. */
export async function featuresOf({ reader }: Pick<ChosenSpace, "reader">): Promise<Features> {
  const features = await reader.features();
  const { rows, signed } = reader;
  if (features === null || rows === 0) {
    throw new WinnowError("empty", "This project holds no features to adapt; embed images into it first.");
  }
  const { cols } = features;
  return {
    total: rows,
    signed,
    complete: true,
    async *chunks(from = 0) {
      for (let firstRow = from; firstRow < rows; firstRow += rowsPerChunk) {
        const end = Math.min(rows, firstRow + rowsPerChunk);
        const data = (await features.read(firstRow, end)) as Uint16Array | Float32Array;
        yield { firstRow, rows: end - firstRow, cols, data };
      }
    },
  };
}

/**
 * The embedding of all the project's images that a command works on.
 * @throws WinnowError `empty` that says what to run first
 */
export async function embeddingOf(chosen: ChosenSpace, reader: ProjectReader, project: string): Promise<Embedding> {
  requireWhole(chosen, reader, project);
  const { name, option } = chosen;
  const embedding = await chosen.reader.embedding();
  const what = option === "" ? `“${project}”` : `“${name}”`;
  if (embedding === null) {
    throw new WinnowError("empty", `${what} has no embedding yet. Run: winnow adapt ${project}${option}`);
  }
  const missing = reader.rows - embedding.embeddings.rows;
  if (missing > 0) {
    throw new WinnowError(
      "empty",
      `${missing} images have come to ${what} since its embedding was made. Run: winnow adapt ${project}${option}`,
    );
  }
  return embedding;
}

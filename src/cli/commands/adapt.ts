import { WinnowError } from "../../core/errors.ts";
import { adapt as adaptEmbedding, type Embedding, type Features } from "../../core/linalg/adapt.ts";
import type { HeadSettings } from "../../core/linalg/head.ts";
import { reportToJson } from "../../core/projectFolder/manifest.ts";
import type { ProjectReader } from "../../core/projectFolder/projectReader.ts";
import { withProject } from "../openProject.ts";
import type { Surroundings } from "../surroundings.ts";

/** Rows that are read and embedded at a time. */
const rowsPerChunk = 4_096;

/** `winnow adapt`: fits the head and writes the embedding. */
export async function adapt(
  project: string,
  settings: HeadSettings,
  { terminal, kernels }: Surroundings,
): Promise<{ rows: number; dim: number; head_hash: string; report: ReturnType<typeof reportToJson> }> {
  return await withProject(project, terminal, async ({ reader, writer }) => {
    terminal.start("Adapting");
    const embedding = await adaptEmbedding(await kernels(), await featuresOf(reader), settings, terminal.drive);
    await writer.putEmbedding(embedding);
    const { head, embeddings } = embedding;
    return { rows: embeddings.rows, dim: head.dim, head_hash: head.hash, report: reportToJson(head.report) };
  });
}

/** The project's features, a few thousand rows at a time. */
export async function featuresOf(reader: ProjectReader): Promise<Features> {
  const features = await reader.features();
  if (features === null || reader.rows === 0) {
    throw new WinnowError("empty", "This project holds no features to adapt; embed images into it first.");
  }
  const { cols } = features;
  return {
    total: reader.rows,
    signed: reader.manifest.signed_features,
    complete: true,
    async *chunks(from = 0) {
      for (let firstRow = from; firstRow < reader.rows; firstRow += rowsPerChunk) {
        const end = Math.min(reader.rows, firstRow + rowsPerChunk);
        const data = (await features.read(firstRow, end)) as Uint16Array | Float32Array;
        yield { firstRow, rows: end - firstRow, cols, data };
      }
    },
  };
}

/** The project's embedding of all its images. */
export async function embeddingOf(reader: ProjectReader, project: string): Promise<Embedding> {
  const embedding = await reader.embedding();
  if (embedding === null) {
    throw new WinnowError("empty", `“${project}” has no embedding yet. Run: winnow adapt ${project}`);
  }
  const missing = reader.rows - embedding.embeddings.rows;
  if (missing > 0) {
    throw new WinnowError(
      "empty",
      `${missing} images have come to “${project}” since its embedding was made. Run: winnow adapt ${project}`,
    );
  }
  return embedding;
}

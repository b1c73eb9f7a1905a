import { version } from "../../../package.json";
import { WinnowError } from "../../core/errors.ts";
import type { ExportFile } from "../../core/format/annotations/exportFile.ts";
import { atlasParquet } from "../../core/format/imageParquet.ts";
import type { ExtraColumn, ImageRow } from "../../core/format/imageRow.ts";
import { neighbourGraph } from "../../core/knn/neighbourGraph.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { ChosenSpace } from "../chosenSpace.ts";
import type { Surroundings } from "../surroundings.ts";

/** As many as a person looks at beside a point. */
const neighbours = 15;

/**
 * A table for Embedding Atlas, with the places on the map that was made: UMAP before t-SNE before PCA.
 * @throws WinnowError `empty` when there is no map yet
 */
export async function atlasFile(
  project: string,
  { reader, option }: ChosenSpace,
  embeddings: Matrix,
  images: readonly ImageRow[],
  columns: readonly ExtraColumn[],
  { kernels, terminal }: Surroundings,
): Promise<ExportFile> {
  const map = (await reader.map("UMAP")) ?? (await reader.map("t-SNE")) ?? (await reader.map("PCA"));
  if (map === null) {
    throw new WinnowError("empty", `There is no map of “${project}” yet. Run: winnow map ${project}${option}`);
  }
  const stored = await reader.graph(embeddings);
  const graph = stored ?? (await terminal.drive(neighbourGraph(await kernels(), embeddings, neighbours)));
  const near = { xy: map.xy, neighbours: graph };
  return { path: "atlas.parquet", chunks: atlasParquet(images, columns, near, `Winnow ${version}`) };
}

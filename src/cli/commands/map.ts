import type { KnnGraph } from "../../core/knn/knnGraph.ts";
import { neighbourGraph } from "../../core/knn/neighbourGraph.ts";
import { embeddingPaths } from "../../core/projectFolder/filePaths.ts";
import { embeddingMap, type MapMethod } from "../../core/reduce/embeddingMap.ts";
import { chosenSpace } from "../chosenSpace.ts";
import { withProject } from "../openProject.ts";
import type { Surroundings } from "../surroundings.ts";
import { embeddingOf } from "./adapt.ts";

export interface MapResult {
  file: string;
  rows: number;
  seed: number;
  trustworthiness: number;
  neighbours_kept: number;
  /** Of the neighbours that the map was made from. */
  recall: number;
}

/** `winnow map`: computes a map and stores it with the neighbours it was made from. */
export async function map(
  project: string,
  { method, seed, space }: { method: MapMethod; seed: number; space?: string },
  { terminal, kernels }: Surroundings,
): Promise<MapResult> {
  return await withProject(project, terminal, async ({ reader, writer }) => {
    const chosen = chosenSpace(reader, space);
    const { id } = chosen.reader;
    const { embeddings } = await embeddingOf(chosen, reader, project);
    const loaded = await kernels();
    const neighbours = async (k: number): Promise<KnnGraph> => {
      const wanted = Math.min(k, embeddings.rows - 1);
      const stored = await chosen.reader.graph(embeddings);
      if (stored && stored.k >= wanted) return stored;
      terminal.start("Neighbours");
      const graph = await terminal.drive(neighbourGraph(loaded, embeddings, k));
      await writer.putGraph(graph, id);
      terminal.start(method);
      return graph;
    };
    terminal.start(method);
    const made = await embeddingMap(loaded, embeddings, { method, seed }, neighbours, terminal.drive);
    await writer.putMap(method, made, seed, id);
    const { trustworthiness, kept } = made.quality;
    return {
      file: embeddingPaths(id).map(method),
      rows: embeddings.rows,
      seed,
      trustworthiness,
      neighbours_kept: kept,
      recall: made.recall,
    };
  });
}

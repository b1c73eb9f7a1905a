import type { Kernels } from "../../kernels/load.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Matrix } from "../matrix.ts";
import type { Drive } from "../task.ts";
import { fitSquare } from "./fitSquare.ts";
import { pcaMap } from "./pcaMap.ts";
import { placeRows } from "./placement.ts";
import { type MapQuality, mapQuality } from "./trustworthiness.ts";
import { tsne, tsneNeighbours } from "./tsne.ts";
import { umap } from "./umap.ts";

export type MapMethod = "PCA" | "UMAP" | "t-SNE";

/** A finished map: x, y of each row in turn, scaled to −1…1, and how far it can be believed. */
export interface EmbeddingMap {
  xy: Float32Array;
  quality: MapQuality;
  /** Share of the true neighbours that it was made from, 0 to 1: 1 unless the graph is approximate. */
  recall: number;
}

/** The seed of maps unless another is asked for. */
export const mapSeed = 42;

/** Neighbours a point, itself counted: umap-learn's default. */
const umapNeighbours = 15;

/**
 * A map of embeddings. The same embeddings, method and seed give the same map.
 * @param graph the kNN graph with at least k neighbours a row, or all there are
 * @param look gets the layout so far
 */
export async function embeddingMap(
  kernels: Kernels,
  embeddings: Matrix,
  { method, seed }: { method: MapMethod; seed: number },
  graph: (k: number) => Promise<KnnGraph>,
  drive: Drive,
  look: (xy: Float32Array) => void = () => undefined,
): Promise<EmbeddingMap> {
  const start = await drive(pcaMap(kernels, embeddings));
  let recall = 1;
  const layOut = async (): Promise<Float32Array> => {
    const near = await graph(method === "UMAP" ? umapNeighbours - 1 : tsneNeighbours(embeddings.rows));
    recall = near.recall;
    const layout =
      method === "UMAP"
        ? umap(kernels, near, start, { neighbours: umapNeighbours, seed })
        : tsne(kernels, near, start, { seed });
    const xy = await drive(layout.task, () => {
      const now = layout.snapshot();
      if (now) look(fitSquare(now));
    });
    return fitSquare(xy);
  };
  const xy = method === "PCA" ? start : await layOut();
  return { xy, quality: await drive(mapQuality(kernels, embeddings, xy)), recall };
}

/**
 * A map with the images that came after it was made put into it; what was on it does not move, and how far it can be
 * believed is not measured again: few images come in this way.
 * @param known as of `placeRows`
 */
export async function mapWithNewRows(
  kernels: Kernels,
  embeddings: Matrix,
  before: EmbeddingMap,
  known: KnnGraph | null,
  drive: Drive,
): Promise<EmbeddingMap> {
  return { ...before, xy: await drive(placeRows(kernels, embeddings, before.xy, known)) };
}

import { keptClasses, type Predictions } from "../classifier/predictions.ts";
import { clusterNames } from "../cluster/clusterNames.ts";
import { communities } from "../cluster/communities.ts";
import type { DuplicatePairs } from "../cluster/duplicatePairs.ts";
import { outliers } from "../cluster/outliers.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import { fuzzyGraph } from "../reduce/fuzzyGraph.ts";
import { typicality } from "../select/typicality.ts";
import type { Drive } from "../task.ts";

/** Neighbours that the insights need of a graph: as many as typicality looks at. */
export const insightNeighbours = 20;
/** Neighbours, with the image itself, that clusters are made from: UMAP's usual number. */
const clusterNeighbours = 15;

/** What is found out of images without anyone's labels. All arrays are by row. */
export interface Insights {
  rows: number;
  /** Rows that its clusters were found of, where others have joined them since; absent: all. */
  foundOf?: number;
  /** Groups of images that hang together; the largest first. */
  clusters: { names: string[]; ofRow: Int32Array };
  /** Which images could be near duplicates; null for a project that came without its features. */
  duplicates: DuplicatePairs | null;
  /** 0…1, high in the middle of a crowd. */
  typicality: Float32Array;
  /** 0…1, low for an image far from all others. */
  outlier: Float32Array;
  /** The likeliest class of the model's own classifier and its probability; null without a classifier. */
  predicted: { names: readonly string[]; classOf: Int32Array; confidence: Float32Array } | null;
}

/** What a classifier says of the same images, and what its classes are called. */
export interface NamedPredictions {
  predictions: Predictions;
  names: readonly string[];
}

/** @param graph with {@link insightNeighbours}, or all others when there are fewer */
export async function insightsOf(
  graph: KnnGraph,
  duplicates: DuplicatePairs | null,
  classified: NamedPredictions | null,
  drive: Drive,
): Promise<Insights> {
  const { rows } = graph;
  const clusterOf = await drive(communities(fuzzyGraph(graph, clusterNeighbours)));
  const clusters = clusterOf.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  return {
    rows,
    clusters: {
      names: classified
        ? clusterNames(clusterOf, clusters, classified.predictions, classified.names)
        : Array.from({ length: clusters }, (_, i) => `cluster ${i + 1}`),
      ofRow: clusterOf,
    },
    duplicates,
    typicality: await drive(typicality(graph)),
    outlier: (await drive(outliers(graph))).scores,
    predicted: classified && likeliest(classified, rows),
  };
}

export function likeliest({ predictions, names }: NamedPredictions, rows: number): Insights["predicted"] {
  const { classes, scores } = predictions;
  return {
    names,
    classOf: Int32Array.from({ length: rows }, (_, row) => classes[row * keptClasses]!),
    confidence: Float32Array.from({ length: rows }, (_, row) => scores[row * keptClasses]!),
  };
}

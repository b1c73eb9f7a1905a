import { clusterNames } from "../cluster/clusterNames.ts";
import type { DuplicatePairs } from "../cluster/duplicatePairs.ts";
import { outliers } from "../cluster/outliers.ts";
import { mostExactRows } from "../knn/approximateGraph.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import { typicality } from "../select/typicality.ts";
import type { Drive } from "../task.ts";
import { type Insights, likeliest, type NamedPredictions } from "./insights.ts";

/** Clusters are found anew once a project has grown by so much since they were. */
const keptGrowth = 1.1;

/** Whether the insights of a project's first rows are taken over: only where finding them anew takes long. */
export const canGrow = (before: Insights, rows: number): boolean =>
  rows > mostExactRows && rows <= (before.foundOf ?? before.rows) * keptGrowth;

/**
 * The insights of a project that images were added to: a new image joins the cluster that most of its neighbours are
 * in, and no image changes its own. What is like no cluster makes a new one. Typicality and outlier scores are sums
 * over the graph; they are made anew.
 * @param before of the first rows of the graph
 * @param duplicates of all rows
 */
export async function grownInsights(
  before: Insights,
  graph: KnnGraph,
  duplicates: DuplicatePairs | null,
  classified: NamedPredictions | null,
  drive: Drive,
): Promise<Insights> {
  const { rows } = graph;
  const ofRow = joinedClusters(graph, before.clusters.ofRow, before.clusters.names.length);
  const clusters = ofRow.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  const names = [...before.clusters.names];
  if (clusters > names.length) {
    const all = classified
      ? clusterNames(ofRow, clusters, classified.predictions, classified.names)
      : Array.from({ length: clusters }, (_, i) => `cluster ${i + 1}`);
    const taken = new Set(names);
    for (const name of all.slice(names.length)) {
      let number = 2;
      let free = name;
      while (taken.has(free)) free = `${name} ${number++}`;
      taken.add(free);
      names.push(free);
    }
  }
  return {
    rows,
    foundOf: before.foundOf ?? before.rows,
    clusters: { names, ofRow },
    duplicates,
    typicality: await drive(typicality(graph)),
    outlier: (await drive(outliers(graph))).scores,
    predicted: classified && likeliest(classified, rows),
  };
}

/** Rows that come later get their clusters from those that have one, in rounds, so that their order does not matter. */
function joinedClusters({ rows, k, indices }: KnnGraph, known: Int32Array, clusters: number): Int32Array {
  const ofRow = new Int32Array(rows).fill(-1);
  ofRow.set(known);
  let waiting = Uint32Array.from({ length: rows - known.length }, (_, i) => known.length + i);
  let next = clusters;
  while (waiting.length > 0) {
    const joined = new Map<number, number>();
    for (const row of waiting) {
      const cluster = commonest(Array.from(indices.subarray(row * k, (row + 1) * k), (other) => ofRow[other]!));
      if (cluster >= 0) joined.set(row, cluster);
    }
    // Those that are left are only near one another: the first of them begins a cluster.
    if (joined.size === 0) joined.set(waiting[0]!, next++);
    for (const [row, cluster] of joined) ofRow[row] = cluster;
    waiting = waiting.filter((row) => ofRow[row] === -1);
  }
  return ofRow;
}

/** Of equally many that of the nearest; −1 where none has one. */
function commonest(clusters: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const cluster of clusters) if (cluster >= 0) counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
  let best = -1;
  for (const [cluster, count] of counts) if (best < 0 || count > counts.get(best)!) best = cluster;
  return best;
}

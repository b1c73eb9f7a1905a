import type { Predictions } from "../core/classifier/predictions.ts";
import type { Insights } from "../core/explore/insights.ts";
import type { KnnGraph } from "../core/knn/knnGraph.ts";
import type { Embedding } from "../core/linalg/adapt.ts";
import type { Head, HeadSettings } from "../core/linalg/head.ts";
import { matrix } from "../core/matrix.ts";
import type { EmbeddingMap, MapMethod } from "../core/reduce/embeddingMap.ts";

/** Where computed values lie: a project's store, or that of one of its spaces. */
export interface DerivedValues {
  derived(key: string): Promise<unknown>;
  putDerived(key: string, value: unknown): Promise<unknown>;
}

/** A part of the stored embedding stays under the browser's limit of one value. */
const rowsPerPart = 100_000;
/** One value in the browser's database holds at most 133 MB. */
const largestStoredGraph = 120_000_000;
/** Insights of another version are found anew. */
const insightsVersion = 2;

interface StoredEmbedding {
  head: Head;
  settings?: HeadSettings;
  /** Absent in what an older version stored. */
  fittedTotal?: number;
  rows: number;
}

/** What follows from an embedding belongs to it only while its head and rows are the same. */
interface Derivation {
  headHash: string;
  rows: number;
}

const derivedFrom = ({ head, embeddings }: Embedding): Derivation => ({ headHash: head.hash, rows: embeddings.rows });

const fits = (stored: Derivation, { head, embeddings }: Embedding): boolean =>
  stored.headHash === head.hash && stored.rows === embeddings.rows;

export async function putEmbedding(
  store: DerivedValues,
  { head, settings, embeddings, fittedTotal }: Embedding,
): Promise<void> {
  const { data, rows, cols } = embeddings;
  for (let part = 0; part * rowsPerPart < rows; part++) {
    const slice = data.slice(part * rowsPerPart * cols, Math.min(rows, (part + 1) * rowsPerPart) * cols);
    await store.putDerived(`embedding.${part}`, slice);
  }
  // The head is written last: without it the parts of an interrupted write are not looked at.
  await store.putDerived("head", { head, settings, rows, fittedTotal } satisfies StoredEmbedding);
}

/** The stored embedding, or null when there is none that is whole. */
export async function readEmbedding(store: DerivedValues): Promise<Embedding | null> {
  const stored = (await store.derived("head")) as StoredEmbedding | null;
  // Without settings it is of an older version: it is fitted again.
  if (!stored?.settings) return null;
  const { head, settings, rows, fittedTotal = 0 } = stored;
  const data = new Float32Array(rows * head.dim);
  for (let part = 0; part * rowsPerPart < rows; part++) {
    const slice = (await store.derived(`embedding.${part}`)) as Float32Array | null;
    const first = part * rowsPerPart * head.dim;
    if (slice === null || first + slice.length > data.length) return null;
    data.set(slice, first);
  }
  return { head, settings, fittedTotal, embeddings: matrix(data, rows, head.dim) };
}

/** Stores the neighbours of an embedding, unless they are too many for this browser's database. */
export async function putGraph(store: DerivedValues, embedding: Embedding, graph: KnnGraph): Promise<void> {
  if (graph.indices.byteLength * 2 > largestStoredGraph) return;
  await store.putDerived("knn", { ...derivedFrom(embedding), graph });
}

export async function readGraph(store: DerivedValues, embedding: Embedding): Promise<KnnGraph | null> {
  const stored = (await store.derived("knn")) as (Derivation & { graph: KnnGraph }) | null;
  return stored && fits(stored, embedding) ? { ...stored.graph, recall: stored.graph.recall ?? 1 } : null;
}

export async function putMap(
  store: DerivedValues,
  embedding: Embedding,
  method: MapMethod,
  map: EmbeddingMap,
): Promise<void> {
  await store.putDerived(`map.${method}`, { ...derivedFrom(embedding), map });
}

export async function readMap(
  store: DerivedValues,
  embedding: Embedding,
  method: MapMethod,
): Promise<EmbeddingMap | null> {
  const stored = (await store.derived(`map.${method}`)) as (Derivation & { map?: EmbeddingMap }) | null;
  const map = stored && fits(stored, embedding) ? stored.map : undefined;
  // Maps of an older version do not say their recall; they were made from exact neighbours.
  return map ? { ...map, recall: map.recall ?? 1 } : null;
}

export async function putInsights(store: DerivedValues, embedding: Embedding, insights: Insights): Promise<void> {
  await store.putDerived("insights", { ...derivedFrom(embedding), version: insightsVersion, insights });
}

export async function readInsights(store: DerivedValues, embedding: Embedding): Promise<Insights | null> {
  const found = (await store.derived("insights")) as (Derivation & { version?: number; insights: Insights }) | null;
  return found?.version === insightsVersion && fits(found, embedding) ? found.insights : null;
}

/** Predictions follow from the model alone, so a project has them for good. */
export async function putPredictions(store: DerivedValues, predictions: Predictions): Promise<void> {
  await store.putDerived("predictions", predictions);
}

export async function readPredictions(store: DerivedValues): Promise<Predictions | null> {
  return (await store.derived("predictions")) as Predictions | null;
}

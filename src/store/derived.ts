import type { Predictions } from "../core/classifier/predictions.ts";
import type { Insights } from "../core/explore/insights.ts";
import type { KnnGraph } from "../core/knn/knnGraph.ts";
import type { Embedding } from "../core/linalg/adapt.ts";
import { matrix } from "../core/matrix.ts";
import type { EmbeddingMap, MapMethod } from "../core/reduce/embeddingMap.ts";

/** Where computed values lie: a project's store, or that of one of its spaces. */
export interface DerivedValues {
  derived(key: string): Promise<unknown>;
  putDerived(key: string, value: unknown): Promise<unknown>;
}

/** A part of the stored embedding stays under the browser's limit of one value. */
const rowsPerPart = 100_000;
/** Insights of another version are found anew. */
const insightsVersion = 2;

/** What is known of an embedding without its numbers. */
export type EmbeddingRecord = Omit<Embedding, "embeddings"> & { rows: number };

/** What follows from an embedding belongs to it only while its head and rows are the same. */
export interface Derivation {
  headHash: string;
  rows: number;
}

/** The neighbours lie in parts beside it. Older versions stored them in one value. */
type StoredGraph = Derivation & ({ k: number; recall: number } | { graph: KnnGraph });

export const derivationOf = (of: Embedding | EmbeddingRecord): Derivation => ({
  headHash: of.head.hash,
  rows: "embeddings" in of ? of.embeddings.rows : of.rows,
});

/** Whether something belongs to an embedding or to its first rows, `leastRows` at least. */
const isOfFirst = (stored: Derivation, of: Derivation, leastRows: number): boolean =>
  stored.headHash === of.headHash && stored.rows >= leastRows && stored.rows <= of.rows;

const fits = (stored: Derivation, of: Derivation): boolean =>
  stored.headHash === of.headHash && stored.rows === of.rows;

/** @param from rows before it are stored already, with the same head */
export async function putEmbedding(
  store: DerivedValues,
  { head, settings, embeddings, fittedTotal }: Embedding,
  from = 0,
): Promise<void> {
  const { data, rows, cols } = embeddings;
  // Parts of two embeddings must never be taken for one; rows that are added at the end do no harm.
  if (from === 0) await store.putDerived("head", null);
  for (let part = Math.floor(from / rowsPerPart); part * rowsPerPart < rows; part++) {
    const slice = data.slice(part * rowsPerPart * cols, Math.min(rows, (part + 1) * rowsPerPart) * cols);
    await store.putDerived(`embedding.${part}`, slice);
  }
  await store.putDerived("head", { head, settings, rows, fittedTotal } satisfies EmbeddingRecord);
}

/** What is stored of the embedding besides its numbers; null when there is none. */
export async function readEmbeddingRecord(store: DerivedValues): Promise<EmbeddingRecord | null> {
  const stored = (await store.derived("head")) as Partial<EmbeddingRecord> | null;
  // Without settings it is of an older version: it is fitted again.
  return stored?.settings ? ({ fittedTotal: 0, ...stored } as EmbeddingRecord) : null;
}

/** The stored embedding, or null when there is none that is whole. */
export async function readEmbedding(store: DerivedValues): Promise<Embedding | null> {
  const stored = await readEmbeddingRecord(store);
  if (stored === null) return null;
  const { rows, ...about } = stored;
  const { dim } = about.head;
  const data = new Float32Array(rows * dim);
  for (let part = 0; part * rowsPerPart < rows; part++) {
    const slice = (await store.derived(`embedding.${part}`)) as Float32Array | null;
    const first = part * rowsPerPart * dim;
    const length = Math.min(rowsPerPart * dim, data.length - first);
    if (slice === null || slice.length < length) return null;
    data.set(slice.subarray(0, length), first);
  }
  return { ...about, embeddings: matrix(data, rows, dim) };
}

/** Stores the neighbours of an embedding. */
export async function putGraph(store: DerivedValues, of: Derivation, graph: KnnGraph): Promise<void> {
  const { rows, k, indices, distances, recall } = graph;
  // Parts of two graphs must never be taken for one.
  await store.putDerived("knn", null);
  for (let part = 0; part * rowsPerPart < rows; part++) {
    const [from, to] = [part * rowsPerPart * k, Math.min(rows, (part + 1) * rowsPerPart) * k];
    await store.putDerived(`knn.${part}`, { indices: indices.slice(from, to), distances: distances.slice(from, to) });
  }
  await store.putDerived("knn", { ...of, k, recall } satisfies StoredGraph);
}

/**
 * The stored neighbours of an embedding; null when there are none.
 * @param leastRows also those of its first rows count, when there are so many
 */
export async function readGraph(store: DerivedValues, of: Derivation, leastRows = of.rows): Promise<KnnGraph | null> {
  const stored = (await store.derived("knn")) as StoredGraph | null;
  if (!stored || !isOfFirst(stored, of, leastRows)) return null;
  if ("graph" in stored) return { ...stored.graph, recall: stored.graph.recall ?? 1 };
  const { rows, k, recall } = stored;
  const [indices, distances] = [new Uint32Array(rows * k), new Float32Array(rows * k)];
  for (let part = 0; part * rowsPerPart < rows; part++) {
    const found = (await store.derived(`knn.${part}`)) as Pick<KnnGraph, "indices" | "distances"> | null;
    const at = part * rowsPerPart * k;
    if (found === null || at + found.indices.length > indices.length) return null;
    indices.set(found.indices, at);
    distances.set(found.distances, at);
  }
  return { rows, k, indices, distances, recall };
}

export async function putMap(
  store: DerivedValues,
  of: Derivation,
  method: MapMethod,
  map: EmbeddingMap,
): Promise<void> {
  await store.putDerived(`map.${method}`, { ...of, map });
}

export async function readMap(store: DerivedValues, of: Derivation, method: MapMethod): Promise<EmbeddingMap | null> {
  const stored = (await store.derived(`map.${method}`)) as (Derivation & { map?: EmbeddingMap }) | null;
  const map = stored && fits(stored, of) ? stored.map : undefined;
  // Maps of an older version do not say their recall; they were made from exact neighbours.
  return map ? { ...map, recall: map.recall ?? 1 } : null;
}

/** Those of some maps that are stored. */
export async function readMaps(
  store: DerivedValues,
  of: Derivation,
  methods: readonly MapMethod[],
): Promise<Map<MapMethod, EmbeddingMap>> {
  const maps = new Map<MapMethod, EmbeddingMap>();
  for (const method of methods) {
    const map = await readMap(store, of, method);
    if (map) maps.set(method, map);
  }
  return maps;
}

export async function putInsights(store: DerivedValues, of: Derivation, insights: Insights): Promise<void> {
  await store.putDerived("insights", { ...of, version: insightsVersion, insights });
}

/** @param leastRows as of {@link readGraph} */
export async function readInsights(
  store: DerivedValues,
  of: Derivation,
  leastRows = of.rows,
): Promise<Insights | null> {
  const found = (await store.derived("insights")) as (Derivation & { version?: number; insights: Insights }) | null;
  if (found?.version !== insightsVersion) return null;
  return isOfFirst(found, of, leastRows) ? found.insights : null;
}

/** Predictions follow from the model alone, so a project has them for good. */
export async function putPredictions(store: DerivedValues, predictions: Predictions): Promise<void> {
  await store.putDerived("predictions", predictions);
}

export async function readPredictions(store: DerivedValues): Promise<Predictions | null> {
  return (await store.derived("predictions")) as Predictions | null;
}

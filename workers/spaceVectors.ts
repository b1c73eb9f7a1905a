import { WinnowError } from "../src/core/errors.ts";
import { mostExactRows } from "../src/core/knn/approximateGraph.ts";
import { extendedGraph } from "../src/core/knn/extendedGraph.ts";
import type { KnnGraph } from "../src/core/knn/knnGraph.ts";
import { mostAddedRows, neighbourGraph } from "../src/core/knn/neighbourGraph.ts";
import type { Embedding } from "../src/core/linalg/adapt.ts";
import type { Matrix } from "../src/core/matrix.ts";
import type { Drive } from "../src/core/task.ts";
import type { Kernels } from "../src/kernels/load.ts";
import {
  derivationOf,
  type EmbeddingRecord,
  putEmbedding,
  putGraph,
  readEmbedding,
  readEmbeddingRecord,
  readGraph,
} from "../src/store/derived.ts";
import type { SpaceStore } from "../src/store/spaceStore.ts";

/**
 * The embedding of one space and its neighbours: kept, stored, computed once. Of a million images they are half a
 * gigabyte, so they are read when something is first computed on them, not when the project is opened.
 */
export class SpaceVectors {
  private whole: Promise<Embedding> | null = null;
  private knn: KnnGraph | null = null;

  private constructor(
    readonly store: SpaceStore,
    private known: EmbeddingRecord | null,
  ) {}

  static async open(store: SpaceStore): Promise<SpaceVectors> {
    return new SpaceVectors(store, await readEmbeddingRecord(store));
  }

  /** What the embedding is without its numbers; null while there is none. */
  get record(): EmbeddingRecord | null {
    return this.known;
  }

  /** @throws WinnowError `empty` while there is none */
  requireRecord(): EmbeddingRecord {
    if (this.known === null) throw new WinnowError("empty", "There is no embedding yet.");
    return this.known;
  }

  /** @throws WinnowError `empty` while there is none; `storage` when it is not whole */
  embedding(): Promise<Embedding> {
    this.whole ??= this.read().catch((error) => {
      this.whole = null;
      throw error;
    });
    return this.whole;
  }

  /**
   * Takes another embedding in the place of the present one, and stores it.
   * @param from its rows before this one are those of the present one
   * @param graph its neighbours, where they are known
   */
  async replace(embedding: Embedding, from = 0, graph: KnnGraph | null = null): Promise<EmbeddingRecord> {
    const { embeddings, ...about } = embedding;
    this.whole = Promise.resolve(embedding);
    this.known = { ...about, rows: embeddings.rows };
    this.knn = graph;
    await putEmbedding(this.store, embedding, from);
    if (graph) await putGraph(this.store, derivationOf(this.known), graph);
    return this.known;
  }

  /**
   * The stored kNN graph with the rows that a longer embedding has; null where none is stored, or more were added than
   * is quick. The present embedding is not kept meanwhile.
   */
  async grownGraph(kernels: Kernels, longer: Matrix, run: Drive): Promise<KnnGraph | null> {
    const before = this.knn ?? (await readGraph(this.store, derivationOf(this.requireRecord())));
    if (before === null || longer.rows - before.rows > mostAddedRows(longer.rows)) return null;
    this.whole = null;
    return await run(extendedGraph(kernels, longer, before));
  }

  /** The kNN graph of the present embedding with at least k neighbours. */
  async graph(kernels: Kernels, k: number, run: Drive): Promise<KnnGraph> {
    const record = this.requireRecord();
    const of = derivationOf(record);
    const fits = (found: KnnGraph | null): found is KnnGraph => found !== null && found.k >= Math.min(k, of.rows - 1);
    if (fits(this.knn)) return this.knn;
    const found = await readGraph(this.store, of, of.rows - mostAddedRows(of.rows));
    if (fits(found) && found.rows === of.rows) return this.keep(found, record);
    const points = await this.lent();
    const copied = (): void => {
      points.data = new Float32Array(0);
    };
    const task = fits(found) ? extendedGraph(kernels, points, found) : neighbourGraph(kernels, points, k, { copied });
    const graph = this.keep(await run(task), record);
    if (this.known === record) await putGraph(this.store, of, graph);
    return graph;
  }

  /** Keeps a graph, unless another embedding has taken the place of its own meanwhile. */
  private keep(graph: KnnGraph, of: EmbeddingRecord): KnnGraph {
    if (this.known === of) this.knn = graph;
    return graph;
  }

  /**
   * The embedding for a computation that copies it: of very many rows it is not kept meanwhile, but read again when it
   * is next wanted.
   */
  private async lent(): Promise<{ data: Float32Array; rows: number; cols: number }> {
    const { embeddings } = await this.embedding();
    if (embeddings.rows > mostExactRows) this.whole = null;
    return { ...embeddings };
  }

  private async read(): Promise<Embedding> {
    this.requireRecord();
    const embedding = await readEmbedding(this.store);
    if (embedding === null) {
      throw new WinnowError("storage", "The embedding of this project is damaged in this browser: fit it again.");
    }
    return embedding;
  }
}

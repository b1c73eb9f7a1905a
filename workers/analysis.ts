import { WinnowError } from "../src/core/errors.ts";
import { decodeFloat16 } from "../src/core/float16.ts";
import { type KnnGraph, knnGraph } from "../src/core/knn/knnGraph.ts";
import { applyHead, fitHead, type Head, type HeadSettings } from "../src/core/linalg/head.ts";
import { type Matrix, matrix } from "../src/core/matrix.ts";
import { Random } from "../src/core/random.ts";
import { fitSquare } from "../src/core/reduce/fitSquare.ts";
import { pcaMap } from "../src/core/reduce/pcaMap.ts";
import { mapQuality } from "../src/core/reduce/trustworthiness.ts";
import { tsne, tsneNeighbours } from "../src/core/reduce/tsne.ts";
import { umap } from "../src/core/reduce/umap.ts";
import { radiiOf } from "../src/core/select/coverage.ts";
import { kCenter } from "../src/core/select/kCenter.ts";
import { randomRows } from "../src/core/select/random.ts";
import { type Progress, runToEnd } from "../src/core/task.ts";
import type { Kernels } from "../src/kernels/load.ts";
import type {
  AdaptResult,
  AnalysisService,
  EmbeddingMap,
  MapMethod,
  MapSnapshot,
  SelectRequest,
  SelectResult,
} from "../src/protocol/analysing.ts";
import { ProjectStore } from "../src/store/projectStore.ts";
import { cancelTask, drive } from "./drive.ts";
import { startKernels } from "./kernels.ts";

/** Rows that the head is fitted on at most: more do not make it better. */
const sampleRows = 20_000;
/** A part of the stored embedding stays under the browser's limit of one value. */
const rowsPerPart = 100_000;

/** Neighbours a point, itself counted: umap-learn's default. */
const umapNeighbours = 15;

/** One value in the browser's database holds at most 133 MB. */
const largestStoredGraph = 120_000_000;

/** A map with what it belongs to. */
interface StoredMap {
  headHash: string;
  rows: number;
  map?: EmbeddingMap;
}

interface StoredGraph {
  headHash: string;
  graph: KnnGraph;
}

/** The embedding with what made it. */
interface Space {
  head: Head;
  settings: HeadSettings;
  embeddings: Matrix;
}

/** The analysis worker's work on one open project. */
export class Analysis implements AnalysisService {
  private store: ProjectStore | null = null;
  private space: Space | null = null;
  private knn: StoredGraph | null = null;
  private readonly kernels: Promise<Kernels> = startKernels();

  async open(projectId: string): Promise<void> {
    this.store?.close();
    this.store = await ProjectStore.open(projectId);
    this.space = await readSpace(this.store);
    this.knn = null;
  }

  async current(): Promise<AdaptResult | null> {
    return this.space && resultOf(this.space);
  }

  async adapt(task: string, settings: HeadSettings, progress: (progress: Progress) => void): Promise<AdaptResult> {
    const store = this.opened();
    const info = await store.info();
    const total = info?.imageCount ?? 0;
    if (total === 0) throw new WinnowError("empty", "There are no images to compare yet.");
    const sample = await sampleFeatures(store, total);
    const kernels = await this.kernels;
    const head = await drive(task, fitHead(kernels, sample, settings), progress);
    const parts: Float32Array[] = [];
    let rows = 0;
    for await (const { value } of store.features()) {
      // Images that arrived during the fit wait for the next one: the same images give the same embedding.
      if (rows === total) break;
      const embedded = runToEnd(applyHead(kernels, head, matrix(decodeFloat16(value.data), value.rows, value.cols)));
      parts.push(embedded.data);
      rows += embedded.rows;
      progress({ done: rows, total });
    }
    const data = new Float32Array(rows * head.dim);
    let at = 0;
    for (const part of parts) {
      data.set(part, at);
      at += part.length;
    }
    this.space = { head, settings, embeddings: matrix(data, rows, head.dim) };
    await writeSpace(store, this.space);
    return resultOf(this.space);
  }

  async computeMap(
    task: string,
    { method, seed }: { method: MapMethod; seed: number },
    progress: (progress: Progress, xy: MapSnapshot | null) => void,
  ): Promise<EmbeddingMap> {
    const { head, embeddings } = this.embedded();
    const kernels = await this.kernels;
    const start = await drive(task, pcaMap(kernels, embeddings), (done) => progress(done, null));
    const xy = method === "PCA" ? start : await this.layOut(task, method, seed, start, progress);
    const quality = await drive(task, mapQuality(kernels, embeddings, xy), (done) => progress(done, null));
    const map = { xy, quality };
    await this.opened().putDerived(`map.${method}`, { headHash: head.hash, rows: embeddings.rows, map });
    return map;
  }

  async storedMap(method: MapMethod): Promise<EmbeddingMap | null> {
    const { head, embeddings } = this.embedded();
    const stored = (await this.opened().derived(`map.${method}`)) as StoredMap | null;
    return stored?.headHash === head.hash && stored.rows === embeddings.rows ? (stored.map ?? null) : null;
  }

  async select(task: string, request: SelectRequest, progress: (progress: Progress) => void): Promise<SelectResult> {
    const { embeddings } = this.embedded();
    const { n, alreadyChosen, seed } = request;
    const kernels = await this.kernels;
    const picks = await drive(task, kCenter(kernels, embeddings, { n, alreadyChosen }), progress);
    const random = randomRows(embeddings.rows, picks.rows.length, alreadyChosen, seed);
    const randomRadii = await drive(task, radiiOf(kernels, embeddings, random, alreadyChosen), progress);
    return { ...picks, randomRadii };
  }

  async embeddings(): Promise<{ data: Float32Array; rows: number; cols: number }> {
    const { data, rows, cols } = this.embedded().embeddings;
    return { data: data.slice(), rows, cols };
  }

  async cancel(task: string): Promise<void> {
    cancelTask(task);
  }

  private async layOut(
    task: string,
    method: "UMAP" | "t-SNE",
    seed: number,
    start: MapSnapshot,
    progress: (progress: Progress, xy: MapSnapshot | null) => void,
  ): Promise<MapSnapshot> {
    const kernels = await this.kernels;
    const { rows } = this.embedded().embeddings;
    const near = method === "UMAP" ? umapNeighbours - 1 : tsneNeighbours(rows);
    const graph = await this.graph(task, near, (done) => progress(done, null));
    const layout =
      method === "UMAP"
        ? umap(kernels, graph, start, { neighbours: umapNeighbours, seed })
        : tsne(kernels, graph, start, { seed });
    return fitSquare(
      await drive(task, layout.task, (epochs) => {
        const xy = layout.snapshot();
        progress(epochs, xy && fitSquare(xy));
      }),
    );
  }

  /** The kNN graph of the present embedding with at least k neighbours: kept, stored, computed once. */
  private async graph(task: string, k: number, progress: (progress: Progress) => void): Promise<KnnGraph> {
    const { head, embeddings } = this.embedded();
    const fits = (found: StoredGraph | null): found is StoredGraph =>
      found?.headHash === head.hash &&
      found.graph.rows === embeddings.rows &&
      found.graph.k >= Math.min(k, embeddings.rows - 1);
    if (!fits(this.knn)) this.knn = (await this.opened().derived("knn")) as StoredGraph | null;
    if (!fits(this.knn)) {
      const graph = await drive(task, knnGraph(await this.kernels, embeddings, k), progress);
      this.knn = { headHash: head.hash, graph };
      if (graph.indices.byteLength * 2 <= largestStoredGraph) await this.opened().putDerived("knn", this.knn);
    }
    return this.knn!.graph;
  }

  private opened(): ProjectStore {
    if (this.store === null) throw new WinnowError("internal", "no project is open for analysis");
    return this.store;
  }

  private embedded(): Space {
    if (this.space === null) throw new WinnowError("empty", "There is no embedding yet.");
    return this.space;
  }
}

const resultOf = ({ head, settings, embeddings }: Space): AdaptResult => ({
  rows: embeddings.rows,
  dim: embeddings.cols,
  headHash: head.hash,
  settings,
  report: head.report,
});

/** Features of a fixed random sample of rows, in row order; the same rows for the same project every time. */
async function sampleFeatures(store: ProjectStore, total: number): Promise<Matrix> {
  const chosen = total <= sampleRows ? null : Uint32Array.from(new Random(1).sample(total, sampleRows)).sort();
  const rows = chosen?.length ?? total;
  let data: Float32Array | null = null;
  let cols = 0;
  let taken = 0;
  for await (const { key, value } of store.features()) {
    data ??= new Float32Array(rows * value.cols);
    cols = value.cols;
    for (let i = 0; i < value.rows && taken < rows; i++) {
      if (chosen !== null && chosen[taken] !== key + i) continue;
      data.set(decodeFloat16(value.data.subarray(i * cols, (i + 1) * cols)), taken * cols);
      taken++;
    }
  }
  if (data === null || taken !== rows)
    throw new WinnowError("storage", `expected ${rows} rows of features, got ${taken}`);
  return matrix(data, rows, cols);
}

async function writeSpace(store: ProjectStore, { head, settings, embeddings }: Space): Promise<void> {
  const { data, rows, cols } = embeddings;
  for (let part = 0; part * rowsPerPart < rows; part++) {
    const slice = data.slice(part * rowsPerPart * cols, Math.min(rows, (part + 1) * rowsPerPart) * cols);
    await store.putDerived(`embedding.${part}`, slice);
  }
  // The head is written last: without it the parts of an interrupted write are not looked at.
  await store.putDerived("head", { head, settings, rows });
}

async function readSpace(store: ProjectStore): Promise<Space | null> {
  const stored = (await store.derived("head")) as { head: Head; settings?: HeadSettings; rows: number } | null;
  // Without settings it is of an older version: it is fitted again.
  if (!stored?.settings) return null;
  const { head, settings, rows } = stored;
  const data = new Float32Array(rows * head.dim);
  for (let part = 0; part * rowsPerPart < rows; part++) {
    const slice = (await store.derived(`embedding.${part}`)) as Float32Array | null;
    const first = part * rowsPerPart * head.dim;
    if (slice === null || first + slice.length > data.length) return null;
    data.set(slice, first);
  }
  return { head, settings, embeddings: matrix(data, rows, head.dim) };
}

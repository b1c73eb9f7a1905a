import { approximateGraph } from "../../../src/core/knn/approximateGraph.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { applyHead, fitHead } from "../../../src/core/linalg/head.ts";
import { matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { pcaMap } from "../../../src/core/reduce/pcaMap.ts";
import { tsne } from "../../../src/core/reduce/tsne.ts";
import { umap } from "../../../src/core/reduce/umap.ts";
import { kCenter } from "../../../src/core/select/kCenter.ts";
import { runToEnd } from "../../../src/core/task.ts";
import type { Kernels } from "../../../src/kernels/load.ts";

export interface Everything {
  embeddings: Float32Array;
  indices: Uint32Array;
  near: Uint32Array;
  picks: Uint32Array;
  umap: Float32Array;
  tsne: Float32Array;
}

/** All computations, small. */
export function everything(kernels: Kernels): Everything {
  const [rows, cols] = [2_600, 40];
  const random = new Random(3);
  const features = matrix(
    Float32Array.from({ length: rows * cols }, () => Math.max(0, random.normal())),
    rows,
    cols,
  );
  const head = runToEnd(fitHead(kernels, features, { dim: 16 }));
  const embeddings = runToEnd(applyHead(kernels, head, features));
  const graph = runToEnd(knnGraph(kernels, embeddings, 30));
  const start = runToEnd(pcaMap(kernels, embeddings));
  return {
    embeddings: embeddings.data,
    indices: graph.indices,
    near: runToEnd(approximateGraph(kernels, embeddings, 15, { seed: 1, nearBlocks: 3 })).indices,
    picks: runToEnd(kCenter(kernels, embeddings, { n: 200 })).rows,
    umap: runToEnd(umap(kernels, graph, start, { seed: 1, epochs: 40 }).task),
    tsne: runToEnd(tsne(kernels, graph, start, { seed: 1, epochs: 40, perplexity: 10 }).task),
  };
}

/** What the benchmarks measure. */
export { nodeKernels } from "../../src/cli/nodeKernels.ts";
export { approximateGraph } from "../../src/core/knn/approximateGraph.ts";
export { knnGraph } from "../../src/core/knn/knnGraph.ts";
export { applyHead, fitHead } from "../../src/core/linalg/head.ts";
export { pca } from "../../src/core/linalg/pca.ts";
export { Random } from "../../src/core/random.ts";
export { pcaMap } from "../../src/core/reduce/pcaMap.ts";
export { mapQuality } from "../../src/core/reduce/trustworthiness.ts";
export { tsne, tsneNeighbours } from "../../src/core/reduce/tsne.ts";
export { umap } from "../../src/core/reduce/umap.ts";
export { umapJs } from "../../src/core/reduce/umapJs.ts";
export { kCenter } from "../../src/core/select/kCenter.ts";
export { runToEnd } from "../../src/core/task.ts";
export { loadKernels, plainKernels } from "../../src/kernels/load.ts";
export { measureCoco } from "./coco.ts";

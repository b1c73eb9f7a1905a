/** What the benchmarks measure. */
export { nodeKernels } from "../../src/cli/nodeKernels.ts";
export { knnGraph } from "../../src/core/knn/knnGraph.ts";
export { Random } from "../../src/core/random.ts";
export { kCenter } from "../../src/core/select/kCenter.ts";
export { runToEnd } from "../../src/core/task.ts";
export { loadKernels, plainKernels } from "../../src/kernels/load.ts";

import type { Kernels } from "../../kernels/load.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import { approximateGraph, mostExactRows } from "./approximateGraph.ts";
import { type KnnGraph, knnGraph } from "./knnGraph.ts";

/** The approximate graph is the same every time. */
const seed = 1;

/** The kNN graph that everything shares: exact, or above {@link mostExactRows} approximate with its measured recall. */
export const neighbourGraph = (kernels: Kernels, points: Matrix, k: number): Task<KnnGraph> =>
  points.rows <= mostExactRows ? knnGraph(kernels, points, k) : approximateGraph(kernels, points, k, { seed });

import type { Kernels } from "../../kernels/load.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import { type ApproximateGraphOptions, approximateGraph, mostExactRows } from "./approximateGraph.ts";
import { type KnnGraph, knnGraph } from "./knnGraph.ts";

/** The approximate graph is the same every time. */
const seed = 1;

/**
 * Rows up to which adding them to a graph is quicker than making it anew: each is compared with all, which costs some
 * eight times what the graph's own comparisons cost. An exact graph makes rows / 2 of them a row, an approximate one
 * 25,000.
 */
export const mostAddedRows = (rows: number): number => Math.floor(rows <= mostExactRows ? rows / 16 : 3_000);

/** The kNN graph that everything shares: exact, or above {@link mostExactRows} approximate with its measured recall. */
export const neighbourGraph = (
  kernels: Kernels,
  points: Matrix,
  k: number,
  { copied }: Pick<ApproximateGraphOptions, "copied"> = {},
): Task<KnnGraph> =>
  points.rows <= mostExactRows
    ? knnGraph(kernels, points, k)
    : approximateGraph(kernels, points, k, { seed, ...(copied && { copied }) });

import type { Kernels } from "../../kernels/load.ts";
import { pca } from "../linalg/pca.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import { fitSquare } from "./fitSquare.ts";

/** First two principal components of an embedding as x, y pairs, scaled to −1…1; a missing direction is 0. */
export function* pcaMap(kernels: Kernels, embeddings: Matrix): Task<Float32Array> {
  const { data, rows, cols } = embeddings;
  const { mean, components, count } = yield* pca(kernels, embeddings, 2);
  const xy = new Float32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    for (let axis = 0; axis < count; axis++) {
      let sum = 0;
      for (let c = 0; c < cols; c++) sum += (data[row * cols + c]! - mean[c]!) * components[axis * cols + c]!;
      xy[row * 2 + axis] = sum;
    }
  }
  return fitSquare(xy);
}

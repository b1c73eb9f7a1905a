import { describe, expect, it } from "vitest";
import { decodeFloat16 } from "../../../src/core/float16.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { applyHead, fitHead } from "../../../src/core/linalg/head.ts";
import { pca } from "../../../src/core/linalg/pca.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { radiiOf } from "../../../src/core/select/coverage.ts";
import { kCenter } from "../../../src/core/select/kCenter.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { wasmKernels as kernels } from "../../fixtures/kernels.ts";
import { hasShared, sharedF32, sharedF64, sharedI32, sharedJson, sharedU8, sharedU16 } from "../../fixtures/shared.ts";

interface Expected {
  pca: { explained_variance: number[]; rank: number };
  k_center: { indices: number[]; radius_after_each: number[] };
}

/** Leave-one-out accuracy of a vote of the 10 nearest, each weighted by its cosine. */
function leaveOneOut(embeddings: Matrix, labels: Uint8Array): number {
  const graph = runToEnd(knnGraph(kernels, embeddings, 10));
  let right = 0;
  for (let row = 0; row < graph.rows; row++) {
    const votes = new Float64Array(256);
    for (let i = row * graph.k; i < (row + 1) * graph.k; i++) {
      votes[labels[graph.indices[i]!]!]! += 1 - graph.distances[i]! ** 2 / 2;
    }
    if (votes.indexOf(Math.max(...votes)) === labels[row]) right++;
  }
  return right / graph.rows;
}

describe.skipIf(!hasShared)("golden values (needs ../shared)", () => {
  const digits = (): Matrix => matrix(sharedF32("golden/digits/E.f32"), 1797, 64);
  const expected = (): Expected => sharedJson("golden/digits/expected.json") as Expected;

  it("k-center takes NumPy's rows with NumPy's radii", () => {
    const { rows, radii } = runToEnd(kCenter(kernels, digits(), { n: 100 }));
    const { indices, radius_after_each } = expected().k_center;
    expect([...rows]).toEqual(indices);
    for (const [i, radius] of radius_after_each.entries()) expect(radii[i]).toBeCloseTo(radius, 5);
    expect([...runToEnd(radiiOf(kernels, digits(), rows, new Uint32Array(0)))]).toEqual([...radii]);
  });

  it("the kNN graph is faiss's", () => {
    const graph = runToEnd(knnGraph(kernels, digits(), 15));
    const indices = sharedI32("golden/digits/knn15_indices.i32");
    const distances = sharedF32("golden/digits/knn15_distances.f32");
    let different = 0;
    for (let i = 0; i < indices.length; i++) {
      expect(Math.abs(graph.distances[i]! - distances[i]!)).toBeLessThan(1e-6);
      if (graph.indices[i] !== indices[i]) different++;
    }
    // Three rows have two neighbours within a millionth of each other.
    expect(different).toBeLessThanOrEqual(6);
  });

  it("PCA is scikit-learn's", () => {
    const raw = Float32Array.from(sharedU8("golden/digits/raw.u8"), (value) => value / 16);
    const { components, variances, count } = runToEnd(pca(kernels, matrix(raw, 1797, 64), 64));
    const reference = sharedF64("golden/digits/pca_components.f64");
    const { explained_variance, rank } = expected().pca;
    expect(count).toBe(rank);
    for (let i = 0; i < rank; i++) expect(variances[i]).toBeCloseTo(explained_variance[i]!, 6);
    for (let i = 0; i < 10 * 64; i++) expect(components[i]).toBeCloseTo(reference[i]!, 5);
  });

  it("the head tells digits apart better than raw features", { timeout: 60_000 }, () => {
    const features = matrix(decodeFloat16(sharedU16("data/vectors/digits-features.f16")), 1797, 1280);
    const labels = sharedU8("data/vectors/digits-features.labels.u8");
    const head = runToEnd(fitHead(kernels, features, { dim: 64 }));
    const accuracy = leaveOneOut(runToEnd(applyHead(kernels, head, features)), labels);
    expect(accuracy).toBeGreaterThanOrEqual(0.92);
    expect(head.report.effectiveRank).toBeGreaterThan(16);
    expect(head.report.neighbourSimilarity).toBeGreaterThan(head.report.randomSimilarity + 0.2);
  });
});

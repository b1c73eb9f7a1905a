import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { fuzzyGraph, smoothedDistances } from "../../../src/core/reduce/fuzzyGraph.ts";
import { pcaMap } from "../../../src/core/reduce/pcaMap.ts";
import { PotentialGrid } from "../../../src/core/reduce/potentialGrid.ts";
import { mapQuality } from "../../../src/core/reduce/trustworthiness.ts";
import { tsne, tsneNeighbours } from "../../../src/core/reduce/tsne.ts";
import { curveOf, umap } from "../../../src/core/reduce/umap.ts";
import { umapJs } from "../../../src/core/reduce/umapJs.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels, wasmKernels } from "../../fixtures/kernels.ts";
import { hasShared, sharedF32, sharedI32, sharedJson, sharedU16 } from "../../fixtures/shared.ts";

interface Expected {
  maps: Record<"umap_learn_seed42" | "opentsne_p30_seed42", { trustworthiness15: number; kept15: number }>;
  umap: { a: number; b: number; graph_edges: number };
}

const gaussian = (rows: number, cols: number, seed: number): Matrix => {
  const random = new Random(seed);
  return matrix(
    Float32Array.from({ length: rows * cols }, () => random.normal()),
    rows,
    cols,
  );
};

describe.each(everyKernels)("maps, %s kernels", (kind, kernels) => {
  it("map quality is its definition", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), fc.integer({ min: 1, max: 6 }), fc.nat(), (rows, k, seed) => {
        const m = gaussian(rows, 5, seed);
        const plane = gaussian(rows, 2, seed + 1);
        const { trustworthiness, kept, k: used } = runToEnd(mapQuality(kernels, m, plane.data, { k, sample: rows }));
        expect(used).toBe(Math.min(k, Math.floor((rows - 1) / 2)));
        const order = ({ data, cols }: Matrix, row: number): number[] => {
          const to = (other: number): number => {
            let sum = 0;
            for (let c = 0; c < cols; c++) sum += (data[row * cols + c]! - data[other * cols + c]!) ** 2;
            return sum;
          };
          return Array.from({ length: rows }, (_, other) => other)
            .filter((other) => other !== row)
            .sort((a, b) => to(a) - to(b));
        };
        let penalty = 0;
        let both = 0;
        for (let row = 0; row < rows; row++) {
          const high = order(m, row);
          for (const other of order(plane, row).slice(0, used)) {
            const rank = high.indexOf(other) + 1;
            penalty += Math.max(0, rank - used);
            if (rank <= used) both++;
          }
        }
        expect(trustworthiness).toBeCloseTo(1 - (2 * penalty) / (rows * used * (2 * rows - 3 * used - 1)), 9);
        expect(kept).toBeCloseTo(both / (rows * used), 9);
      }),
      { numRuns: 60 },
    );
  });

  it("UMAP keeps clusters apart, repeats itself for a seed, and stands duplicates", () => {
    const rows = 240;
    const m = gaussian(rows, 6, 3);
    for (let row = 0; row < rows; row++) m.data[row * 6] = m.data[row * 6]! + 12 * (row % 3);
    m.data.copyWithin(0, 6, 12);
    const graph = runToEnd(knnGraph(kernels, m, 14));
    const start = runToEnd(pcaMap(kernels, m));
    const layout = (seed: number) => runToEnd(umap(kernels, graph, start, { seed, epochs: 120 }).task);
    const xy = layout(7);
    expect(layout(7)).toEqual(xy);
    expect(layout(8)).not.toEqual(xy);
    expect(xy.every(Number.isFinite)).toBe(true);
    const near = runToEnd(knnGraph(kernels, matrix(xy, rows, 2), 5));
    const same = near.indices.filter((other, i) => other % 3 === Math.floor(i / 5) % 3).length;
    expect(same / near.indices.length).toBeGreaterThan(0.98);
    if (kind === "WASM") expect(kernels.memory.used).toBe(0);
  });

  it("t-SNE keeps clusters apart, repeats itself for a seed, and gives its memory back", () => {
    const rows = kind === "WASM" ? 600 : 120;
    const m = gaussian(rows, 6, 3);
    for (let row = 0; row < rows; row++) m.data[row * 6] = m.data[row * 6]! + 12 * (row % 3);
    m.data.copyWithin(0, 6, 12);
    const graph = runToEnd(knnGraph(kernels, m, tsneNeighbours(rows, 10)));
    const start = runToEnd(pcaMap(kernels, m));
    const before = kernels.memory.used;
    const epochs = kind === "WASM" ? 400 : 10;
    const layout = (seed: number) => runToEnd(tsne(kernels, graph, start, { seed, epochs, perplexity: 10 }).task);
    const xy = layout(7);
    expect(layout(7)).toEqual(xy);
    expect(xy.every(Number.isFinite)).toBe(true);
    expect(kernels.memory.used).toBe(before);
    if (kind !== "WASM") return;
    const near = runToEnd(knnGraph(kernels, matrix(xy, rows, 2), 5));
    const same = near.indices.filter((other, i) => other % 3 === Math.floor(i / 5) % 3).length;
    expect(same / near.indices.length).toBeGreaterThan(0.98);
  });

  it("the repulsion from the grid is the sum over all pairs", () => {
    const { memory } = kernels;
    const points = 200;
    for (const spread of kind === "WASM" ? [0.01, 0.3, 1, 8] : [0.3, 8]) {
      const xy = gaussian(points, 2, 11).data.map((value) => value * spread);
      const positions = memory.alloc(8 * points);
      const forces = memory.alloc(8 * points);
      memory.f32(positions, 2 * points).set(xy);
      const grid = new PotentialGrid(kernels, points);
      const [xs, ys] = [0, 1].map((axis) => xy.filter((_, i) => i % 2 === axis)) as [Float32Array, Float32Array];
      const box = { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
      const sum = grid.repel(positions, forces, box);
      const found = memory.f32(forces, 2 * points).slice();
      let wanted = 0;
      let [squares, errors] = [0, 0];
      for (let i = 0; i < points; i++) {
        const force = [0, 0];
        for (let j = 0; j < points; j++) {
          if (i === j) continue;
          const [dx, dy] = [xs[i]! - xs[j]!, ys[i]! - ys[j]!];
          const near = 1 / (1 + dx * dx + dy * dy);
          wanted += near;
          force[0]! += near * near * dx;
          force[1]! += near * near * dy;
        }
        for (const axis of [0, 1]) {
          squares += force[axis]! ** 2;
          errors += (force[axis]! - found[2 * i + axis]!) ** 2;
        }
      }
      expect(sum / wanted).toBeCloseTo(1, 2);
      expect(Math.sqrt(errors / squares)).toBeLessThan(0.02);
      grid.free();
      memory.free(positions);
      memory.free(forces);
    }
  });
});

describe.skipIf(!hasShared)("maps against umap-learn and openTSNE (needs ../shared)", () => {
  const digits = (): Matrix => matrix(sharedF32("golden/digits/E.f32"), 1797, 64);
  const expected = (): Expected => sharedJson("golden/digits/expected.json") as Expected;

  it("the fuzzy graph is umap-learn's", () => {
    const graph = runToEnd(knnGraph(wasmKernels, digits(), 14));
    const { rhos, sigmas } = smoothedDistances(graph, 15);
    const wantedRhos = sharedF32("golden/digits/umap_rhos.f32");
    const wantedSigmas = sharedF32("golden/digits/umap_sigmas.f32");
    for (let i = 0; i < 1797; i++) {
      expect(Math.abs(rhos[i]! - wantedRhos[i]!)).toBeLessThan(1e-5);
      expect(Math.abs(sigmas[i]! - wantedSigmas[i]!)).toBeLessThan(1e-4);
    }
    const { first, others, weights } = fuzzyGraph(graph, 15);
    const pointers = sharedI32("golden/digits/umap_graph_indptr.i32");
    const indices = sharedU16("golden/digits/umap_graph_indices.u16");
    const wanted = sharedF32("golden/digits/umap_graph_weights.f32");
    expect(Math.abs(weights.length - expected().umap.graph_edges)).toBeLessThanOrEqual(8);
    let missing = 0;
    for (let row = 0; row < 1797; row++) {
      const ours = new Map<number, number>();
      for (let e = first[row]!; e < first[row + 1]!; e++) ours.set(others[e]!, weights[e]!);
      for (let e = pointers[row]!; e < pointers[row + 1]!; e++) {
        const weight = ours.get(indices[e]!);
        if (weight === undefined) missing++;
        else expect(Math.abs(weight - wanted[e]!)).toBeLessThan(2e-3);
      }
    }
    // Three rows have two neighbours within a millionth of each other.
    expect(missing).toBeLessThanOrEqual(8);
  });

  it("the curve is umap-learn's", () => {
    const { a, b } = curveOf(0.1);
    expect(a).toBeCloseTo(expected().umap.a, 2);
    expect(b).toBeCloseTo(expected().umap.b, 2);
  });

  it("UMAP is as trustworthy as umap-learn's and better than umap-js's on the same graph", () => {
    const graph = runToEnd(knnGraph(wasmKernels, digits(), 14));
    const start = runToEnd(pcaMap(wasmKernels, digits()));
    const quality = (xy: Float32Array) => runToEnd(mapQuality(wasmKernels, digits(), xy, { sample: 1797 }));
    const reference = expected().maps.umap_learn_seed42;
    const measured = quality(sharedF32("golden/digits/umap_2d.f32"));
    expect(measured.trustworthiness).toBeCloseTo(reference.trustworthiness15, 4);
    expect(measured.kept).toBeCloseTo(reference.kept15, 3);
    const ours = quality(runToEnd(umap(wasmKernels, graph, start, { seed: 1 }).task));
    expect(ours.trustworthiness).toBeGreaterThan(reference.trustworthiness15 - 0.01);
    expect(ours.kept).toBeGreaterThan(reference.kept15 - 0.05);
    const theirs = quality(runToEnd(umapJs(graph, { random: new Random(1), epochs: 200 }).task));
    expect(ours.trustworthiness).toBeGreaterThan(theirs.trustworthiness - 0.005);
  });

  it("t-SNE is as trustworthy as openTSNE's", () => {
    const graph = runToEnd(knnGraph(wasmKernels, digits(), tsneNeighbours(1797)));
    const start = runToEnd(pcaMap(wasmKernels, digits()));
    const xy = runToEnd(tsne(wasmKernels, graph, start, { seed: 1 }).task);
    const { trustworthiness, kept } = runToEnd(mapQuality(wasmKernels, digits(), xy, { sample: 1797 }));
    const reference = expected().maps.opentsne_p30_seed42;
    expect(trustworthiness).toBeGreaterThan(reference.trustworthiness15 - 0.01);
    expect(kept).toBeGreaterThan(reference.kept15 - 0.05);
  });
});

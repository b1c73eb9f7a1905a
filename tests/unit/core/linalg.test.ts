import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFloat16, encodeFloat16 } from "../../../src/core/float16.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { applyHead, fitHead } from "../../../src/core/linalg/head.ts";
import { symmetricEigen } from "../../../src/core/linalg/symmetricEigen.ts";
import { topEigen } from "../../../src/core/linalg/topEigen.ts";
import { matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels } from "../../fixtures/kernels.ts";

const symmetric = (n: number, seed: number): Float64Array => {
  const random = new Random(seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = random.normal();
  return a;
};

describe("symmetricEigen", () => {
  it("gives orthonormal vectors with A v = λ v, largest first", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.nat(), (n, seed) => {
        const a = symmetric(n, seed);
        const { values, vectors } = runToEnd(symmetricEigen(a.slice(), n));
        for (let k = 0; k < n; k++) {
          if (k > 0) expect(values[k]).toBeLessThanOrEqual(values[k - 1]!);
          for (let i = 0; i < n; i++) {
            let av = 0;
            for (let j = 0; j < n; j++) av += a[i * n + j]! * vectors[k * n + j]!;
            expect(av).toBeCloseTo(values[k]! * vectors[k * n + i]!, 8);
          }
          for (let other = 0; other <= k; other++) {
            let product = 0;
            for (let j = 0; j < n; j++) product += vectors[k * n + j]! * vectors[other * n + j]!;
            expect(product).toBeCloseTo(other === k ? 1 : 0, 8);
          }
        }
      }),
    );
  });

  it("stands a large matrix of low rank", () => {
    const n = 260;
    const random = new Random(9);
    const factors = Float64Array.from({ length: 12 * n }, () => random.normal());
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++)
        for (let f = 0; f < 12; f++) a[i * n + j]! += factors[f * n + i]! * factors[f * n + j]!;
    }
    const { values } = runToEnd(symmetricEigen(a, n));
    expect(values[11]).toBeGreaterThan(50);
    for (const value of values.subarray(12)) expect(Math.abs(value)).toBeLessThan(1e-9);
  });

  it("stands equal and zero eigenvalues", () => {
    const identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0);
    expect([...runToEnd(symmetricEigen(identity, 3)).values]).toEqual([1, 1, 0]);
  });
});

describe.each(everyKernels)("topEigen, %s kernels", (_, kernels) => {
  it("agrees with the full decomposition", () => {
    const n = 150;
    const root = symmetric(n, 5);
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) a[i * n + j]! += root[i * n + k]! * root[j * n + k]!;
    }
    const all = runToEnd(symmetricEigen(a.slice(), n));
    const top = runToEnd(topEigen(kernels, a, n, 6));
    for (let k = 0; k < 6; k++) {
      expect(top.values[k]! / all.values[k]!).toBeCloseTo(1, 6);
      let cosine = 0;
      for (let j = 0; j < n; j++) cosine += top.vectors[k * n + j]! * all.vectors[k * n + j]!;
      expect(cosine).toBeCloseTo(1, 5);
    }
  });
});

describe.each(everyKernels)("knnGraph, %s kernels", (_, kernels) => {
  it("is what sorting all distances gives", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(12),
        fc.nat(),
        (rows, cols, k, seed) => {
          const random = new Random(seed);
          const m = matrix(
            Float32Array.from({ length: rows * cols }, () => random.below(4)),
            rows,
            cols,
          );
          const graph = runToEnd(knnGraph(kernels, m, k));
          expect(graph.k).toBe(Math.min(k, rows - 1));
          for (let row = 0; row < rows; row++) {
            const others = Array.from({ length: rows }, (_, other) => {
              let squared = 0;
              for (let c = 0; c < cols; c++) squared += (m.data[row * cols + c]! - m.data[other * cols + c]!) ** 2;
              return { other, squared };
            })
              .filter(({ other }) => other !== row)
              .sort((a, b) => a.squared - b.squared || a.other - b.other)
              .slice(0, graph.k);
            const list = graph.indices.subarray(row * graph.k, (row + 1) * graph.k);
            expect([...list]).toEqual(others.map(({ other }) => other));
          }
        },
      ),
    );
  });
});

describe.each(everyKernels)("head, %s kernels", (_, kernels) => {
  const features = (rows: number, cols: number, seed: number) => {
    const random = new Random(seed);
    return matrix(
      Float32Array.from({ length: rows * cols }, () => Math.max(0, random.normal())),
      rows,
      cols,
    );
  };

  it("gives unit rows, the same every time, for any number of rows and both methods", () => {
    for (const rows of [1, 2, 3, 7, 30, 120]) {
      for (const method of ["head", "pca"] as const) {
        const sample = features(rows, 40, rows);
        const head = runToEnd(fitHead(kernels, sample, { dim: 16, method }));
        const { data, cols } = runToEnd(applyHead(kernels, head, sample));
        expect(cols).toBe(Math.max(1, Math.min(16, rows - 1)));
        for (let row = 0; row < rows; row++) {
          let squares = 0;
          for (let c = 0; c < cols; c++) squares += data[row * cols + c]! ** 2;
          expect(squares).toBeCloseTo(1, 4);
        }
        expect(runToEnd(fitHead(kernels, sample, { dim: 16, method })).hash).toBe(head.hash);
      }
    }
  });

  it("stands images that are all the same, and features that are all zero", () => {
    for (const value of [0, 3]) {
      const same = matrix(new Float32Array(5 * 8).fill(value), 5, 8);
      const embedded = runToEnd(applyHead(kernels, runToEnd(fitHead(kernels, same)), same));
      expect([...embedded.data]).toEqual([1, 1, 1, 1, 1].map((one) => expect.closeTo(one, 5)));
    }
  });

  it("refuses features of another width and values that are no numbers", () => {
    const head = runToEnd(fitHead(kernels, features(20, 10, 1)));
    expect(() => runToEnd(applyHead(kernels, head, features(2, 9, 1)))).toThrow(/20 values, got 18/);
    const bad = features(3, 10, 1);
    bad.data[25] = Number.POSITIVE_INFINITY;
    expect(() => runToEnd(fitHead(kernels, bad))).toThrow(/row 2/);
  });
});

describe("float16", () => {
  it("keeps every half-precision number, and rounds to the nearest", () => {
    const all = Uint16Array.from({ length: 65536 }, (_, half) => half).filter((half) => (half & 0x7c00) !== 0x7c00);
    expect(encodeFloat16(decodeFloat16(all))).toEqual(all);
    const numbers = decodeFloat16(all);
    for (let i = 1; i < 31743; i += 7) {
      const [low, high] = [numbers[i]!, numbers[i + 1]!];
      const nearer = low + (high - low) * 0.4;
      expect(decodeFloat16(encodeFloat16(Float32Array.of(nearer)))[0]).toBe(low);
    }
    expect([...encodeFloat16(Float32Array.of(65519, 65520, -1e9, 1e-9, Number.NaN))]).toEqual([
      0x7bff, 0x7c00, 0xfc00, 0, 0x7e00,
    ]);
  });
});

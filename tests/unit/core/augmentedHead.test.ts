import { describe, expect, it } from "vitest";
import { nearestRows } from "../../../src/core/knn/nearestRows.ts";
import { applyHead, fitHead } from "../../../src/core/linalg/head.ts";
import { pca } from "../../../src/core/linalg/pca.ts";
import type { AugmentedViews } from "../../../src/core/linalg/separatingDirections.ts";
import { symmetricEigen } from "../../../src/core/linalg/symmetricEigen.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels, wasmKernels } from "../../fixtures/kernels.ts";

const perImage = 4;
const [rows, cols] = [60, 12];

/** Features of three groups with a strong direction that only noise moves in. */
function sample(seed: number, count = rows): Matrix {
  const random = new Random(seed);
  const data = Float32Array.from({ length: count * cols }, (_, i) => {
    const [row, c] = [Math.floor(i / cols), i % cols];
    const group = c === row % 3 ? 3 : 0;
    const nuisance = c === 5 ? 4 * random.float() : 0;
    return 0.5 + group + nuisance + Math.abs(random.normal()) * 0.3;
  });
  return matrix(data, count, cols);
}

/** Views that move the given columns by chance and leave the others. */
function views(of: Matrix, images: number, moved: readonly number[], by = 1): AugmentedViews {
  const random = new Random(11);
  const data = new Float32Array(images * perImage * cols);
  for (let view = 0; view < images * perImage; view++) {
    const row = Math.floor(view / perImage);
    for (let c = 0; c < cols; c++) {
      const change = moved.includes(c) ? Math.abs(by * random.normal()) : 0;
      data[view * cols + c] = of.data[row * cols + c]! + change;
    }
  }
  return { features: matrix(data, images * perImage, cols), perImage };
}

const normalised = (values: readonly number[]): number[] => {
  const rooted = values.map((value) => Math.sqrt(Math.max(0, value)));
  const length = Math.hypot(...rooted);
  return rooted.map((value) => value / length);
};
const rowsOf = ({ data, rows: count, cols: width }: Matrix): number[][] =>
  Array.from({ length: count }, (_, row) => Array.from(data.subarray(row * width, (row + 1) * width)));

/**
 * Steps 1 to 4 and 7 of specs/numerics.md with plain loops: the generalised eigenvalue problem that a head solves.
 * S_w ← S_w/tr S_w + S_a/tr S_a, of trace R, plus λ = 1.
 */
function problemOf(features: Matrix, augmented: AugmentedViews | null) {
  const x = matrix(Float32Array.from(rowsOf(features).flatMap(normalised)), rows, cols);
  const { mean, components, count } = runToEnd(pca(wasmKernels, x, 256));
  const inDirections = (row: number[]): number[] =>
    Array.from({ length: count }, (_, i) =>
      row.reduce((sum, value, c) => sum + components[i * cols + c]! * (value - mean[c]!), 0),
    );
  const z = rowsOf(x).map(inDirections);
  const scatter = (differences: number[][]): number[][] => {
    const sums = Array.from({ length: count }, () => new Array<number>(count).fill(0));
    for (const d of differences)
      for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) sums[i]![j]! += d[i]! * d[j]!;
    const trace = sums.reduce((sum, line, i) => sum + line[i]!, 0);
    return sums.map((line) => line.map((value) => value / trace));
  };
  const minus = (a: number[], b: number[]): number[] => a.map((value, i) => value - b[i]!);
  const unit = z.map((row) => row.map((value) => value / Math.hypot(...row)));
  const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const toNeighbours = z.flatMap((row, i) =>
    z
      .map((_, j) => j)
      .filter((j) => j !== i)
      .sort((a, b) => dot(unit[i]!, unit[b]!) - dot(unit[i]!, unit[a]!) || a - b)
      .slice(0, 10)
      .map((j) => minus(z[j]!, row)),
  );
  const parts = [scatter(toNeighbours)];
  if (augmented) {
    const zViews = rowsOf(augmented.features).map((row) => inDirections(normalised(row)));
    const differences = zViews.map((row, view) => {
      const own = zViews.slice(view - (view % perImage), view - (view % perImage) + perImage);
      return minus(
        row,
        row.map((_, i) => own.reduce((sum, other) => sum + other[i]! / perImage, 0)),
      );
    });
    parts.push(scatter(differences));
  }
  const within = Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) => {
      const sum = parts.reduce((total, part) => total + part[i]![j]!, 0);
      return (count / parts.length) * sum + (i === j ? 1 : 0);
    }),
  );
  const total = Array.from({ length: count }, (_, i) => z.reduce((sum, row) => sum + row[i]! ** 2, 0) / rows);
  return { mean, components, count, within, total };
}

/** The directions of a head in those of PCA: rows v with S_t v = μ S_w v. */
function directionsOf(
  head: { weights: Float32Array; dim: number },
  { components, count }: ReturnType<typeof problemOf>,
) {
  return Array.from({ length: head.dim }, (_, d) =>
    Array.from({ length: count }, (_, i) => {
      let sum = 0;
      for (let c = 0; c < cols; c++) sum += head.weights[d * cols + c]! * components[i * cols + c]!;
      return sum;
    }),
  );
}

describe.each(everyKernels)("a head with augmented views, %s kernels", (_, kernels) => {
  const features = sample(1);
  const augmented = views(features, 20, [3, 4]);

  it("solves the eigenvalue problem of the specification", () => {
    for (const given of [null, augmented]) {
      const head = runToEnd(fitHead(kernels, features, { dim: 4, views: given }));
      const problem = problemOf(features, given);
      const { within, total } = problem;
      let before = Number.POSITIVE_INFINITY;
      for (const v of directionsOf(head, problem)) {
        const image = within.map((line) => line.reduce((sum, value, j) => sum + value * v[j]!, 0));
        // Normalised so that vᵀ S_w v = 1; then vᵀ S_t v = μ.
        expect(v.reduce((sum, value, i) => sum + value * image[i]!, 0)).toBeCloseTo(1, 3);
        const mu = v.reduce((sum, value, i) => sum + value ** 2 * total[i]!, 0);
        for (const [i, value] of v.entries()) expect(total[i]! * value).toBeCloseTo(mu * image[i]!, 4);
        expect(mu).toBeLessThan(before + 1e-9);
        before = mu;
      }
      // Nothing separates better: μ is the largest eigenvalue of S_w^-½ S_t S_w^-½, found by another way.
      expect(largestOf(within, total)).toBeCloseTo(
        directionsOf(head, problem)[0]!.reduce((sum, value, i) => sum + value ** 2 * total[i]!, 0),
        4,
      );
    }
  });

  it("varies less between views of an image than one without them, and the same head comes out again", () => {
    const nuisance = views(features, 40, [5], 3);
    const spread = (given: AugmentedViews | null): number => {
      const head = runToEnd(fitHead(kernels, features, { dim: 3, views: given }));
      const embedded = rowsOf(runToEnd(applyHead(kernels, head, nuisance.features)));
      let sum = 0;
      for (const [view, row] of embedded.entries()) {
        const first = embedded[view - (view % perImage)]!;
        sum += row.reduce((total, value, i) => total + (value - first[i]!) ** 2, 0);
      }
      return sum;
    };
    expect(spread(nuisance)).toBeLessThan(0.8 * spread(null));
    const twice = [1, 2].map(() => runToEnd(fitHead(kernels, features, { dim: 3, views: nuisance })).hash);
    expect(twice[0]).toBe(twice[1]);
    expect(twice[0]).not.toBe(runToEnd(fitHead(kernels, features, { dim: 3 })).hash);
  });

  it("is the head without them when no view differs, and takes part in no other method", () => {
    const still = views(features, 20, []);
    const plain = runToEnd(fitHead(kernels, features, { dim: 4 }));
    expect(runToEnd(fitHead(kernels, features, { dim: 4, views: still })).hash).toBe(plain.hash);
    for (const method of ["pca", "raw"] as const) {
      const hashes = [null, augmented].map(
        (given) => runToEnd(fitHead(kernels, features, { dim: 4, method, views: given })).hash,
      );
      expect(hashes[0]).toBe(hashes[1]);
    }
  });

  it("does not care how much the views differ, only where", () => {
    // The trace is shared out equally: ten times as different views are no more important.
    const [weak, strong] = [0.01, 0.02].map((by) => {
      const random = new Random(2);
      const base = rowsOf(features).slice(0, 20);
      const data = base.flatMap((row) =>
        Array.from({ length: perImage }, () => {
          const step = (random.float() - 0.5) * by;
          return row.map((value, c) => (c === 2 || c === 6 ? value + step : value));
        }).flat(),
      );
      const given = { features: matrix(Float32Array.from(data), 20 * perImage, cols), perImage };
      return runToEnd(applyHead(kernels, runToEnd(fitHead(kernels, features, { dim: 4, views: given })), features));
    });
    for (let row = 0; row < rows; row++) {
      const query = matrix(weak!.data.slice(row * 4, row * 4 + 4), 1, 4);
      const { indices } = runToEnd(nearestRows(kernels, strong!, query, 1));
      expect(indices[0]).toBe(row);
    }
  });
});

/** The largest eigenvalue of S_w⁻¹ S_t with diagonal S_t, through S_t^½ S_w⁻¹ S_t^½. */
function largestOf(within: number[][], total: number[]): number {
  const n = total.length;
  const { values, vectors } = runToEnd(symmetricEigen(Float64Array.from(within.flat()), n));
  const root = total.map(Math.sqrt);
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) {
        product[i * n + j]! += (root[i]! * vectors[k * n + i]! * vectors[k * n + j]! * root[j]!) / values[k]!;
      }
    }
  }
  return runToEnd(symmetricEigen(product, n)).values[0]!;
}

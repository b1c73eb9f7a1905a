import { describe, expect, it } from "vitest";
import { type Matrix, matrix, normaliseRows } from "../../../src/core/matrix.ts";
import { compareEmbeddings } from "../../../src/core/model/compareEmbeddings.ts";
import { Random } from "../../../src/core/random.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";

const rows = 120;
const random = new Random(3);
const noise = (cols: number): Matrix =>
  normaliseRows(
    matrix(
      Float32Array.from({ length: rows * cols }, () => random.normal()),
      rows,
      cols,
    ),
  );
const labels = Int32Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? -1 : row % 3));
/** Each class in a direction of its own. */
const clear = normaliseRows(
  matrix(
    Float32Array.from({ length: rows * 3 }, (_, i) => (Math.floor(i / 3) % 3 === i % 3 ? 3 : random.float())),
    rows,
    3,
  ),
);
const compare = (a: Matrix, b: Matrix, by: Int32Array | null) =>
  runToEnd(compareEmbeddings(wasmKernels, [a, b], by, 1));

describe("compareEmbeddings", () => {
  it("finds the same neighbours in the same embedding, and about chance in another", () => {
    const a = noise(8);
    expect(compare(a, a, null)).toEqual({ rows, overlap: 1, accuracy: null, labelled: 0 });
    const turned = matrix(
      Float32Array.from(a.data, (_, i) => a.data[Math.floor(i / 8) * 8 + 7 - (i % 8)]!),
      rows,
      8,
    );
    expect(compare(a, turned, null).overlap).toBe(1);
    const chance = compare(a, noise(8), null).overlap!;
    expect(chance).toBeGreaterThan(0.05);
    expect(chance).toBeLessThan(0.25);
  });

  it("says which knows the labels better, by brute force too", () => {
    const other = noise(3);
    const { accuracy, labelled } = compare(clear, other, labels);
    expect(labelled).toBe(108);
    expect(accuracy![0]).toBe(1);
    const known = Array.from(labels.keys()).filter((row) => labels[row]! >= 0);
    const cosine = (a: number, b: number) =>
      [0, 1, 2].reduce((sum, c) => sum + other.data[a * 3 + c]! * other.data[b * 3 + c]!, 0);
    const right = known.filter((row) => {
      const near = known.filter((one) => one !== row).sort((a, b) => cosine(row, b) - cosine(row, a));
      const votes = [0, 0, 0];
      for (const one of near.slice(0, 10)) votes[labels[one]!]! += Math.max(1e-6, cosine(row, one));
      return votes.indexOf(Math.max(...votes)) === labels[row];
    });
    expect(accuracy![1]).toBeCloseTo(right.length / known.length, 10);
  });

  it("has nothing to say of one image", () => {
    const one = matrix(Float32Array.of(1, 0), 1, 2);
    expect(compare(one, one, Int32Array.of(0))).toEqual({ rows: 1, overlap: null, accuracy: null, labelled: 0 });
  });
});

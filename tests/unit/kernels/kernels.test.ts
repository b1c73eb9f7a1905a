import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { plainKernels } from "../../../src/kernels/load.ts";
import { KernelMemory, PlainMemory } from "../../../src/kernels/memory.ts";
import { sources } from "../../../src/kernels/wasm.ts";
import { sourcesHash } from "../../../tools/kernels.mjs";
import { wasmKernels } from "../../fixtures/kernels.ts";

describe("kernels", () => {
  it("wasm.ts belongs to the AssemblyScript sources (npm run kernels)", () => {
    expect(sources).toBe(sourcesHash());
  });

  it("memory gives blocks that do not overlap, are zero and aligned, and takes them back", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ bytes: fc.nat(200_000), free: fc.nat(9) }), { maxLength: 60 }), (steps) => {
        const memory = new KernelMemory(new PlainMemory());
        const live: { at: number; bytes: number }[] = [];
        for (const { bytes, free } of steps) {
          const at = memory.alloc(bytes);
          expect(at % 64).toBe(0);
          expect(at).toBeGreaterThanOrEqual(65_536);
          const block = memory.u8(at, bytes);
          expect(block.every((value) => value === 0)).toBe(true);
          block.fill(7);
          for (const other of live) expect(at + bytes <= other.at || other.at + other.bytes <= at).toBe(true);
          live.push({ at, bytes });
          if (free < live.length) memory.free(live.splice(free, 1)[0]!.at);
        }
        for (const { at } of live) memory.free(at);
        expect(memory.used).toBe(0);
        const before = memory.raw.buffer.byteLength;
        // All that was given back is one gap again.
        memory.alloc(Math.max(0, before - 65_536));
        if (before > 65_536) expect(memory.raw.buffer.byteLength).toBe(before);
      }),
      { numRuns: 40 },
    );
  });

  it("every computation gives its memory back", () => {
    for (const kernels of [wasmKernels, plainKernels()]) {
      const before = kernels.memory.used;
      const m = matrix(
        Float32Array.from({ length: 300 }, (_, i) => Math.sin(i)),
        100,
        3,
      );
      runToEnd(knnGraph(kernels, m, 5));
      const half = knnGraph(kernels, m, 5);
      half.next();
      half.return(undefined as never);
      expect(() => runToEnd(knnGraph(kernels, matrix(Float32Array.of(Number.NaN), 1, 1), 5))).toThrow(/row 0/);
      expect(kernels.memory.used).toBe(before);
    }
  });

  it("the estimated kNN graph is the exact one, near duplicates and crowded rows included", () => {
    const [rows, cols] = [2_500, 30];
    const random = new Random(4);
    const data = Float32Array.from({ length: rows * cols }, () => random.normal());
    // Some rows again and again, exactly and almost: more than a row's list of candidates holds.
    for (let copy = 0; copy < 400; copy++) {
      const from = (copy % 8) * cols;
      const to = (1_000 + copy) * cols;
      for (let c = 0; c < cols; c++) {
        data[to + c] = data[from + c]! + (copy % 3 === 0 ? 0 : 1e-5 * random.normal());
      }
    }
    const m = matrix(data, rows, cols);
    const ours = runToEnd(knnGraph(wasmKernels, m, 15));
    const plain = runToEnd(knnGraph(plainKernels(), m, 15));
    expect(ours.indices).toEqual(plain.indices);
    expect(ours.distances).toEqual(plain.distances);
  });
});

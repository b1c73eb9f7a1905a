import { expect, it } from "vitest";
import { encodeFloat16 } from "../../../src/core/float16.ts";
import type { Embedding } from "../../../src/core/linalg/adapt.ts";
import { matrix } from "../../../src/core/matrix.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { ObjectEmbeddings } from "../../../src/store/objectEmbeddings.ts";
import { ObjectStore } from "../../../src/store/objectStore.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";

it("asked several times at once, each object keeps its own embedding", async () => {
  const rows = 6;
  const values = new Map<string, unknown>();
  const space = {
    id: "",
    // Answers come late and out of step.
    derived: async (key: string) => {
      await new Promise((resolve) => setTimeout(resolve, key.length % 3));
      return values.get(key) ?? null;
    },
    putDerived: async (key: string, value: unknown) => values.set(key, value),
  };
  const boxes = Float32Array.from({ length: 4 * rows }, (_, i) => (i % 4 === 0 ? i : 1));
  const set = { id: "boxes", first: Uint32Array.from({ length: rows + 1 }, (_, i) => i), boxes };
  const store = new ObjectStore(space, set.id);
  for (let row = 0; row < rows; row++) {
    // Object i points along the first axis, the more the larger i is.
    const features = encodeFloat16(Float32Array.of(row + 1, 1));
    const part = { rows: Uint32Array.of(row), counts: Uint32Array.of(1), boxes: boxes.slice(4 * row, 4 * row + 4) };
    await store.add(row, part, features);
  }
  const embedding = {
    head: {
      method: "raw",
      dim: 2,
      features: 2,
      hash: "h",
      signedRoot: false,
      weights: new Float32Array(0),
      offset: new Float32Array(0),
    },
    embeddings: matrix(new Float32Array(2 * rows), rows, 2),
  } as unknown as Embedding;
  const objects = new ObjectEmbeddings(Promise.resolve(wasmKernels));
  const ask = () => objects.points(space, embedding, set, async (task) => runToEnd(task));
  for (const points of await Promise.all([ask(), ask(), ask()])) {
    const along = Array.from({ length: rows }, (_, i) => points.embeddings.data[2 * i]!);
    expect(points.unknown).toBe(0);
    expect(along).toEqual([...along].sort((a, b) => a - b));
    expect(new Set(along).size).toBe(rows);
  }
});

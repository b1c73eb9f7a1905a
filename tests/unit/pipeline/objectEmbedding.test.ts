import { describe, expect, it } from "vitest";
import { WinnowError } from "../../../src/core/errors.ts";
import { decodeFloat16 } from "../../../src/core/float16.ts";
import type { ObjectBoxes } from "../../../src/core/objects/objectBoxes.ts";
import { countObjects, KnownObjects } from "../../../src/core/objects/objectPart.ts";
import { Gate } from "../../../src/pipeline/gate.ts";
import { type CropEngine, embedObjects, type ObjectCount } from "../../../src/pipeline/objectEmbedding.ts";
import { ObjectStore } from "../../../src/store/objectStore.ts";

const size = 2;
const images = 200;
/** Row r has r % 4 objects, row 7 has 150. */
const counts = Array.from({ length: images }, (_, row) => (row === 7 ? 150 : row % 4));
const first = new Uint32Array(images + 1);
for (const [row, count] of counts.entries()) first[row + 1] = first[row]! + count;
const total = first[images]!;
const set: ObjectBoxes = {
  first,
  boxes: Float32Array.from({ length: 4 * total }, (_, i) => (i % 4 === 0 ? Math.floor(i / 4) : 1)),
};
const all = Array.from({ length: images }, (_, row) => ({ row, path: `${row}.jpg`, sha256: `hash ${row}` }));

const memory = () => {
  const values = new Map<string, unknown>();
  return {
    derived: async (key: string) => values.get(key) ?? null,
    putDerived: async (key: string, value: unknown) => values.set(key, value),
  };
};

/** Decoding gives the box's x as every pixel, embedding gives that pixel. */
function engineOf(calls: { embedded: number[][] }, changed: readonly string[] = []): CropEngine {
  const remote = {
    crops: async ({ path, boxes }: { path: string; boxes: Float32Array }) => {
      const rgb = new Uint8Array((boxes.length / 4) * size * size * 3);
      for (let i = 0; i < boxes.length / 4; i++) rgb.fill(boxes[4 * i]! % 251, i * 12, i * 12 + 12);
      return { kind: "crops", sha256: changed.includes(path) ? "another" : `hash ${path.replace(".jpg", "")}`, rgb };
    },
  };
  const decoders = { size: 3, run: async (work: (one: typeof remote) => unknown) => await work(remote) };
  const embedder = {
    parallel: 2,
    embed: async (squares: readonly Uint8Array[], signal: AbortSignal) => {
      signal.throwIfAborted();
      calls.embedded.push(squares.map((square) => square[0]!));
      return Float32Array.from(squares.flatMap((square) => [square[0]!, square.length]));
    },
  };
  return {
    size,
    use: (work) => work(decoders as never, embedder),
  };
}

const run = async (
  store: ObjectStore,
  options: { missing?: readonly string[]; changed?: readonly string[]; stopAt?: number } = {},
): Promise<{ count: ObjectCount; embedded: number[][] }> => {
  const calls = { embedded: [] as number[][] };
  const abort = new AbortController();
  const parts = await store.parts();
  const { unknownRows } = countObjects(set, new KnownObjects(parts));
  const count = await embedObjects({
    set,
    images: Array.from(unknownRows, (row) => all[row]!),
    original: async (path) => {
      if (options.missing?.includes(path)) throw new WinnowError("vanished", `${path} is gone`);
      return new Blob();
    },
    store,
    parts: parts.length,
    engine: engineOf(calls, options.changed),
    gate: new Gate(abort.signal),
    signal: abort.signal,
    progress: ({ done }) => {
      if (options.stopAt !== undefined && done >= options.stopAt) abort.abort();
    },
  });
  return { count, embedded: calls.embedded };
};

/** By object the first of its features. */
async function featuresOf(store: ObjectStore): Promise<number[]> {
  const parts = await store.parts();
  const known = new KnownObjects(parts);
  const found: number[] = [];
  for (let row = 0; row < images; row++) {
    const objects = Array.from({ length: counts[row]! }, (_, i) => first[row]! + i);
    const place = known.find(set, row, objects);
    if (!place || place.count === 0) continue;
    const features = decodeFloat16(await store.features(place.part));
    for (let i = 0; i < place.count; i++) found.push(features[2 * (place.first + i)]!);
  }
  return found;
}

describe("embedding objects", () => {
  it("gives every object its features, of images with many objects too", async () => {
    const store = new ObjectStore(memory(), "boxes");
    const { count, embedded } = await run(store);
    expect(count).toEqual({ done: total, total, missing: 0 });
    expect(embedded.every(({ length }) => length <= 8)).toBe(true);
    expect(await featuresOf(store)).toEqual(Array.from({ length: total }, (_, i) => i % 251));
    expect((await run(store)).embedded).toEqual([]);
  });

  it("goes on where it was cancelled, with the same end", async () => {
    const store = new ObjectStore(memory(), "boxes");
    await expect(run(store, { stopAt: 250 })).rejects.toMatchObject({ code: "cancelled" });
    const kept = countObjects(set, new KnownObjects(await store.parts()));
    expect(kept.unknownObjects).toBeGreaterThan(0);
    expect(kept.unknownObjects).toBeLessThan(total);
    const { embedded } = await run(store);
    expect(embedded.flat().length).toBe(kept.unknownObjects);
    expect(await featuresOf(store)).toEqual(Array.from({ length: total }, (_, i) => i % 251));
  });

  it("leaves out images that are gone or have changed, and embeds them when they are back", async () => {
    const store = new ObjectStore(memory(), "boxes");
    const { count } = await run(store, { missing: ["5.jpg", "7.jpg"], changed: ["10.jpg"] });
    expect(count).toEqual({ done: total, total, missing: 3 });
    const left = countObjects(set, new KnownObjects(await store.parts()));
    expect([...left.unknownRows]).toEqual([5, 7, 10]);
    await run(store);
    expect(await featuresOf(store)).toEqual(Array.from({ length: total }, (_, i) => i % 251));
  });

  it("says that the folder is gone where no original is found", async () => {
    const store = new ObjectStore(memory(), "boxes");
    const missing = all.map(({ path }) => path);
    await expect(run(store, { missing })).rejects.toMatchObject({ code: "vanished" });
    expect(await store.parts()).toEqual([]);
  });
});

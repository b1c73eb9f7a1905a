import { afterEach, describe, expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { Embedder, type EmbedderOptions } from "../../../src/pipeline/embedder.ts";

const spawn = (name: string): Worker =>
  new Worker(new URL("../../fixtures/stages.worker.ts", import.meta.url), { type: "module", name });

const started: Embedder[] = [];
afterEach(() => {
  for (const embedder of started.splice(0)) embedder.close();
});

async function start(options: Partial<EmbedderOptions>): Promise<{ embedder: Embedder; notes: string[] }> {
  const notes: string[] = [];
  const embedder = await Embedder.start({
    manifest: {
      ...efficientNetLite0,
      spec: { ...efficientNetLite0.spec, size: 1 },
      featureCount: 3,
    },
    model: new ArrayBuffer(8),
    cores: 2,
    isolated: false,
    onNote: (note) => notes.push(note),
    gpuProblem: async () => null,
    spawnWorker: spawn,
    ...options,
  });
  started.push(embedder);
  return { embedder, notes };
}

const image = (colour: number): Uint8Array => new Uint8Array(3).fill(colour);

describe("WebGPU", () => {
  it("is used when its features agree with WASM's, and given up for good when it is lost, losing no batch", async () => {
    const { embedder, notes } = await start({});
    expect(notes.at(-1)).toBe("WebGPU");
    // Several batches are under way when it happens, as in an ingest: one fails, others wait behind it.
    const colours = [21, 22, 23, 24, 25, 26, 27, 28];
    const results = await Promise.all(colours.map((colour) => embedder.embed([image(colour), image(colour + 50)])));
    for (const [i, colour] of colours.entries()) {
      expect([...results[i]!]).toEqual(
        [1, 2, 3].map((f) => f * colour).concat([1, 2, 3].map((f) => f * (colour + 50))),
      );
    }
    expect(notes.at(-1)).toBe("WASM · 2 sessions · WebGPU failed, continuing with WASM");
    expect(notes.filter((note) => note.includes("failed"))).toHaveLength(1);
    expect([...(await embedder.embed([image(9)]))]).toEqual([9, 18, 27]);
  });

  it("does not turn a cancelled batch into a lost device", async () => {
    const { embedder, notes } = await start({});
    const controller = new AbortController();
    const waiting = embedder.embed([image(1)], controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    expect(notes.at(-1)).toBe("WebGPU");
  });

  it("is not used when it computes batches wrongly, and the note says so", async () => {
    const { embedder, notes } = await start({ model: Uint8Array.of(1).buffer });
    expect(notes.at(-1)).toMatch(
      /^WASM · 2 sessions · WebGPU not used: WebGPU disagrees with WASM for 8 images at a time \(cosine [\d.-]+\)$/,
    );
    expect([...(await embedder.embed([image(1), image(2)]))]).toEqual([1, 2, 3, 2, 4, 6]);
  });

  it("is not used when it gives nothing but zeros", async () => {
    const { notes } = await start({ model: Uint8Array.of(2).buffer });
    expect(notes.at(-1)).toMatch(/WebGPU not used/);
  });

  it("is not used when it is slower than all WASM sessions together", async () => {
    const { embedder, notes } = await start({ model: Uint8Array.of(3).buffer });
    expect(notes.at(-1)).toMatch(/^WASM · 2 sessions · WebGPU not used: slower than WASM \(\d+ ms an image, \d+\)$/);
    expect([...(await embedder.embed([image(1)]))]).toEqual([1, 2, 3]);
  });

  it("computes in half precision where the GPU can and the features agree", async () => {
    const { notes } = await start({ gpuHasHalf: async () => true });
    expect(notes.at(-1)).toBe("WebGPU, half precision");
  });

  it("computes in full precision where half of it is wrong, and the note says so", async () => {
    const { embedder, notes } = await start({ gpuHasHalf: async () => true, model: Uint8Array.of(7).buffer });
    expect(notes.at(-1)).toMatch(
      /^WebGPU · half precision not used: WebGPU disagrees with WASM for 8 images at a time \(cosine [\d.-]+\)$/,
    );
    expect([...(await embedder.embed([image(1), image(2)]))]).toEqual([1, 2, 3, 2, 4, 6]);
  });

  it("is not used where it is wrong in both precisions", async () => {
    const { notes } = await start({ gpuHasHalf: async () => true, model: Uint8Array.of(1).buffer });
    expect(notes.at(-1)).toMatch(/^WASM · 2 sessions · WebGPU not used: WebGPU disagrees/);
  });

  it("is not tried where there is no GPU worth it, and the note says why", async () => {
    const { notes } = await start({ gpuProblem: async () => "no WebGPU in this browser" });
    expect(notes).toEqual(["WASM · 2 sessions · no WebGPU in this browser"]);
  });
});

import { afterAll, describe, expect, it } from "vitest";
import { modelUrl } from "../../../models/location.ts";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { Connection } from "../../../src/bridge/connection.ts";
import { spawnEmbedWorker } from "../../../src/bridge/workers.ts";
import { decode } from "../../../src/decode/decode.ts";
import { Embedder } from "../../../src/pipeline/embedder.ts";
import { worstCosine } from "../../../src/pipeline/gpuCheck.ts";
import { loadModel } from "../../../src/pipeline/loadModel.ts";
import type { EmbedService, InputSpec, Provider } from "../../../src/protocol/embedding.ts";
import { fetchShared, hasShared } from "../sharedFiles.ts";

const { spec, featureCount } = efficientNetLite0;
const { size } = spec;
const notes: string[] = [];
const embedders: Embedder[] = [];
const start = async (): Promise<Embedder> => {
  const model = await loadModel(efficientNetLite0);
  const embedder = await Embedder.start({
    manifest: efficientNetLite0,
    model,
    cores: 2,
    isolated: crossOriginIsolated,
    onNote: (note) => notes.push(note),
  });
  embedders.push(embedder);
  return embedder;
};
afterAll(() => {
  for (const embedder of embedders) embedder.close();
});

describe.skipIf(!hasShared)("features of photographs (needs ../shared)", () => {
  it("agree with the reference made by Pillow and native onnxruntime", { timeout: 120_000 }, async () => {
    const files = new TextDecoder()
      .decode((await fetchShared("models/golden/files.txt"))!)
      .trim()
      .split("\n");
    const golden = new Float32Array((await fetchShared("models/golden/features.f32"))!);
    const embedder = await start();
    const cosines: number[] = [];
    for (const [i, path] of files.entries()) {
      const file = new Blob([(await fetchShared(`data/clothing/${path}`))!]);
      const outcome = await decode({ file, path, size });
      if (outcome.kind !== "image") throw new Error(`${path}: ${outcome.kind}`);
      expect(outcome.thumbnail.bytes.byteLength).toBeGreaterThan(500);
      const ours = await embedder.embed([outcome.rgb]);
      cosines.push(worstCosine(ours, golden.slice(i * featureCount, (i + 1) * featureCount), 1));
    }
    const mean = cosines.reduce((sum, one) => sum + one, 0) / cosines.length;
    console.log(`cosine to the reference: mean ${mean.toFixed(5)}, least ${Math.min(...cosines).toFixed(5)}`);
    expect(mean).toBeGreaterThanOrEqual(0.9999);
    expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.999);
  });
});

describe("Embedder", () => {
  const madePixels = (side: number, seed: number): Uint8Array =>
    Uint8Array.from({ length: side * side * 3 }, (_, i) => ((i * 7919 + seed * 104729) >> 3) & 255);
  const joined = (images: Uint8Array[]): Uint8Array => {
    const all = new Uint8Array(images.length * images[0]!.length);
    for (const [i, image] of images.entries()) all.set(image, i * image.length);
    return all;
  };

  it("says how it runs", { timeout: 60_000 }, async () => {
    await start();
    expect(notes.at(-1)).toMatch(/^WASM · 2 sessions/);
  });

  // Which images share a call depends on what was measured, and on when an ingest was interrupted.
  it.each([
    [160, 1],
    [224, 1],
    [224, 2],
  ])(
    "gives an image of %i pixels the same bits alone and among others, with %i threads",
    async (side, threads) => {
      const images = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => madePixels(side, seed));
      const connection = new Connection<EmbedService>(spawnEmbedWorker, "embed", async (remote) =>
        remote.load({
          model: await loadModel(efficientNetLite0),
          provider: "wasm",
          threads,
          input: { ...spec, featureCount, size: side },
          batchInnermost: true,
        }),
      );
      const embed = (some: Uint8Array[]): Promise<Float32Array> =>
        connection.call((remote) => remote.embed({ rgb: joined(some), count: some.length }));
      try {
        const together = await embed(images);
        expect(new Set(together).size).toBeGreaterThan(1_000);
        for (const [from, to] of [
          [0, 1],
          [1, 4],
          [4, 9],
          [0, 8],
        ] as const) {
          const some = await embed(images.slice(from, to));
          expect(some).toEqual(together.slice(from * featureCount, to * featureCount));
        }
        const turned = await embed(images.toReversed());
        expect(turned.slice(8 * featureCount)).toEqual(together.slice(0, featureCount));
      } finally {
        connection.close();
      }
    },
    60_000,
  );

  it("computes the same on WebGPU as on WASM, with a batch", { timeout: 120_000 }, async ({ skip }) => {
    const adapter = await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter();
    if (!adapter) skip("this browser has no WebGPU adapter");
    const model = await (await fetch(modelUrl)).arrayBuffer();
    const input: InputSpec = { ...spec, featureCount, size: 64 };
    const rgb = Uint8Array.from({ length: 2 * 64 * 64 * 3 }, (_, i) => (i * 7919) & 255);
    const run = async (provider: Provider): Promise<Float32Array> => {
      const connection = new Connection<EmbedService>(spawnEmbedWorker, "embed", (remote) =>
        remote.load({ model, provider, threads: 1, input }),
      );
      try {
        return await connection.call((remote) => remote.embed({ rgb, count: 2 }));
      } finally {
        connection.close();
      }
    };
    expect(worstCosine(await run("webgpu"), await run("wasm"), 2)).toBeGreaterThan(0.999);
  });

  it("refuses a file that is no model", { timeout: 60_000 }, async () => {
    const connection = new Connection<EmbedService>(spawnEmbedWorker, "embed");
    const model = new TextEncoder().encode("this is not a model").buffer;
    const loading = connection.call((remote) =>
      remote.load({ model, provider: "wasm", threads: 1, input: { ...spec, featureCount } }),
    );
    await expect(loading).rejects.toMatchObject({ code: "model" });
    connection.close();
  });
});

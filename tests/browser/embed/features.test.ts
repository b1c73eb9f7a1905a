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
  const noise = (seed: number): Uint8Array =>
    Uint8Array.from({ length: size * size * 3 }, (_, i) => ((i * 7919 + seed * 104729) >> 3) & 255);

  it("gives an image the same features alone and in a batch, and says how it runs", { timeout: 60_000 }, async () => {
    const embedder = await start();
    const images = [noise(1), noise(2), noise(3)];
    const together = await embedder.embed(images);
    for (const [i, image] of images.entries()) {
      const alone = await embedder.embed([image]);
      expect(worstCosine(alone, together.slice(i * featureCount, (i + 1) * featureCount), 1)).toBeGreaterThan(0.999999);
    }
    expect(notes.at(-1)).toMatch(/^WASM · 2 sessions/);
  });

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

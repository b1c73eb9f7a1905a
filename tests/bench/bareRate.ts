import { modelUrl } from "../../models/location.ts";
import { efficientNetLite0 } from "../../models/manifest.ts";
import { Pool } from "../../src/bridge/pool.ts";
import { spawnEmbedWorker } from "../../src/bridge/workers.ts";
import type { EmbedService } from "../../src/protocol/embedding.ts";

/**
 * Images a second of inference alone, on made-up pixels, with so many sessions of so many threads each.
 * @param rewritten as the page runs it, or the model as it is
 */
export async function bareRate(
  sessions: number,
  threads: number,
  batch: number,
  images: number,
  rewritten: boolean,
): Promise<number> {
  const { spec, featureCount } = efficientNetLite0;
  const { size } = spec;
  const model = await (await fetch(modelUrl)).arrayBuffer();
  const pool = new Pool<EmbedService>(spawnEmbedWorker, "embed", sessions, (remote) =>
    remote.load({ model, provider: "wasm", threads, input: { ...spec, featureCount }, batchInnermost: rewritten }),
  );
  const run = (): Promise<Float32Array> => {
    const rgb = Uint8Array.from({ length: batch * size * size * 3 }, (_, i) => (i * 7919) & 255);
    return pool.run((remote) => remote.embed({ rgb, count: batch }));
  };
  try {
    await Promise.all(Array.from({ length: sessions }, run));
    const start = performance.now();
    await Promise.all(Array.from({ length: Math.ceil(images / batch) }, run));
    return (Math.ceil(images / batch) * batch * 1000) / (performance.now() - start);
  } finally {
    pool.close();
  }
}

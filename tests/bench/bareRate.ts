import { modelUrl } from "../../models/location.ts";
import { efficientNetLite0 } from "../../models/manifest.ts";
import { Pool } from "../../src/bridge/pool.ts";
import { spawnEmbedWorker } from "../../src/bridge/workers.ts";
import type { EmbedService } from "../../src/protocol/embedding.ts";

export interface BareSessions {
  sessions: number;
  /** Inside each session. */
  threads: number;
  /** Images a call takes. */
  batch: number;
  /** As the page runs the model, or as it is. */
  rewritten: boolean;
}

/** Starts sessions for inference alone, on made-up pixels; what it returns gives images a second. */
export async function startBare({
  sessions,
  threads,
  batch,
  rewritten,
}: BareSessions): Promise<(images: number) => Promise<number>> {
  const { spec, featureCount } = efficientNetLite0;
  const { size } = spec;
  const model = await (await fetch(modelUrl)).arrayBuffer();
  const pool = new Pool<EmbedService>(spawnEmbedWorker, "embed", sessions, async (remote) => {
    await remote.load({
      model,
      provider: "wasm",
      threads,
      input: { ...spec, featureCount },
      batchInnermost: rewritten,
    });
  });
  const rgb = Uint8Array.from({ length: batch * size * size * 3 }, (_, i) => (i * 7919) & 255);
  const run = (): Promise<Float32Array> => pool.run((remote) => remote.embed({ rgb, count: batch }));
  await Promise.all(Array.from({ length: sessions }, run));
  return async (images) => {
    const start = performance.now();
    await Promise.all(Array.from({ length: Math.ceil(images / batch) }, run));
    return (Math.ceil(images / batch) * batch * 1000) / (performance.now() - start);
  };
}

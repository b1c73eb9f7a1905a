import { afterEach, expect, it, onTestFinished } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { Engine } from "../../../src/pipeline/engine.ts";

/** Names of this page's decoders and sessions that live: each holds a lock from its start to its end. */
async function living(): Promise<string[]> {
  const { held = [] } = await navigator.locks.query();
  return held.map(({ name = "" }) => name).filter((name) => /^winnow-(decode|embed)-/.test(name));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function noneLiving(): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await living()).length === 0) return true;
    await pause(50);
  }
  return false;
}

afterEach(async () => {
  expect(await noneLiving()).toBe(true);
});

const idleMs = 400;
const { size } = efficientNetLite0.spec;

it("sessions and decoders end when they have had nothing to do, and start again for new work", {
  timeout: 120_000,
}, async () => {
  const engine = new Engine(efficientNetLite0, 2, crossOriginIsolated, () => undefined, null, idleMs);
  onTestFinished(() => engine.close());
  const embedOne = () =>
    engine.use(async (decoders, embedder) => {
      await decoders.warmUp();
      const features = await embedder.embed([new Uint8Array(size * size * 3).fill(90)]);
      // While the work lasts nothing is ended, however long it takes.
      await pause(3 * idleMs);
      expect((await living()).length).toBe(4);
      return features;
    });
  const before = await embedOne();
  expect(await noneLiving()).toBe(true);

  const after = await embedOne();
  expect([...after]).toEqual([...before]);
  // Work that comes in time finds them warm, and the time begins anew.
  await pause(idleMs / 2);
  await engine.use(async () => undefined);
  await pause(idleMs * 0.75);
  expect((await living()).length).toBe(4);
  expect(await noneLiving()).toBe(true);
});

it("a draft's sessions end by themselves, too", { timeout: 120_000 }, async () => {
  const engine = new Engine(efficientNetLite0, 2, crossOriginIsolated, () => undefined, null, idleMs);
  onTestFinished(() => engine.close());
  await engine.asDraft().use(async (_decoders, embedder) => embedder.embed([new Uint8Array(160 * 160 * 3).fill(90)]));
  expect((await living()).length).toBeGreaterThan(0);
  expect(await noneLiving()).toBe(true);
});

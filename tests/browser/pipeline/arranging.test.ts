import { afterEach, describe, expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { Embedder, type EmbedderOptions } from "../../../src/pipeline/embedder.ts";
import type { KeptTuning } from "../../../src/store/tunings.ts";

const spawn = (name: string): Worker =>
  new Worker(new URL("../../fixtures/stages.worker.ts", import.meta.url), { type: "module", name });

/** First byte of models that the workers of the tests know. */
const kind = { fastWithThreads: 4, withoutMemory: 5, dying: 6 };

const started: Embedder[] = [];
afterEach(() => {
  for (const embedder of started.splice(0)) embedder.close();
});

async function start(model: number, options: Partial<EmbedderOptions> = {}) {
  const notes: string[] = [];
  const measured: KeptTuning[] = [];
  const embedder = await Embedder.start({
    manifest: { ...efficientNetLite0, spec: { ...efficientNetLite0.spec, size: 1 }, featureCount: 3 },
    model: Uint8Array.of(model).buffer,
    cores: 2,
    isolated: true,
    onNote: (note) => notes.push(note),
    onMeasured: (tuning) => measured.push(tuning),
    gpuProblem: async () => "no GPU",
    spawnWorker: spawn,
    ...options,
  });
  started.push(embedder);
  return { embedder, notes, measured };
}

/** Embeds as an ingest does until it is decided how; every image's features must be right. */
async function work(embedder: Embedder): Promise<number> {
  let images = 0;
  let flying: Promise<void>[] = [];
  for (let colour = 20; embedder.isMeasuring; colour = 20 + ((colour - 19) % 200)) {
    if (images > 10_000) throw new Error("it is never decided");
    const colours = Array.from({ length: embedder.batch }, (_, i) => 20 + ((colour + i) % 200));
    images += colours.length;
    const one = embedder
      .embed(colours.map((value) => new Uint8Array(3).fill(value)))
      .then((features) => expect([...features]).toEqual(colours.flatMap((value) => [value, 2 * value, 3 * value])));
    flying.push(one);
    if (flying.length > embedder.parallel) {
      await flying[0];
      flying = flying.slice(1);
    }
  }
  await Promise.all(flying);
  return images;
}

describe("sessions, threads and batch size", () => {
  it("are found on the batches of the work itself, and none is lost", async () => {
    const { embedder, notes, measured } = await start(kind.fastWithThreads);
    expect(notes.at(-1)).toBe("WASM · 2 sessions · no GPU");
    expect([embedder.parallel, embedder.batch]).toEqual([2, 8]);
    await work(embedder);
    expect(measured).toEqual([
      { sessions: 1, threads: 2, batch: 16, rate: expect.any(Number), provider: "wasm", runtime: "test" },
    ]);
    expect(measured[0]!.rate).toBeGreaterThan(100);
    expect([embedder.parallel, embedder.batch]).toEqual([1, 16]);
    expect(notes.at(-1)).toBe("WASM · 1 session × 2 threads · no GPU");
  });

  it("are those of an earlier visit, unless provider or runtime are others", async () => {
    const kept: KeptTuning = { sessions: 1, threads: 2, batch: 4, rate: 9, provider: "wasm", runtime: "test" };
    const again = await start(kind.fastWithThreads, { kept });
    expect([again.embedder.parallel, again.embedder.batch, again.embedder.isMeasuring]).toEqual([1, 4, false]);
    expect(again.notes.at(-1)).toBe("WASM · 1 session × 2 threads · no GPU");
    for (const other of [{ runtime: "older" }, { provider: "webgpu" as const }]) {
      const { embedder } = await start(kind.fastWithThreads, { kept: { ...kept, ...other } });
      expect(embedder.isMeasuring).toBe(true);
    }
  });

  it("are measured again when that is asked for, without any work", async () => {
    const kept: KeptTuning = { sessions: 2, threads: 1, batch: 8, rate: 9, provider: "wasm", runtime: "test" };
    const { embedder, measured } = await start(kind.fastWithThreads, { kept });
    await embedder.measure(new AbortController().signal);
    expect(measured).toMatchObject([{ sessions: 1, threads: 2, batch: 16 }]);
    const abort = new AbortController();
    const stopped = embedder.measure(abort.signal);
    abort.abort();
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    expect([...(await embedder.embed([new Uint8Array(3).fill(5)]))]).toEqual([5, 10, 15]);
  });

  it("stay as they are where others cannot be started", async () => {
    const { embedder, measured } = await start(kind.withoutMemory);
    await work(embedder);
    expect(measured).toMatchObject([{ sessions: 2, threads: 1 }]);
    expect(embedder.parallel).toBe(2);
  });

  it("stay as they are where others die, and what those held is computed by the first", async () => {
    const { embedder, measured } = await start(kind.dying);
    await work(embedder);
    expect(measured).toMatchObject([{ sessions: 2, threads: 1 }]);
    expect(embedder.parallel).toBe(2);
  });
});

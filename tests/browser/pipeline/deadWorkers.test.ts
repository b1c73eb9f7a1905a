import { deleteDB } from "idb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Pool } from "../../../src/bridge/pool.ts";
import { decodeFloat16 } from "../../../src/core/float16.ts";
import { ImageIndex } from "../../../src/core/imageIndex.ts";
import type { ImageRecord, Problem } from "../../../src/core/records.ts";
import { Ingest, type IngestCounts } from "../../../src/pipeline/ingest.ts";
import type { DecodeService } from "../../../src/protocol/decoding.ts";
import type { EmbedService } from "../../../src/protocol/embedding.ts";
import { fromFiles } from "../../../src/sources/fromFiles.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { databaseName } from "../../../src/store/schema.ts";
import { projectInfo } from "../../fixtures/records.ts";
import type { StagesService } from "../../fixtures/stages.worker.ts";

const spawn = (name: string): Worker =>
  new Worker(new URL("../../fixtures/stages.worker.ts", import.meta.url), { type: "module", name });

let id: string;
let store: ProjectStore;
const pools: { close(): void }[] = [];
beforeEach(async () => {
  id = crypto.randomUUID();
  store = await ProjectStore.open(id);
  await store.create(projectInfo(id, { unfinished: true }));
});
afterEach(async () => {
  for (const pool of pools.splice(0)) pool.close();
  store.close();
  await deleteDB(databaseName(id));
});

/** One worker at a time, so that it is known which one dies; each is told how many there were before it. */
function stage<T>(): Pool<T> {
  let spawned = 0;
  const pool = new Pool<T>(spawn, "stage", 1, (remote) => (remote as StagesService).born(spawned++));
  pools.push(pool);
  return pool;
}

/** Ingests files given by name and text. */
async function ingest(files: Readonly<Record<string, number>>): Promise<{
  counts: IngestCounts;
  records: ImageRecord[];
  problems: Problem[];
  /** First feature by path. */
  features: Record<string, number>;
}> {
  const decoders = stage<DecodeService>();
  const models = stage<EmbedService>();
  const ingest = new Ingest({
    store,
    source: fromFiles(Object.entries(files).map(([name, colour]) => new File([String(colour)], name))),
    known: ImageIndex.empty(),
    decoders,
    embedder: {
      parallel: 1,
      batch: 8,
      embed: async (images) => {
        const rgb = new Uint8Array(images.length * 3);
        images.forEach((image, i) => {
          rgb.set(image, i * 3);
        });
        return await models.run((remote) => remote.embed({ rgb, count: images.length }));
      },
    },
    square: { size: 1 },
    now: () => 0,
    events: { counts: () => undefined, stored: () => undefined, problem: () => undefined },
  });
  const counts = await ingest.run();
  const records: ImageRecord[] = [];
  for await (const page of store.images.all()) records.push(...page);
  const features: Record<string, number> = {};
  for (const { path, row } of records) features[path] = decodeFloat16(await store.featuresOf(row))[0]!;
  return { counts, records, problems: await store.problems(), features };
}

describe("an ingest whose workers die", () => {
  it("decodes again what a dying decoder held, and names the file that kills it twice", async () => {
    const { counts, features, problems } = await ingest({
      "a.jpg": 1,
      "b kills the decoder once.jpg": 2,
      "c.jpg": 3,
      "d kills the decoder always.jpg": 4,
      "e.jpg": 5,
    });
    expect(features).toEqual({ "a.jpg": 1, "b kills the decoder once.jpg": 2, "c.jpg": 3, "e.jpg": 5 });
    expect(problems).toEqual([
      {
        path: "d kills the decoder always.jpg",
        reason: "This file made the decoder crash twice, so it is left out.",
      },
    ]);
    expect(counts).toMatchObject({ listed: 5, done: 5, embedded: 4 });
  });

  it("embeds a batch again whose model died, and names only the image that kills it twice", async () => {
    const files: Record<string, number> = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`${i + 100}.jpg`, i + 20]),
    );
    const { counts, features, problems, records } = await ingest({ ...files, "110.jpg": 13 });
    expect(problems).toEqual([{ path: "110.jpg", reason: "This file made the model crash twice, so it is left out." }]);
    const { "110.jpg": _left, ...others } = files;
    expect(features).toEqual(others);
    expect(records.map(({ row }) => row)).toEqual(records.map((_, i) => i));
    expect(counts).toMatchObject({ listed: 20, done: 20, embedded: 19 });
  });

  it("does not blame a single image for one death of the model", async () => {
    // The first batch of an ingest is one image.
    const { features, problems } = await ingest({ "a.jpg": 7, "b.jpg": 21, "c.jpg": 22 });
    expect(problems).toEqual([]);
    expect(features).toEqual({ "a.jpg": 7, "b.jpg": 21, "c.jpg": 22 });
  });

  it("names the only image, when that is what kills the model", async () => {
    const { features, problems } = await ingest({ "a.jpg": 13 });
    expect(problems.map(({ path }) => path)).toEqual(["a.jpg"]);
    expect(features).toEqual({});
  });
});

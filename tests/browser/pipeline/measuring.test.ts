import { deleteDB } from "idb";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WinnowError } from "../../../src/core/errors.ts";
import type { ImageMeasures } from "../../../src/core/quality/measures.ts";
import type { ImageRecord } from "../../../src/core/records.ts";
import { type MeasuringOptions, measureImages } from "../../../src/pipeline/measuring.ts";
import type { DecodeOutcome } from "../../../src/protocol/decoding.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { databaseName } from "../../../src/store/schema.ts";
import { someMeasures } from "../../fixtures/measures.ts";
import { imageRecord, projectInfo, sha256Of } from "../../fixtures/records.ts";

const count = 600;
const id = crypto.randomUUID();
let store: ProjectStore;

const records = (): ImageRecord[] => Array.from({ length: count }, (_, row) => imageRecord(row));

beforeEach(async () => {
  store = await ProjectStore.open(id);
  await store.create(projectInfo(id));
  const all = records();
  for (let firstRow = 0; firstRow < count; firstRow += 64) {
    const part = all.slice(firstRow, firstRow + 64);
    const features = { rows: part.length, cols: 1, data: new Uint16Array(part.length) };
    await store.append({ firstRow, records: part, features, thumbnails: part.map(() => null) }, 1);
  }
});
afterEach(async () => {
  store.close();
  await deleteDB(databaseName(id));
});

const stored = async (): Promise<ImageRecord[]> => {
  const all: ImageRecord[] = [];
  for await (const page of store.images.all()) all.push(...page);
  return all;
};
/** A decoder for which a file's text is its number; measures say it again. */
const decoders: MeasuringOptions["decoders"] = {
  size: 4,
  run: async (use) =>
    await use({
      async decode({ file }): Promise<DecodeOutcome> {
        const row = Number(await file.text());
        if (row === 7) return { kind: "problem", reason: "It is damaged." };
        return {
          kind: "image",
          width: 2,
          height: 1,
          bytes: 3,
          sha256: sha256Of(row === 9 ? 10_000 : row),
          takenAt: null,
          measures: someMeasures({ sharpness: row }),
          rgb: new Uint8Array(3),
          thumbnail: { type: "image/jpeg", bytes: new ArrayBuffer(1) },
        };
      },
    }),
};
const original = async (path: string): Promise<Blob> => {
  if (path === "8.jpg") throw new WinnowError("vanished", "It is gone.");
  return new Blob([path.replace(".jpg", "")]);
};

it("measures what is where it was, stores it, and counts the rest", async () => {
  const told = new Map<number, ImageMeasures>();
  const images = records().filter(({ row }) => row !== 3);
  let last = 0;
  const counts = await measureImages({
    images,
    original,
    decoders,
    store: store.images,
    signal: new AbortController().signal,
    events: {
      progress: ({ done }) => {
        expect(done).toBe(last + 1);
        last = done;
      },
      measured: (measures) => {
        for (const [row, one] of measures) told.set(row, one);
      },
    },
  });
  expect(counts).toEqual({
    total: count - 1,
    done: count - 1,
    measured: count - 4,
    missing: 1,
    changed: 1,
    unreadable: 1,
  });
  for (const record of await stored()) {
    const left = [3, 7, 8, 9].includes(record.row);
    expect(record.measures, record.path).toEqual(left ? undefined : someMeasures({ sharpness: record.row }));
    expect(told.get(record.row)).toEqual(record.measures);
    expect(record.path).toBe(`${record.row}.jpg`);
  }
});

it("keeps what was measured when it is cancelled or must ask", async () => {
  const abort = new AbortController();
  const run = (images: ImageRecord[], read: typeof original) =>
    measureImages({
      images,
      original: read,
      decoders,
      store: store.images,
      signal: abort.signal,
      events: { progress: ({ done }) => done === 300 && abort.abort(), measured: () => undefined },
    });
  const asks = run(records().slice(0, 50), async (path) => {
    if (path === "40.jpg") throw new WinnowError("permission", "The browser wants a click first.");
    return await original(path);
  });
  await expect(asks).rejects.toMatchObject({ code: "permission" });
  expect((await stored()).filter(({ measures }) => measures)).toHaveLength(40 - 3);
  await expect(run(records(), original)).rejects.toMatchObject({ code: "cancelled" });
  expect((await stored()).filter(({ measures }) => measures)).toHaveLength(300 - 3);
});

it("refuses measures of a row that is not there, and changes nothing", async () => {
  const measures = new Map([
    [0, someMeasures()],
    [count, someMeasures()],
  ]);
  await expect(store.images.putMeasures(measures)).rejects.toMatchObject({ code: "storage" });
  expect((await stored()).some((record) => record.measures)).toBe(false);
});

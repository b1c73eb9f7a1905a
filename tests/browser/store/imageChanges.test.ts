import { deleteDB } from "idb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImageRecord } from "../../../src/core/records.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { databaseName } from "../../../src/store/schema.ts";
import { imageRecord, projectInfo } from "../../fixtures/records.ts";

let id: string;
let store: ProjectStore;

const recordOf = (row: number): ImageRecord => imageRecord(row, { path: `a/${row}.jpg`, modifiedAt: 5 });
const thumbnail = (first: number) => ({ type: "image/jpeg", bytes: Uint8Array.of(first, 1).buffer });
const records = async (): Promise<ImageRecord[]> => {
  const all: ImageRecord[] = [];
  for await (const page of store.images.all()) all.push(...page);
  return all;
};
const features = async (): Promise<number[]> => {
  const all: number[] = [];
  for await (const { value } of store.features()) all.push(...value.data);
  return all;
};

beforeEach(async () => {
  id = crypto.randomUUID();
  store = await ProjectStore.open(id);
  await store.create(projectInfo(id, { name: "cats" }));
  for (const first of [0, 3]) {
    await store.append(
      {
        firstRow: first,
        records: [0, 1, 2].map((i) => recordOf(first + i)),
        features: { rows: 3, cols: 2, data: Uint16Array.from({ length: 6 }, (_, i) => first * 2 + i) },
        thumbnails: [0, 1, 2].map((i) => thumbnail(first + i)),
      },
      2,
    );
  }
  for (const key of ["head", "map.UMAP", "predictions", "visit", "images.0"]) await store.putDerived(key, 1);
  const space = store.space("other");
  for (const first of [0, 2, 4]) await space.append(first, { rows: 2, cols: 1, data: Uint16Array.of(first, first) });
});
afterEach(async () => {
  store.close();
  await deleteDB(databaseName(id));
});

describe("changing images that are stored", () => {
  it("gives images another path and leaves all that follows from their pixels", async () => {
    const moved = { ...recordOf(4), path: "b/4.jpg", modifiedAt: 9 };
    await store.changeImages([{ record: moved }, { record: { ...recordOf(0), path: "c/0.jpg" } }]);
    const paths = (await records()).map(({ path }) => path);
    expect(paths).toEqual(["c/0.jpg", "a/1.jpg", "a/2.jpg", "a/3.jpg", "b/4.jpg", "a/5.jpg"]);
    expect((await records())[4]).toEqual(moved);
    expect(await features()).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(await store.derived("head")).toBe(1);
    // Packed records are of the old paths.
    expect(await store.derived("images.0")).toBeNull();
    expect(await store.space("other").rows()).toBe(6);
  });

  it("puts other pixels in an image's place and forgets what was computed from all of them", async () => {
    const record = { ...recordOf(3), sha256: "f".repeat(64) };
    await store.changeImages([{ record, pixels: { features: Uint16Array.of(70, 71), thumbnail: thumbnail(9) } }]);
    expect(await features()).toEqual([0, 1, 2, 3, 4, 5, 70, 71, 8, 9, 10, 11]);
    expect((await records())[3]).toEqual(record);
    expect(new Uint8Array(await (await store.thumbnail(3))!.arrayBuffer())[0]).toBe(9);
    for (const key of ["head", "map.UMAP", "predictions"]) expect(await store.derived(key), key).toBeNull();
    expect(await store.derived("visit")).toBe(1);
    // Further embeddings are filled again from the chunk on that held the image.
    expect(await store.space("other").rows()).toBe(2);
  });

  it("changes all or nothing", async () => {
    const changes = [{ record: { ...recordOf(1), path: "x" } }, { record: recordOf(6) }];
    await expect(store.changeImages(changes)).rejects.toMatchObject({ code: "storage" });
    expect((await records()).map(({ path }) => path)).toEqual([0, 1, 2, 3, 4, 5].map((row) => `a/${row}.jpg`));
    expect(await store.derived("images.0")).toBe(1);
  });
});

import { deleteDB } from "idb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HeldMetadata, heldSet, type SetHead } from "../../../src/core/annotations/heldSet.ts";
import { emptyColumns } from "../../../src/core/annotations/setColumns.ts";
import type { Content } from "../../../src/core/changes.ts";
import type { ImageRecord } from "../../../src/core/records.ts";
import { readAnnotations } from "../../../src/store/annotations.ts";
import { Catalogue } from "../../../src/store/catalogue.ts";
import { type Batch, ProjectStore, summaryOf } from "../../../src/store/projectStore.ts";
import { databaseName, migrations, type ProjectInfo } from "../../../src/store/schema.ts";
import { imageRecord, projectInfo } from "../../fixtures/records.ts";

let id: string;
beforeEach(() => {
  id = crypto.randomUUID();
});
afterEach(() => deleteDB(databaseName(id)));

const infoOf = (name = "cats"): ProjectInfo => projectInfo(id, { name, unfinished: true });
const recordOf = (row: number): ImageRecord =>
  imageRecord(row, { path: `a/${row}.jpg`, modifiedAt: 5, takenAt: row % 2 ? 7 : null });
const batchOf = (firstRow: number, rows: number, cols = 3): Batch => ({
  firstRow,
  records: Array.from({ length: rows }, (_, i) => recordOf(firstRow + i)),
  features: { rows, cols, data: Uint16Array.from({ length: rows * cols }, (_, i) => firstRow * cols + i) },
  thumbnails: Array.from({ length: rows }, (_, i) => ({
    type: "image/jpeg",
    bytes: Uint8Array.of(firstRow + i, 1, 2).buffer,
  })),
});
const allRecords = async (store: ProjectStore): Promise<ImageRecord[]> => {
  const all: ImageRecord[] = [];
  for await (const page of store.images.all()) all.push(...page);
  return all;
};

describe("ProjectStore", () => {
  it("gives back what was appended, in row order, across many pages", async () => {
    const store = await ProjectStore.open(id);
    await store.create(infoOf());
    let rows = 0;
    for (let i = 0; i < 150; i++) {
      await store.append(batchOf(rows, 1 + (i % 3)), 100 + i);
      rows += 1 + (i % 3);
    }
    store.close();
    const again = await ProjectStore.open(id);
    expect(await allRecords(again)).toEqual(Array.from({ length: rows }, (_, row) => recordOf(row)));
    const seen: number[] = [];
    for await (const { key, value } of again.features()) {
      expect(key * 3).toBe(seen.length);
      seen.push(...value.data);
    }
    expect(seen).toEqual(Array.from({ length: rows * 3 }, (_, i) => i));
    for (const row of [0, 1, 77, rows - 1]) {
      expect([...(await again.featuresOf(row))]).toEqual([row * 3, row * 3 + 1, row * 3 + 2]);
      expect(new Uint8Array(await (await again.thumbnail(row))!.arrayBuffer())[0]).toBe(row & 255);
    }
    await expect(again.featuresOf(rows)).rejects.toMatchObject({ code: "storage" });
    expect(await again.info()).toMatchObject({ imageCount: rows, updatedAt: 249 });
    again.close();
  });

  it("stores a batch whole or not at all, and only at the next row", async () => {
    const store = await ProjectStore.open(id);
    await store.create(infoOf());
    await store.append(batchOf(0, 4), 2);
    await expect(store.append(batchOf(3, 2), 3)).rejects.toMatchObject({ code: "storage" });
    const broken = batchOf(4, 2);
    (broken.records as unknown[])[1] = { ...recordOf(5), path: () => "cannot be cloned" };
    await expect(store.append(broken, 3)).rejects.toBeTruthy();
    expect(await allRecords(store)).toHaveLength(4);
    expect(await store.thumbnail(4)).toBeNull();
    expect((await store.info())?.imageCount).toBe(4);
    await store.append(batchOf(4, 2), 4);
    expect(await allRecords(store)).toHaveLength(6);
    store.close();
  });

  it("forgets a problem once the file is an image", async () => {
    const store = await ProjectStore.open(id);
    await store.create(infoOf());
    await store.putProblem({ path: "a/0.jpg", reason: "cut off" });
    await store.putProblem({ path: "other", reason: "empty" });
    await store.append(batchOf(0, 1), 2);
    expect(await store.problems()).toEqual([{ path: "other", reason: "empty" }]);
    store.close();
  });
});

describe("migrations", () => {
  for (let version = 1; version <= migrations.length; version++) {
    it(`opens a database of version ${version} and keeps everything in it`, async () => {
      const old = await ProjectStore.open(id, version);
      await old.create(infoOf("old"));
      await old.append(batchOf(0, 5), 9);
      await old.edit({ tags: new Map([["keep", Uint32Array.of(1, 3)]]) });
      old.close();
      const now = await ProjectStore.open(id);
      expect(await now.info()).toMatchObject({ name: "old", imageCount: 5 });
      expect(await allRecords(now)).toHaveLength(5);
      expect((await now.tags()).get("keep")).toEqual(Uint32Array.of(1, 3));
      await now.edit({ tagStyles: new Map([["keep", { colour: 2, key: 1 }]]) });
      expect(await now.tagStyles()).toEqual(new Map([["keep", { colour: 2, key: 1 }]]));
      await now.putDerived("x", { y: 1 });
      expect(await now.derived("x")).toEqual({ y: 1 });
      const head: SetHead = {
        id: "labels",
        name: "Labels",
        role: "labels",
        type: "classification",
        classes: ["cat"],
        source: { format: "csv", file: "a.csv", at: 1 },
        content: "c1",
        since: 1,
        corrections: [],
      };
      const columns = { ...emptyColumns(2), known: Uint8Array.of(0, 1), first: Uint32Array.of(0, 0, 1) };
      const content: Content = { kind: "set", columns: { ...columns, classOf: Uint32Array.of(0) } };
      const column: HeldMetadata = {
        key: "city",
        kind: "category",
        names: ["Rome"],
        ofRow: Int32Array.of(0),
        content: "c2",
      };
      await now.edit({
        annotations: new Map([["labels", head]]),
        metadata: new Map([["city", "c2"]]),
        contents: new Map<string, Content>([
          ["c1", content],
          ["c2", { kind: "metadata", column }],
        ]),
      });
      expect(await readAnnotations(now)).toEqual({
        annotations: [heldSet(head, content.columns)],
        metadata: [column],
      });
      await now.edit({ contents: new Map([["c1", null]]) });
      expect(await now.contentNames()).toEqual(new Set(["c2"]));
      await expect(now.content("c1")).rejects.toMatchObject({ code: "storage" });
      now.close();
    });
  }

  it("refuses a database of a newer version kindly", async () => {
    const request = indexedDB.open(databaseName(id), migrations.length + 1);
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    request.result.close();
    await expect(ProjectStore.open(id)).rejects.toThrow(/newer Winnow/);
  });
});

describe("Catalogue", () => {
  it("lists the newest first and deletes a project with its database", async () => {
    const catalogue = await Catalogue.open();
    const store = await ProjectStore.open(id);
    await store.create(infoOf());
    await catalogue.put(summaryOf({ ...infoOf(), updatedAt: 10 }));
    await catalogue.put({ ...summaryOf(infoOf("dogs")), id: "other", updatedAt: 20 });
    expect((await catalogue.list()).map(({ name }) => name)).toEqual(["dogs", "cats"]);
    // An open tab lets go by itself.
    await catalogue.delete(id);
    await catalogue.delete("other");
    expect(await catalogue.list()).toEqual([]);
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(databaseName(id));
    catalogue.close();
  });
});

import { openDB } from "idb";
import { afterEach, describe, expect, it } from "vitest";
import { RowSet } from "../../../src/core/rowSet.ts";
import { Catalogue } from "../../../src/store/catalogue.ts";
import { ProjectStore, summaryOf } from "../../../src/store/projectStore.ts";
import { databaseName, migrations } from "../../../src/store/schema.ts";
import { deleteProject, openWinnow, until } from "../state/realProject.ts";

/** As tests/fixtures/databases/make.mjs wrote it: by the page of its time. */
interface Dump {
  id: string;
  version: number;
  stores: { name: string; entries: [IDBValidKey, unknown][] }[];
}

const dumps = Object.values(
  import.meta.glob<Dump>("../../fixtures/databases/v*.json", { eager: true, import: "default" }),
);
const arrays = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array };

function restored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restored);
  if (value === null || typeof value !== "object") return value;
  const { $, data } = value as { $?: string; data?: unknown };
  if ($ === undefined) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, restored(one)]));
  if ($ === "Map") return new Map(restored(data) as [unknown, unknown][]);
  if ($ === "number") return Number(data);
  const bytes = Uint8Array.from(atob(data as string), (one) => one.charCodeAt(0));
  return $ === "ArrayBuffer" ? bytes.buffer : new arrays[$ as keyof typeof arrays](bytes.buffer);
}

/** Puts a database into this browser as the older Winnow left it, with its entry in the list. */
async function putDatabase({ id, version, stores }: Dump): Promise<void> {
  const database = await openDB(databaseName(id), version, {
    upgrade: (db) => {
      for (const { name } of stores) db.createObjectStore(name);
    },
  });
  for (const { name, entries } of stores) {
    for (const [key, value] of entries) await database.put(name, restored(value), key);
  }
  const info = await database.get("meta", "info");
  database.close();
  await (await Catalogue.open()).put(summaryOf(info));
}

describe("a database that an older Winnow wrote", () => {
  const written = new Set<string>();
  afterEach(async () => {
    for (const id of written) await deleteProject(id);
    written.clear();
  });

  it("is kept of every version of the schema before this one", () => {
    // Version 1 was never in use: the first page that stored anything had the second.
    const versions = dumps.map(({ version }) => version).sort();
    for (let version = 2; version < migrations.length; version++) expect(versions).toContain(version);
  });

  for (const dump of dumps) {
    it(`of version ${dump.version} opens with its images, tag, selection and problem`, async () => {
      written.add(dump.id);
      await putDatabase(dump);
      const winnow = await openWinnow(dump.id);
      const state = await until(winnow, ({ xy, images }) => xy !== null && xy.length === 2 * images.length);
      expect(state.images.length).toBe(6);
      expect(state.images.paths).toEqual(["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg"]);
      expect(state.tags).toEqual(new Map([["kept", RowSet.of([1])]]));
      expect(state.selections).toHaveLength(1);
      expect(state.shown?.rows).toHaveLength(2);
      expect(state.problems.map(({ path }) => path)).toEqual(["broken.jpg"]);
      expect(await winnow.actions.thumbnail(5)).toBeInstanceOf(Blob);
      expect(state.notices).toEqual([]);
      winnow.actions.addTag("new", [0, 5]);
      await until(winnow, ({ tags }) => tags.has("new"));
      await winnow.actions.closeProject();
      const store = await ProjectStore.open(dump.id);
      expect((await store.tags()).get("new")).toEqual(Uint32Array.of(0, 5));
      store.close();
    });
  }

  it("of a newer version is refused with what to do, and stays as it is", async () => {
    const id = crypto.randomUUID();
    written.add(id);
    const newer = await openDB(databaseName(id), migrations.length + 1, {
      upgrade: (db) => {
        db.createObjectStore("meta");
      },
    });
    await newer.put("meta", { name: "of tomorrow" }, "info");
    newer.close();
    await expect(ProjectStore.open(id)).rejects.toThrow(/newer Winnow.*Nothing of it was changed.*Reload the page/);
    const still = await openDB(databaseName(id));
    expect(still.version).toBe(migrations.length + 1);
    expect(await still.get("meta", "info")).toEqual({ name: "of tomorrow" });
    still.close();
  });
});

import { deleteDB, openDB } from "idb";
import { afterEach, describe, expect, it } from "vitest";
import { ProjectTabs } from "../../../src/pipeline/projectTabs.ts";
import { mendList } from "../../../src/pipeline/strayProjects.ts";
import { Catalogue } from "../../../src/store/catalogue.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { databaseName, migrations, type ProjectInfo } from "../../../src/store/schema.ts";

const made: string[] = [];

/** A project's database as a killed browser leaves it: written, and not in the list. */
async function stray(change: Partial<ProjectInfo>): Promise<string> {
  const id = crypto.randomUUID();
  made.push(id);
  const info = { name: "cats", createdAt: 1, updatedAt: 1, modelId: "m", storedBytes: 0, ignoredCount: 0 };
  const store = await ProjectStore.open(id);
  await store.create({ id, ...info, imageCount: 3, unfinished: true, sources: [], ...change });
  store.close();
  return id;
}

const listed = async (): Promise<string[]> => (await (await Catalogue.open()).list()).map(({ id }) => id);
const databases = async (): Promise<(string | undefined)[]> => (await indexedDB.databases()).map(({ name }) => name);
const mend = async (): Promise<void> => mendList(await Catalogue.open());

afterEach(async () => {
  const catalogue = await Catalogue.open();
  for (const id of made.splice(0)) await catalogue.delete(id);
});

describe("the list of projects after a browser was killed", () => {
  it("has a project again whose images were stored and whose entry was not", async () => {
    const id = await stray({});
    await mend();
    expect(await listed()).toContain(id);
    await mend();
    expect((await listed()).filter((one) => one === id)).toHaveLength(1);
  });

  it("gives the space back of one that never had an image, or had not fully arrived", async () => {
    const [empty, half] = [await stray({ imageCount: 0 }), await stray({ arriving: true })];
    await mend();
    for (const id of [empty, half]) {
      expect(await listed()).not.toContain(id);
      expect(await databases()).not.toContain(databaseName(id));
    }
  });

  it("leaves alone what another tab is making", async () => {
    const id = await stray({ arriving: true });
    const other = await ProjectTabs.join(id);
    await mend();
    expect(await databases()).toContain(databaseName(id));
    await other.close();
    await mend();
    expect(await databases()).not.toContain(databaseName(id));
  });

  it("forgets an entry whose database was deleted", async () => {
    const id = await stray({});
    await mend();
    await deleteDB(databaseName(id));
    await mend();
    expect(await listed()).not.toContain(id);
    expect(await databases()).not.toContain(databaseName(id));
  });

  it("leaves alone what a newer Winnow wrote", async () => {
    const id = crypto.randomUUID();
    made.push(id);
    (await openDB(databaseName(id), migrations.length + 1)).close();
    await mend();
    expect(await databases()).toContain(databaseName(id));
  });
});

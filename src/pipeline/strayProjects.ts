import { isWinnowError } from "../core/errors.ts";
import type { Catalogue } from "../store/catalogue.ts";
import { ProjectStore, summaryOf } from "../store/projectStore.ts";
import { databaseName, projectIdOf } from "../store/schema.ts";
import { ProjectTabs } from "./projectTabs.ts";

/**
 * Brings the list of projects and the databases together again. They are written one after the other, so a browser that
 * was killed in between leaves a project that is not in the list, half of one, or an entry without a project. What
 * another tab is working on is left alone.
 */
export async function mendList(catalogue: Catalogue): Promise<void> {
  // Firefox has it since 126; without it the list stays as it is.
  if (typeof indexedDB.databases !== "function") return;
  const names = new Set((await indexedDB.databases()).map(({ name }) => name ?? ""));
  const listed = await catalogue.list();
  for (const { id } of listed) {
    if (!names.has(databaseName(id))) await ProjectTabs.alone(id, () => catalogue.delete(id));
  }
  const known = new Set(listed.map(({ id }) => id));
  for (const name of names) {
    const id = projectIdOf(name);
    if (id !== null && !known.has(id)) await ProjectTabs.alone(id, () => mendStray(catalogue, id));
  }
}

/** A project that is not in the list: back into it, or away when there is nothing whole in it. */
async function mendStray(catalogue: Catalogue, id: string): Promise<void> {
  // Another tab may have come to its end since the list was read.
  if ((await catalogue.list()).some((project) => project.id === id)) return;
  let store: ProjectStore;
  try {
    store = await ProjectStore.open(id);
  } catch (error) {
    // A newer Winnow wrote it and will find it.
    if (isWinnowError(error, "storage")) return;
    throw error;
  }
  const info = await store.info().finally(() => store.close());
  if (info === null || info.imageCount === 0 || info.arriving) await catalogue.delete(id);
  else await catalogue.put(summaryOf(info));
}

import type { ProjectSummary } from "../core/records.ts";
import { ModelStore } from "../store/models.ts";
import { ProjectStore } from "../store/projectStore.ts";
import { type Keeping, keepingOfStorage } from "./keepingStorage.ts";

/** Bytes of one project's parts. */
export interface ProjectUse {
  id: string;
  name: string;
  imageCount: number;
  thumbnails: number;
  /** Of all its embeddings. */
  features: number;
}

/** What this page keeps in this browser, bytes. */
export interface StorageUse {
  projects: ProjectUse[];
  /** Models that a person brought. */
  models: number;
  /** The page itself, for use without a network; null where the browser does not say. */
  offlineCopy: number | null;
  /** All that is not one of the above: tags, history, maps, what a database takes around them. Null: unknown. */
  rest: number | null;
  /** What the browser says of all together, and how much there may be; null where it does not say. */
  total: number | null;
  quota: number | null;
  keeping: Keeping;
}

/** Half floats. */
const bytesPerFeature = 2;

/** Finds out what takes how much space. Projects of a newer version are counted with what their list says of them. */
export async function storageUse(listed: readonly ProjectSummary[]): Promise<StorageUse> {
  const projects: ProjectUse[] = [];
  for (const project of listed) projects.push(await projectUse(project));
  const store = await ModelStore.open();
  const models = (await store.list().finally(() => store.close())).reduce((sum, { bytes }) => sum + bytes, 0);
  const estimate = (await navigator.storage?.estimate?.()) as
    | (StorageEstimate & { usageDetails?: { indexedDB?: number; caches?: number } })
    | undefined;
  const { usage: total = null, quota = null, usageDetails } = estimate ?? {};
  const offlineCopy = usageDetails ? (usageDetails.caches ?? 0) : null;
  const known = projects.reduce((sum, { thumbnails, features }) => sum + thumbnails + features, models);
  // A database is compressed and cleaned up late, so what it takes may be less than what is in it.
  const rest = total === null || offlineCopy === null ? null : Math.max(0, total - offlineCopy - known);
  return { projects, models, offlineCopy, rest, total, quota, keeping: await keepingOfStorage() };
}

async function projectUse({ id, name, imageCount, storedBytes }: ProjectSummary): Promise<ProjectUse> {
  let own = 0;
  let further = 0;
  try {
    const store = await ProjectStore.open(id);
    try {
      const cols = imageCount > 0 ? (await store.featuresOf(0)).length : 0;
      own = Math.min(storedBytes, imageCount * cols * bytesPerFeature);
      for (const space of (await store.info())?.spaces ?? []) {
        further += (await store.space(space.id).rows()) * space.featureCount * bytesPerFeature;
      }
    } finally {
      store.close();
    }
  } catch {
    return { id, name, imageCount, thumbnails: storedBytes, features: 0 };
  }
  return { id, name, imageCount, thumbnails: storedBytes - own, features: own + further };
}

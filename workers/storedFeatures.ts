import type { ImageHashes } from "../src/core/cluster/hashPairs.ts";
import type { FeatureRows, Features } from "../src/core/linalg/adapt.ts";
import { imageHashes } from "../src/core/quality/imageHashes.ts";
import type { ProjectStore } from "../src/store/projectStore.ts";
import type { SpaceStore } from "../src/store/spaceStore.ts";
import { readViews } from "../src/store/views.ts";

/** The features of a space as the core reads them, and the augmented views that there are of its images. */
export async function storedFeatures(space: SpaceStore): Promise<Features> {
  const { project, own, rows } = await space.state();
  return {
    total: rows,
    signed: own ? own.signed : (project?.signedFeatures ?? false),
    complete: !(project?.unfinished ?? true) && rows === project?.imageCount,
    async *chunks(from = 0) {
      for await (const { key, value } of space.features(await space.firstRowOfChunk(from)))
        yield { firstRow: key, ...value };
    },
    async *some(rowsWanted): AsyncGenerator<FeatureRows> {
      let end = 0;
      for (const row of rowsWanted) {
        if (row < end) continue;
        const { key, value } = await space.chunkOf(row);
        end = key + value.rows;
        yield { firstRow: key, ...value };
      }
    },
    views: (images) => readViews(space, images),
  };
}

/** The perceptual hashes of the first `rows` images. */
export async function storedHashes(store: ProjectStore, rows: number): Promise<ImageHashes> {
  return imageHashes((await store.images.table(rows)).measures, rows);
}

import { afterEach, expect, it } from "vitest";
import { efficientNetLite0, modelEntry } from "../../../models/manifest.ts";
import { encodeFloat16 } from "../../../src/core/float16.ts";
import type { Embedding } from "../../../src/core/linalg/adapt.ts";
import { matrix } from "../../../src/core/matrix.ts";
import { embeddingPaths, filePaths } from "../../../src/core/projectFolder/filePaths.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import type { EmbeddingMap } from "../../../src/core/reduce/embeddingMap.ts";
import { importedInfo, importProject } from "../../../src/pipeline/projectImport.ts";
import { newFolder, saveProject } from "../../../src/pipeline/projectSave.ts";
import { derivationOf, putEmbedding, putMap, readEmbedding, readMap } from "../../../src/store/derived.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import type { SpaceInfo } from "../../../src/store/schema.ts";
import { blobFolder } from "./blobFolder.ts";
import { deleteProject, openWinnow, storeProject, until } from "./realProject.ts";

const supervision = { signal: new AbortController().signal, progress: () => undefined };
const entry = modelEntry(efficientNetLite0);
const space = (id: string): SpaceInfo => ({
  id,
  name: `own ${id}`,
  model: { ...entry, preprocessing: { ...entry.preprocessing, spec: efficientNetLite0.spec } },
  featureCount: 3,
  signed: true,
});
const embedding: Embedding = {
  head: {
    method: "head",
    signedRoot: true,
    features: 3,
    dim: 1,
    weights: Float32Array.of(1, 2, 3),
    offset: Float32Array.of(0.5),
    report: { effectiveRank: 1, columnSpread: 1, neighbourSimilarity: 1, randomSimilarity: 0, fittedRows: 3 },
    hash: "made",
  },
  settings: { method: "head", dim: 1, passes: 2 },
  fittedTotal: 3,
  embeddings: matrix(Float32Array.of(1, -1, 1), 3, 1),
};
const map: EmbeddingMap = {
  xy: Float32Array.of(0, 1, 0.5, 0.5, 1, 0),
  quality: { trustworthiness: 0.9, kept: 0.5, k: 2, measured: 3 },
  recall: 1,
};
const made: string[] = [];
afterEach(async () => {
  for (const id of made.splice(0)) await deleteProject(id);
});

/** A project of three images, saved with a whole further embedding and one that lacks an image. */
async function savedProject() {
  const id = `from-${crypto.randomUUID()}`;
  made.push(id);
  await storeProject(id, ["0.jpg", "1.jpg", "2.jpg"]);
  const winnow = await openWinnow(id);
  const { images, tags, tagStyles } = winnow.store.getState();
  const store = await ProjectStore.open(id);
  const chunk = (...values: number[]) => ({
    rows: values.length / 3,
    cols: 3,
    data: encodeFloat16(Float32Array.from(values)),
  });
  await store.updateInfo((info) => ({ ...info, spaces: [space("whole-1"), space("part-2")] }));
  await store.space("whole-1").append(0, chunk(1, 2, 3, -4, 5, 6));
  await store.space("whole-1").append(2, chunk(7, 8, 9));
  await store.space("part-2").append(0, chunk(1, 1, 1, 2, 2, 2));
  const info = (await store.info())!;
  await putEmbedding(store.space("whole-1"), embedding);
  await putMap(store.space("whole-1"), derivationOf(embedding), "UMAP", map);
  const files = blobFolder();
  const view = { images, tags, tagStyles, programVersion: "test", model: null };
  await saveProject(store, info, view, newFolder(files, info, view), supervision);
  store.close();
  winnow.actions.closeProject();
  await until(winnow, ({ project }) => project === null);
  return files;
}

async function opened(files: ReturnType<typeof blobFolder>) {
  const id = `to-${crypto.randomUUID()}`;
  made.push(id);
  const reader = await ProjectReader.open(files);
  const store = await ProjectStore.open(id);
  await store.create(importedInfo(reader, id, 1));
  const damages = await importProject(reader, store, () => 1, supervision);
  const spaces = (await store.info())?.spaces ?? [];
  const features = await Promise.all(
    spaces.map(async ({ id: name }) => {
      const values: number[] = [];
      for await (const { value } of store.space(name).features()) values.push(...value.data);
      return values;
    }),
  );
  const embeddings = await Promise.all(spaces.map(({ id: name }) => readEmbedding(store.space(name))));
  const first = embeddings[0];
  const maps = first ? [await readMap(store.space("whole-1"), derivationOf(first), "UMAP")] : [];
  store.close();
  return { damages, spaces, features, embeddings, maps };
}

it("a project that is saved and opened again has its further embeddings, whole or not", async () => {
  const { damages, spaces, features, embeddings, maps } = await opened(await savedProject());
  expect(damages).toEqual([]);
  expect(spaces).toEqual([space("whole-1"), space("part-2")]);
  expect(features).toEqual([
    [...encodeFloat16(Float32Array.of(1, 2, 3, -4, 5, 6, 7, 8, 9))],
    [...encodeFloat16(Float32Array.of(1, 1, 1, 2, 2, 2))],
  ]);
  // What was made of them is there too, so that nothing is fitted again.
  expect(embeddings).toEqual([embedding, null]);
  expect(maps).toEqual([map]);
});

it("one whose file is missing is named and can be filled again, the rest is there", async () => {
  const files = await savedProject();
  await files.remove(embeddingPaths("whole-1").features);
  const { damages, spaces, features } = await opened(files);
  expect(damages).toHaveLength(1);
  expect(damages[0]).toContain("spaces/whole-1.npy");
  expect(spaces).toHaveLength(2);
  expect(features.map(({ length }) => length)).toEqual([0, 6]);
});

it("one that claims more than there is, or another width, is refused", async () => {
  for (const change of [{ rows: 4 }, { features: 4 }]) {
    const files = await savedProject();
    const manifest = JSON.parse(await (await files.open(filePaths.manifest))!.text());
    Object.assign(manifest.spaces[0], change);
    await files.write(filePaths.manifest, [JSON.stringify(manifest)]);
    const { damages, features } = await opened(files);
    expect(damages).toHaveLength(1);
    expect(features[0]).toEqual([]);
  }
});

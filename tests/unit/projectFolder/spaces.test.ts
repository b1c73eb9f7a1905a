import { expect, it } from "vitest";
import { efficientNetLite0, modelEntry } from "../../../models/manifest.ts";
import { encodeFloat16 } from "../../../src/core/float16.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { adapt, type Embedding } from "../../../src/core/linalg/adapt.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { type NewSpace, ProjectWriter } from "../../../src/core/projectFolder/projectWriter.ts";
import { Random } from "../../../src/core/random.ts";
import { embeddingMap } from "../../../src/core/reduce/embeddingMap.ts";
import { type Drive, runToEnd } from "../../../src/core/task.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";
import { MemoryFiles } from "../../fixtures/memoryFolder.ts";

const drive: Drive = async (task) => runToEnd(task);
const cols = 6;
const random = new Random(3);
const features = encodeFloat16(Float32Array.from({ length: 30 * cols }, () => random.normal()));
const entry = modelEntry(efficientNetLite0);
const space = (id: string, rows: number): NewSpace => ({
  id,
  name: `space ${id}`,
  model: { ...entry, preprocessing: { ...entry.preprocessing, spec: efficientNetLite0.spec } },
  features: cols,
  signed_features: true,
  rows,
});
async function* parts(rows: number): AsyncGenerator<Uint16Array> {
  yield features.subarray(0, rows * cols);
}

/** A project of images without anything but a further embedding of the first 20. */
async function withSpace(files: MemoryFiles): Promise<ProjectWriter> {
  const about = { name: "p", createdAt: 1e12, programVersion: "0", model: entry, signedFeatures: false };
  const writer = ProjectWriter.create(files, about);
  await writer.rename("q");
  await writer.putSpace(space("one", 20), parts(20));
  files.files.set(
    "project.json",
    new TextEncoder().encode(JSON.stringify({ ...writer.manifest, counts: { images: 30, problems: 0, ignored: 0 } })),
  );
  return new ProjectWriter(files, (await ProjectReader.open(files)).manifest);
}

async function embeddingOf(rows: number): Promise<Embedding> {
  const all = {
    total: rows,
    signed: true,
    complete: true,
    async *chunks() {
      yield { firstRow: 0, rows, cols, data: features.slice(0, rows * cols) };
    },
  };
  return await adapt(wasmKernels, all, { method: "head", dim: 4, passes: 1 }, drive);
}

const read = async (files: MemoryFiles) => {
  const reader = await ProjectReader.open(files);
  return reader.space(reader.manifest.spaces!.find(({ id }) => id === "one")!);
};

it("a further embedding has its head, neighbours and maps beside it, and stays the first rows' when it grows", async () => {
  const files = new MemoryFiles();
  const writer = await withSpace(files);
  const embedding = await embeddingOf(20);
  await writer.putEmbedding(embedding, "one");
  const graph = runToEnd(knnGraph(wasmKernels, embedding.embeddings, 5));
  await writer.putGraph({ ...graph, recall: 1 }, "one");
  const neighbours = async () => ({ ...graph, recall: 1 });
  const map = await embeddingMap(wasmKernels, embedding.embeddings, { method: "PCA", seed: 1 }, neighbours, drive);
  await writer.putMap("PCA", map, 1, "one");
  const check = async () => {
    const found = await read(files);
    expect(await found.embedding()).toEqual(embedding);
    expect(await found.graph(embedding.embeddings)).toEqual({ ...graph, recall: 1 });
    expect(await found.map("PCA")).toEqual(map);
    expect(await found.map("UMAP")).toBeNull();
    return found;
  };
  expect((await check()).rows).toBe(20);
  expect((await ProjectReader.open(files)).manifest).toMatchObject({ head: null, knn: null, maps: {} });
  await writer.putSpace(space("one", 30), parts(30));
  const grown = await check();
  expect(grown.rows).toBe(30);
  expect(await (await grown.features())!.read(0, 30)).toEqual(features);
  // Another embedding takes along what followed from the one before; a space that is gone takes everything.
  await writer.putEmbedding(embedding, "one");
  expect([...files.files.keys()].filter((path) => path.startsWith("spaces/")).sort()).toEqual([
    "spaces/one.embeddings.npy",
    "spaces/one.head.npy",
    "spaces/one.npy",
  ]);
  await writer.keepSpaces([]);
  expect([...files.files.keys()]).toEqual(["project.json"]);
});

it("is one of before or after, wherever a write is interrupted", async () => {
  const [before, after] = [await embeddingOf(20), await embeddingOf(30)];
  for (let failAfter = 0; ; failAfter++) {
    const files = new MemoryFiles();
    const writer = await withSpace(files);
    await writer.putEmbedding(before, "one");
    files.failAfter = files.written.length + failAfter;
    const grow = async (): Promise<void> => {
      await writer.putSpace(space("one", 30), parts(30));
      await writer.putEmbedding(after, "one");
    };
    const ended = await grow().then(
      () => true,
      () => false,
    );
    const found = await read(files);
    expect([20, 30]).toContain(found.rows);
    expect(await (await found.features())!.read(0, 20)).toEqual(features.slice(0, 20 * cols));
    const embedding = await found.embedding();
    if (embedding) expect([before, after]).toContainEqual(embedding);
    if (ended) {
      expect(embedding).toEqual(after);
      expect(failAfter).toBeGreaterThan(3);
      return;
    }
  }
});

it("names a file of it that is damaged or missing", async () => {
  const files = new MemoryFiles();
  const writer = await withSpace(files);
  await writer.putEmbedding(await embeddingOf(20), "one");
  files.files.set("spaces/one.embeddings.npy", files.files.get("spaces/one.npy")!);
  await expect((await read(files)).embedding()).rejects.toThrow("“spaces/one.embeddings.npy”");
  await files.remove("spaces/one.npy");
  await expect((await read(files)).features()).rejects.toThrow("“spaces/one.npy” is missing from the project folder");
});

it("what an older version wrote has a further embedding without a head", async () => {
  const files = new MemoryFiles();
  await withSpace(files);
  const manifest = JSON.parse(new TextDecoder().decode(files.files.get("project.json")));
  for (const key of ["head", "knn", "maps"]) delete manifest.spaces[0][key];
  files.files.set("project.json", new TextEncoder().encode(JSON.stringify(manifest)));
  const found = await read(files);
  expect(await found.embedding()).toBeNull();
  expect(await found.map("PCA")).toBeNull();
});

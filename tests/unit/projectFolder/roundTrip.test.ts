import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { adapt, type Embedding } from "../../../src/core/linalg/adapt.ts";
import type { StoredImage } from "../../../src/core/projectFolder/imagesParquet.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { ProjectWriter } from "../../../src/core/projectFolder/projectWriter.ts";
import { qualityFromJson } from "../../../src/core/projectFolder/qualityJson.ts";
import { packThumbnails, readPackTable } from "../../../src/core/projectFolder/thumbnailPack.ts";
import { Random } from "../../../src/core/random.ts";
import type { SelectionRecord } from "../../../src/core/records.ts";
import { embeddingMap } from "../../../src/core/reduce/embeddingMap.ts";
import { type Drive, runToEnd } from "../../../src/core/task.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";
import { someMeasures } from "../../fixtures/measures.ts";
import { MemoryFiles } from "../../fixtures/memoryFolder.ts";

const drive: Drive = async (task) => runToEnd(task);
const cols = 8;

const newWriter = (files: MemoryFiles): ProjectWriter =>
  ProjectWriter.create(files, {
    name: "Ünï <b>",
    createdAt: 1e12,
    programVersion: "0",
    model: null,
    signedFeatures: true,
  });

const hexDigits = "0123456789abcdef";
const images = (count: number, seed = 1): StoredImage[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, row) => {
    const sha256 = Array.from({ length: 64 }, () => hexDigits[random.below(16)]).join("");
    return {
      record: {
        row,
        id: sha256.slice(0, 32),
        path: `f/${row}.jpg`,
        width: row + 1,
        height: 2,
        bytes: 2 ** 33 + row,
        sha256,
        modifiedAt: row === 0 ? 0 : 1e12 + row,
        takenAt: row % 2 ? null : 1e11,
        ...(row % 5 > 0 && { measures: someMeasures({ dark: row / 1024, format: row % 2 ? "png" : "webp" }) }),
      },
      tags: row % 3 === 0 ? ["a;b", "ü"] : [],
      label: "",
    };
  });
};
const features = (rows: number): Float32Array => {
  const random = new Random(7);
  return Float32Array.from({ length: rows * cols }, () => random.normal());
};

async function allImages(reader: ProjectReader): Promise<StoredImage[]> {
  const all: StoredImage[] = [];
  for await (const page of reader.images()) all.push(...page);
  return all;
}

async function withEmbedding(files: MemoryFiles, rows: number): Promise<Embedding> {
  const writer = newWriter(files);
  const data = features(rows);
  await writer.putImages(images(rows), rows, { dtype: "f4", cols, parts: [data] }, [{ path: "x", reason: "y" }], 3);
  const embedding = await adapt(
    wasmKernels,
    {
      total: rows,
      signed: true,
      complete: true,
      async *chunks() {
        yield { firstRow: 0, rows, cols, data };
      },
    },
    { method: "head", dim: 4, passes: 1 },
    drive,
  );
  await writer.putEmbedding(embedding);
  return embedding;
}

describe("a project folder", () => {
  it("is read in parts, of which the first is small", async () => {
    const files = new MemoryFiles();
    const many = images(12_500);
    await newWriter(files).putImages(many, many.length, null, [], 0);
    const parts: number[] = [];
    let first = 0;
    for await (const part of (await ProjectReader.open(files)).images()) {
      parts.push(part.length);
      expect(part.at(-1)).toEqual(many[first + part.length - 1]);
      first += part.length;
    }
    expect(parts).toEqual([1_000, 10_000, 1_500]);
  });

  it("keeps the thresholds that a person moved, and refuses those that nobody could have set", async () => {
    const files = new MemoryFiles();
    const writer = newWriter(files);
    await writer.putImages(images(2), 2, null, [], 0);
    const read = async () => qualityFromJson((await ProjectReader.open(files)).manifest.quality);
    expect(await read()).toEqual({ thresholds: {} });
    const moved = { thresholds: { dark: 0.4, near_duplicate: 0.2 }, boxes: { sure: 0.7 } };
    await writer.putQuality(moved);
    expect(await read()).toEqual(moved);
    await writer.putQuality({ thresholds: {}, boxes: { least: 7 } });
    await expect(read()).rejects.toThrow("quality.boxes.least");
    await writer.putQuality({ thresholds: {} });
    expect(await read()).toEqual({ thresholds: {} });
  });

  it("gives back every image as it was written, whatever its texts and numbers", async () => {
    const image = fc.record({
      path: fc.string({ minLength: 1, unit: "binary" }),
      width: fc.nat(100_000),
      height: fc.nat(100_000),
      bytes: fc.nat(2 ** 40),
      sha256: fc.string({ minLength: 64, maxLength: 64, unit: fc.constantFrom(...hexDigits) }),
      modifiedAt: fc.integer({ min: 1, max: 2e12 }),
      takenAt: fc.option(fc.integer({ min: 0, max: 2e12 })),
      tags: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
      label: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(image, { maxLength: 8 }), async (list) => {
        const stored = list.map(({ tags, label, ...record }, row) => ({
          record: { row, id: record.sha256.slice(0, 32), ...record },
          tags,
          label,
        }));
        const files = new MemoryFiles();
        await newWriter(files).putImages(stored, stored.length, null, [], 0);
        expect(await allImages(await ProjectReader.open(files))).toEqual(stored);
      }),
      { numRuns: 50 },
    );
  });

  it("gives back embedding, head, neighbours, maps, problems and selections", async () => {
    const files = new MemoryFiles();
    const embedding = await withEmbedding(files, 40);
    const kernels = wasmKernels;
    const { manifest } = await ProjectReader.open(files);
    const writer = new ProjectWriter(files, manifest);
    const graph = runToEnd(knnGraph(kernels, embedding.embeddings, 5));
    await writer.putGraph(graph);
    const map = await embeddingMap(
      kernels,
      embedding.embeddings,
      { method: "UMAP", seed: 1 },
      async (k) => runToEnd(knnGraph(kernels, embedding.embeddings, k)),
      drive,
    );
    await writer.putMap("UMAP", map, 1);
    const record: SelectionRecord = {
      id: "../../etc/x",
      name: "first",
      createdAt: 1e12,
      requested: 3,
      alreadyChosen: Uint32Array.of(4),
      rows: Uint32Array.of(7, 2),
      radii: Float32Array.of(0.5, 0.25),
      randomRadii: Float32Array.of(1, 0.75),
      nearestChosen: Int32Array.of(-1, 7),
      pickDistances: Float32Array.of(0, 1.5),
      headHash: embedding.head.hash,
      programVersion: "0",
      among: Uint32Array.of(2, 4, 7, 9),
      config: {
        nSamples: 3,
        strategies: [
          { input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY", strength: 2 } },
          {
            input: { type: "METADATA", key: "bytes" },
            strategy: { type: "THRESHOLD", threshold: 1, operation: "BIGGER" },
          },
        ],
      },
      factors: Float64Array.of(1, Number.NaN, 1.5, Number.NaN),
    };
    const image = (row: number) => images(40)[row]!.record;
    const path = await writer.putSelection(record, { modelSha256: null, image });
    expect(path).toBe("selections/______etc_x.json");

    const reader = await ProjectReader.open(files);
    expect(await reader.own.embedding()).toEqual(embedding);
    expect(await reader.own.graph(embedding.embeddings)).toEqual(graph);
    expect(await reader.own.map("UMAP")).toEqual(map);
    expect(await reader.own.map("t-SNE")).toBeNull();
    expect(await reader.problems()).toEqual([{ path: "x", reason: "y" }]);
    expect(await reader.selection(reader.manifest.selections[0]!)).toEqual(record);
    // Another embedding takes along what followed from the one before.
    await writer.putEmbedding(embedding);
    expect(files.files.has("map.umap.npy")).toBe(false);
    expect((await ProjectReader.open(files)).manifest.maps).toEqual({});
  });

  it("is one of before or after, wherever a write is interrupted", async () => {
    const total = new MemoryFiles();
    await withEmbedding(total, 20);
    const more = async (files: MemoryFiles): Promise<void> => {
      const writer = new ProjectWriter(files, (await ProjectReader.open(files)).manifest);
      const thumbnails = images(25).map(({ record }) => new TextEncoder().encode(`thumbnail ${record.row}`));
      await writer.putThumbnails(0, thumbnails);
      const all = new Float32Array(25 * cols);
      all.set(features(20));
      await writer.putImages(images(25), 25, { dtype: "f4", cols, parts: [all] }, [], 0);
      const { head, ...embedding } = (await (await ProjectReader.open(files)).own.embedding())!;
      await writer.putEmbedding({ ...embedding, head: { ...head, hash: "other" } });
    };
    for (let failAfter = 0; ; failAfter++) {
      const files = new MemoryFiles();
      const before = await withEmbedding(files, 20);
      files.failAfter = files.written.length + failAfter;
      const ended = await more(files).then(
        () => true,
        () => false,
      );
      const reader = await ProjectReader.open(files);
      const rows = reader.rows;
      expect([20, 25]).toContain(rows);
      expect(await allImages(reader)).toEqual(images(25).slice(0, rows));
      const stored = (await reader.features())!;
      expect(stored.rows).toBe(rows);
      expect(((await stored.read(0, 20)) as Float32Array).slice(0, 160)).toEqual(features(20));
      const embedding = await reader.own.embedding();
      if (embedding) expect(embedding.embeddings).toEqual(before.embeddings);
      if (ended) {
        expect(rows).toBe(25);
        expect(embedding?.head.hash).toBe("other");
        const pack = await reader.thumbnailPack(0);
        expect(new TextDecoder().decode(pack[24]!)).toBe("thumbnail 24");
        return;
      }
    }
  });

  it("names what is damaged, and refuses what a newer Winnow wrote", async () => {
    const files = new MemoryFiles();
    const { embeddings } = await withEmbedding(files, 20);
    const damage = async (path: string, change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) => {
      const copy = new MemoryFiles();
      for (const [name, bytes] of files.files) copy.files.set(name, name === path ? change(bytes.slice()) : bytes);
      return ProjectReader.open(copy);
    };
    const halved = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => bytes.slice(0, bytes.length >> 1);
    const edited = (from: string, to: string) => (bytes: Uint8Array<ArrayBuffer>) =>
      new TextEncoder().encode(new TextDecoder().decode(bytes).replace(from, to));

    await expect((await damage("features.npy", halved)).features()).rejects.toThrow(/“features.npy”.*truncated/);
    await expect((await damage("head.npy", halved)).own.embedding()).rejects.toThrow(/“head.npy”/);
    await expect((await damage("embeddings.npy", halved)).own.embedding()).rejects.toThrow(/“embeddings.npy”/);
    await expect((await damage("problems.json", halved)).problems()).rejects.toThrow(/“problems.json” is damaged/);
    await expect(allImages(await damage("images.parquet", halved))).rejects.toThrow(/“images.parquet” is damaged/);
    await expect(damage("project.json", halved)).rejects.toThrow(/“project.json” is damaged: expected JSON/);
    await expect(damage("project.json", edited('"version": 1', '"version": 2'))).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("format version 2"),
    });
    await expect(damage("project.json", edited('"images": 20', '"images": -1'))).rejects.toThrow(/counts.images/);
    // A count that the files do not bear out.
    await expect(allImages(await damage("project.json", edited('"images": 20', '"images": 21')))).rejects.toThrow(
      /expected 21 rows, found 20/,
    );
    const knn = new MemoryFiles();
    for (const [name, bytes] of files.files) knn.files.set(name, bytes);
    const writer = new ProjectWriter(knn, (await ProjectReader.open(knn)).manifest);
    const indices = new Uint32Array(20).fill(20);
    await writer.putGraph({ rows: 20, k: 1, indices, distances: new Float32Array(20), recall: 1 });
    await expect((await ProjectReader.open(knn)).own.graph(embeddings)).rejects.toThrow(
      /names a row that is not there/,
    );
    await expect(ProjectReader.open(new MemoryFiles())).rejects.toThrow(/not the folder of a Winnow project/);
  });

  it("packs thumbnails so that each is one range of bytes", async () => {
    const files = new MemoryFiles();
    const packed = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)];
    await files.write("a.pack", packThumbnails(packed));
    const file = (await files.open("a.pack"))!;
    const places = await readPackTable(file, "a.pack");
    const found = await Promise.all(packed.map((_, i) => file.slice(places[i]!, places[i + 1]!)));
    expect(found.map((bytes) => [...bytes])).toEqual(packed.map((bytes) => [...bytes]));
    await files.write("b.pack", [files.files.get("a.pack")!.slice(0, 20)]);
    await expect(readPackTable((await files.open("b.pack"))!, "b.pack")).rejects.toThrow(/“b.pack”/);
  });
});

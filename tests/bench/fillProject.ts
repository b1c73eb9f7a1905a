import { encodeFloat16 } from "../../src/core/float16.ts";
import { Random } from "../../src/core/random.ts";
import { Catalogue } from "../../src/store/catalogue.ts";
import { ProjectStore, summaryOf } from "../../src/store/projectStore.ts";
import { imageRecord } from "../fixtures/records.ts";

const batchRows = 2_000;
const cols = 64;
const folders = 40;
const tags = 8;
/** Different pictures; a thumbnail cache does not know that they repeat, because every row has its own record. */
const pictures = 256;

/**
 * Makes a project in this browser, as an ingest would have left it.
 * @param rows how many images
 * @param vectors real embeddings, 64 numbers each; repeated with noise until there are enough
 * @returns the project's id
 */
export async function fillProject(rows: number, vectors: Float32Array): Promise<string> {
  const id = crypto.randomUUID();
  const store = await ProjectStore.open(id);
  const random = new Random(1);
  const now = Date.now();
  const info = {
    id,
    name: `${rows.toLocaleString("en")} made images`,
    createdAt: now,
    updatedAt: now,
    modelId: "",
    model: null,
    signedFeatures: true,
    imageCount: 0,
    storedBytes: 0,
    ignoredCount: 0,
    unfinished: false,
    sources: [],
  };
  await store.create(info);
  const thumbnails = await Promise.all(Array.from({ length: pictures }, (_, i) => picture(i)));
  const real = vectors.length / cols;
  for (let first = 0; first < rows; first += batchRows) {
    const count = Math.min(batchRows, rows - first);
    const values = new Float32Array(count * cols);
    for (let i = 0; i < values.length; i++) {
      const row = first + Math.floor(i / cols);
      const noise = row < real ? 0 : 0.05 * (random.float() + random.float() + random.float() - 1.5);
      values[i] = vectors[(row % real) * cols + (i % cols)]! + noise;
    }
    await store.append(
      {
        firstRow: first,
        records: Array.from({ length: count }, (_, i) => recordOf(first + i)),
        features: { rows: count, cols, data: encodeFloat16(values) },
        thumbnails: Array.from({ length: count }, (_, i) => thumbnails[(first + i) % pictures]!),
      },
      now,
    );
  }
  await store.edit({
    tags: new Map(
      Array.from({ length: tags }, (_, tag) => [
        `tag ${tag}`,
        Uint32Array.from({ length: Math.floor(rows / 10) }, (_, i) => (i * 10 + tag) % rows).sort(),
      ]),
    ),
  });
  const stored = await store.info();
  store.close();
  const catalogue = await Catalogue.open();
  await catalogue.put(summaryOf(stored!));
  catalogue.close();
  return id;
}

const recordOf = (row: number) =>
  imageRecord(row, {
    path: `made/folder ${row % folders}/image ${row}.jpg`,
    width: 640 + (row % 7) * 160,
    height: 480 + (row % 5) * 120,
    bytes: 40_000 + ((row * 7_919) % 900_000),
    modifiedAt: 1_600_000_000_000 + row * 60_000,
  });

async function picture(i: number): Promise<{ type: string; bytes: ArrayBuffer }> {
  const canvas = new OffscreenCanvas(160, 120);
  const context = canvas.getContext("2d")!;
  context.fillStyle = `hsl(${(i * 47) % 360} 40% 55%)`;
  context.fillRect(0, 0, 160, 120);
  for (let j = 0; j < 6; j++) {
    context.fillStyle = `hsl(${(i * 31 + j * 60) % 360} 60% ${30 + j * 8}%)`;
    context.fillRect((i * 13 + j * 29) % 140, (i * 7 + j * 17) % 100, 30, 24);
  }
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
  return { type: "image/jpeg", bytes: await blob.arrayBuffer() };
}

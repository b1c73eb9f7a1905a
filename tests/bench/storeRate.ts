import { deleteDB, openDB } from "idb";
import { Random } from "../../src/core/random.ts";
import type { ImageRecord } from "../../src/core/records.ts";
import { type Batch, ProjectStore } from "../../src/store/projectStore.ts";
import { databaseName } from "../../src/store/schema.ts";
import { imageRecord, projectInfo } from "../fixtures/records.ts";

/** Images of a batch, as an ingest writes them. */
const batchRows = 64;
const featureCols = 1_280;
const thumbnailBytes = 3_000;
/** Thumbnails that are read one by one. */
const thumbnailsRead = 500;

/** Milliseconds of each step, and a sum over what was read, so that both sides have read the same. */
export interface StoreTimes {
  writeMs: number;
  /** All records and features, as when a project is opened. */
  readMs: number;
  /** Some thumbnails, one after another in no order, as when a gallery is looked through. */
  thumbnailsMs: number;
  checksum: number;
}

/** Writes and reads rows of features, records and thumbnails through the project's store; a batch is a transaction. */
export async function projectStoreTimes(rows: number): Promise<StoreTimes> {
  const id = crypto.randomUUID();
  const store = await ProjectStore.open(id);
  try {
    await store.create(projectInfo(id, { unfinished: true }));
    const batches = Array.from(batchesOf(rows));
    const start = performance.now();
    for (const batch of batches) await store.append(batch, 1);
    const written = performance.now();
    let checksum = 0;
    for await (const records of store.images.all()) for (const { bytes } of records) checksum += bytes;
    for await (const { value } of store.features()) for (const one of value.data) checksum += one;
    const read = performance.now();
    for (const row of someRows(rows)) checksum += (await store.thumbnail(row))?.size ?? 0;
    return { writeMs: written - start, readMs: read - written, thumbnailsMs: performance.now() - read, checksum };
  } finally {
    store.close();
    await deleteDB(databaseName(id));
  }
}

/** The same with one IndexedDB record a row that holds everything of it, by `idb`'s put, getAll and get. */
export async function recordPerRowTimes(rows: number): Promise<StoreTimes> {
  const name = `winnow-bench-${crypto.randomUUID()}`;
  const database = await openDB(name, 1, { upgrade: (created) => void created.createObjectStore("images") });
  try {
    const images = Array.from(batchesOf(rows)).flatMap(({ records, features, thumbnails }) =>
      records.map((record, i) => ({
        ...record,
        features: features.data.slice(i * featureCols, (i + 1) * featureCols),
        thumbnail: thumbnails[i],
      })),
    );
    const start = performance.now();
    for (const image of images) await database.put("images", image, image.row);
    const written = performance.now();
    let checksum = 0;
    for (const image of await database.getAll("images")) {
      checksum += image.bytes;
      for (const one of image.features) checksum += one;
    }
    const read = performance.now();
    for (const row of someRows(rows)) {
      const { thumbnail } = await database.get("images", row);
      checksum += new Blob([thumbnail.bytes], { type: thumbnail.type }).size;
    }
    return { writeMs: written - start, readMs: read - written, thumbnailsMs: performance.now() - read, checksum };
  } finally {
    database.close();
    await deleteDB(name);
  }
}

function* batchesOf(rows: number): Generator<Batch> {
  const random = new Random(1);
  for (let firstRow = 0; firstRow < rows; firstRow += batchRows) {
    const count = Math.min(batchRows, rows - firstRow);
    yield {
      firstRow,
      records: Array.from({ length: count }, (_, i) => recordOf(firstRow + i)),
      features: {
        rows: count,
        cols: featureCols,
        data: Uint16Array.from({ length: count * featureCols }, () => random.uint32() & 0x7bff),
      },
      thumbnails: Array.from({ length: count }, () => ({
        type: "image/jpeg",
        bytes: Uint8Array.from({ length: thumbnailBytes }, () => random.uint32()).buffer,
      })),
    };
  }
}

const someRows = (rows: number): Uint32Array => new Random(2).sample(rows, thumbnailsRead);

const recordOf = (row: number): ImageRecord =>
  imageRecord(row, {
    path: `folder/${row % 100}/image ${row}.jpg`,
    bytes: 100_000 + row,
    modifiedAt: 1_700_000_000_000 + row,
  });

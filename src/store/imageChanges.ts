import type { IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import { WinnowError } from "../core/errors.ts";
import type { ImageRecord } from "../core/records.ts";
import type { FeatureChunk, ProjectSchema, StoredThumbnail } from "./schema.ts";
import { stored } from "./storageError.ts";
import { abandon } from "./transactions.ts";

/** What of an image that is there has become another; its row, and with it what a person said of it, stays. */
export interface ImageChange {
  /** Its new record; the row says which image it is. */
  record: ImageRecord;
  /** f16 features and thumbnail of a file that holds other pixels now. */
  pixels?: { features: Uint16Array; thumbnail: StoredThumbnail };
}

/** Values of these keys do not follow from the images' pixels: they are kept when those change. */
const keptKeys = /^(images\.|visit$|contributions$|missing$)/;

type Write = IDBPTransaction<ProjectSchema, StoreNames<ProjectSchema>[], "readwrite">;

/**
 * Changes images that are stored, all of them or none. Where pixels have changed, what was computed from them is deleted,
 * and the features of further embeddings from the first such row on: they are made again as if these images had just come.
 * @throws WinnowError `storage` for a row that is not there, `storage-full`
 */
export async function changeImages(
  database: IDBPDatabase<ProjectSchema>,
  changes: readonly ImageChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await stored(async () => {
    const transaction: Write = database.transaction(
      ["records", "features", "thumbnails", "derived", "spaceFeatures", "problems"],
      "readwrite",
    );
    try {
      const byRow = new Map(changes.map((change) => [change.record.row, change]));
      await changeChunks(transaction, "records", byRow, ({ record }, chunk: ImageRecord[], at) => {
        chunk[at] = record;
      });
      // What is packed beside the records is of the old ones.
      await transaction.objectStore("derived").delete(IDBKeyRange.bound("images.", "images.\uffff"));
      for (const { record } of changes) await transaction.objectStore("problems").delete(record.path);
      const painted = changes.flatMap(({ record, pixels }) => (pixels ? [{ row: record.row, ...pixels }] : []));
      if (painted.length > 0) {
        const pixelsByRow = new Map(painted.map((one) => [one.row, one]));
        await changeChunks(transaction, "features", pixelsByRow, ({ features }, chunk: FeatureChunk, at) => {
          chunk.data.set(features, at * chunk.cols);
        });
        for (const { row, thumbnail } of painted) await transaction.objectStore("thumbnails").put(thumbnail, row);
        await forgetComputed(transaction, Math.min(...pixelsByRow.keys()));
      }
      await transaction.done;
    } catch (error) {
      await abandon(transaction);
      throw error;
    }
  });
}

/** Writes into the chunks that hold the rows. */
async function changeChunks<Change, Chunk>(
  transaction: Write,
  name: "records" | "features",
  byRow: ReadonlyMap<number, Change>,
  write: (change: Change, chunk: Chunk, at: number) => void,
): Promise<void> {
  const store = transaction.objectStore(name);
  const rows = [...byRow.keys()].sort((a, b) => a - b);
  for (let i = 0; i < rows.length; ) {
    const cursor = await store.openCursor(IDBKeyRange.upperBound(rows[i]!), "prev");
    const found = cursor?.value as ImageRecord[] | FeatureChunk | undefined;
    const length = Array.isArray(found) ? found.length : (found?.rows ?? 0);
    if (!cursor || rows[i]! >= cursor.key + length) {
      throw new WinnowError("storage", `Image ${rows[i]} is not in the project's ${name}.`);
    }
    const chunk = structuredClone(found) as Chunk;
    for (; i < rows.length && rows[i]! < cursor.key + length; i++) {
      write(byRow.get(rows[i]!)!, chunk, rows[i]! - cursor.key);
    }
    await cursor.update(chunk as never);
  }
}

async function forgetComputed(transaction: Write, firstRow: number): Promise<void> {
  const derived = transaction.objectStore("derived");
  for (const key of await derived.getAllKeys()) if (!keptKeys.test(key)) await derived.delete(key);
  const spaces = transaction.objectStore("spaceFeatures");
  const spaceOfChunk = await spaces.getAllKeys();
  const lengths = new Map<string, number>();
  for (const [id, first] of spaceOfChunk) {
    const rows = (await spaces.get([id, first]))?.rows ?? 0;
    if (first + rows > firstRow) lengths.set(id, Math.min(lengths.get(id) ?? first, first));
  }
  for (const [id, first] of lengths) {
    await spaces.delete(IDBKeyRange.bound([id, first], [id, Number.MAX_SAFE_INTEGER]));
  }
}

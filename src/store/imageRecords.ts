import type { IDBPDatabase } from "idb";
import { WinnowError } from "../core/errors.ts";
import { plainOrder } from "../core/explore/textOrder.ts";
import { ImageTable, type PackedImages } from "../core/imageTable.ts";
import type { ImageMeasures } from "../core/quality/measures.ts";
import type { ImageRecord } from "../core/records.ts";
import type { ProjectSchema } from "./schema.ts";
import { stored } from "./storageError.ts";
import { abandon } from "./transactions.ts";

/** Chunks of one page of a read: few enough to stay under a message's size limit. */
const chunksPerRead = 64;
/** Rows of a packed part: some 5 MB, packed in a tenth of a second. */
const rowsPerPack = 50_000;

/** Deleted, as all packs are, when paths change. */
const orderKey = "images.order";
const packKey = (part: number): string => `images.${part}`;

/**
 * A project's image records. They are the truth; whole runs of {@link rowsPerPack} are kept packed beside them, because
 * a million records take ten seconds to read. Packs are made from records within one transaction and deleted in the one
 * that changes their records, so they never differ.
 */
export class ImageRecords {
  /** @param packRows the same for all who open the project */
  constructor(
    private readonly database: IDBPDatabase<ProjectSchema>,
    private readonly packRows = rowsPerPack,
  ) {}

  /** All records in row order, a chunk at a time; with `from` those of the rows from it on. */
  async *all(from = 0): AsyncGenerator<ImageRecord[]> {
    for await (const chunk of this.chunks(from, Number.POSITIVE_INFINITY)) {
      yield from === 0 ? chunk : chunk.filter(({ row }) => row >= from);
    }
  }

  /** All images of a project that has about `rows`. */
  async table(rows: number): Promise<ImageTable> {
    const images = new ImageTable(rows);
    for (let part = 0; ; part++) {
      const end = (part + 1) * this.packRows;
      const packed = await this.pack(part);
      if (packed) images.appendPacked(packed);
      else {
        for await (const chunk of this.chunks(images.length, end)) {
          for (const record of chunk) if (record.row >= images.length && record.row < end) images.append(record);
        }
      }
      if (images.length < end) break;
    }
    const order = await this.packedOrder();
    if (order.length <= images.length) images.pathOrder = order;
    return images;
  }

  /** Works out the order of the packed images' paths, so that it need not be at every opening. */
  async packOrder(): Promise<void> {
    const known = await this.packedOrder();
    if ((await this.pack(known.length / this.packRows)) === null) return;
    const { length, paths } = await this.table(0);
    const value = plainOrder(paths.slice(0, length - (length % this.packRows)), known);
    await stored(async () => {
      const transaction = this.database.transaction("derived", "readwrite");
      // Who changed paths in the meantime has deleted the packs.
      const packs = await transaction.store.getAllKeys(IDBKeyRange.bound("images.0", "images.:"));
      if (packs.length * this.packRows >= value.length) await transaction.store.put({ key: orderKey, value }, orderKey);
      await transaction.done;
    });
  }

  private async packedOrder(): Promise<Uint32Array<ArrayBuffer>> {
    const found = await stored(() => this.database.get("derived", orderKey));
    return (found?.value ?? new Uint32Array(0)) as Uint32Array<ArrayBuffer>;
  }

  /** Packs the first run that is whole and not packed. @returns false when there is none */
  async packNext(): Promise<boolean> {
    return await stored(async () => {
      const transaction = this.database.transaction(["records", "derived"], "readwrite");
      const derived = transaction.objectStore("derived");
      let part = 0;
      while ((await derived.getKey(packKey(part))) !== undefined) part++;
      const first = part * this.packRows;
      const records = transaction.objectStore("records");
      const begin = await records.openKeyCursor(IDBKeyRange.upperBound(first), "prev");
      const chunks = await records.getAll(IDBKeyRange.bound(begin?.key ?? first, first + this.packRows, false, true));
      const run = chunks.flat().filter(({ row }) => row >= first && row < first + this.packRows);
      if (run.length < this.packRows) return false;
      const images = new ImageTable(this.packRows);
      for (const record of run) images.append({ ...record, row: record.row - first });
      const key = packKey(part);
      await derived.put({ key, value: images.packed(0, this.packRows) }, key);
      await transaction.done;
      return true;
    });
  }

  /** Puts measures into the records of these rows. All or nothing. */
  putMeasures(measures: ReadonlyMap<number, ImageMeasures>): Promise<void> {
    return stored(async () => {
      const transaction = this.database.transaction(["records", "derived"], "readwrite");
      const store = transaction.objectStore("records");
      const rows = [...measures.keys()].sort((a, b) => a - b);
      for (const part of new Set(rows.map((row) => Math.floor(row / this.packRows)))) {
        await transaction.objectStore("derived").delete(packKey(part));
      }
      for (let i = 0; i < rows.length; ) {
        const cursor = await store.openCursor(IDBKeyRange.upperBound(rows[i]!), "prev");
        const end = cursor ? cursor.key + cursor.value.length : 0;
        if (!cursor || rows[i]! >= end) {
          await abandon(transaction);
          throw new WinnowError("storage", `The record of image ${rows[i]} is missing.`);
        }
        const records = cursor.value.slice();
        for (; i < rows.length && rows[i]! < end; i++) {
          const at = rows[i]! - cursor.key;
          records[at] = { ...records[at]!, measures: measures.get(rows[i]!)! };
        }
        await cursor.update(records);
      }
      await transaction.done;
    });
  }

  private async pack(part: number): Promise<PackedImages | null> {
    const found = await stored(() => this.database.get("derived", packKey(part)));
    return (found?.value ?? null) as PackedImages | null;
  }

  /** Chunks that hold rows first … end − 1, and perhaps some before and after. */
  private async *chunks(first: number, end: number): AsyncGenerator<ImageRecord[]> {
    const begin = await stored(() =>
      this.database.transaction("records").store.openKeyCursor(IDBKeyRange.upperBound(first), "prev"),
    );
    let range = IDBKeyRange.bound(begin?.key ?? first, end, false, true);
    for (;;) {
      const [keys, values] = await stored(async () => {
        const { store } = this.database.transaction("records");
        return await Promise.all([store.getAllKeys(range, chunksPerRead), store.getAll(range, chunksPerRead)]);
      });
      yield* values;
      if (keys.length < chunksPerRead) return;
      range = IDBKeyRange.bound(keys.at(-1)!, end, true, true);
    }
  }
}

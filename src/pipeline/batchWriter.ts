import type { ImageRecord } from "../core/records.ts";
import type { EncodedImage } from "../protocol/decoding.ts";
import type { Batch } from "../store/projectStore.ts";

/** A crash loses at most this many images or this much time; larger transactions are no faster. */
const imagesPerBatch = 64;
const batchMs = 2_000;

/**
 * Gathers finished images and stores them in batches of growing size: the first image is stored at once, so that it is
 * seen at once. Each batch is one transaction.
 */
export class BatchWriter {
  private records: ImageRecord[] = [];
  private features: Uint16Array[] = [];
  private thumbnails: EncodedImage[] = [];
  private target = 1;
  private lastWrite: number;

  constructor(
    private readonly store: { append(batch: Batch, now: number): Promise<unknown> },
    private nextRow: number,
    private readonly now: () => number,
    private readonly onStored: (records: readonly ImageRecord[]) => void,
  ) {
    this.lastWrite = now();
  }

  /** @throws WinnowError `storage-full`, `storage`; what was not stored is kept for the next try */
  async add(image: Omit<ImageRecord, "row">, features: Uint16Array, thumbnail: EncodedImage): Promise<void> {
    this.records.push({ row: this.nextRow + this.records.length, ...image });
    this.features.push(features);
    this.thumbnails.push(thumbnail);
    if (this.records.length >= this.target || this.now() - this.lastWrite > batchMs) await this.flush();
  }

  /** Stores what has been gathered. */
  async flush(): Promise<void> {
    const { records } = this;
    const first = this.features[0];
    if (first === undefined) return;
    const cols = first.length;
    const data = new Uint16Array(records.length * cols);
    for (const [i, row] of this.features.entries()) data.set(row, i * cols);
    await this.store.append(
      { firstRow: this.nextRow, records, features: { rows: records.length, cols, data }, thumbnails: this.thumbnails },
      this.now(),
    );
    this.nextRow += records.length;
    this.records = [];
    this.features = [];
    this.thumbnails = [];
    this.target = Math.min(imagesPerBatch, this.target * 2);
    this.lastWrite = this.now();
    this.onStored(records);
  }
}

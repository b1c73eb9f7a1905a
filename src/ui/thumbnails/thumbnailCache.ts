/** Reads of the store in flight at once: enough to hide its latency, few enough that a fast scroll stays cheap. */
/** A screen of them: those of a published project come over the network, neighbours with one request. */
const parallelReads = 64;

interface Entry {
  /** Object URL; null while loading or while the store has no thumbnail. */
  url: string | null;
  loading: boolean;
  /** Cells that show this row now; such an entry is never evicted. */
  listeners: Set<() => void>;
}

/**
 * Object URLs of thumbnails by row, for one project. Rows on screen are held; of the others the most recently shown
 * stay until `capacity` is passed, then the oldest URL is revoked. What was asked for together is served in its order,
 * the newest such batch first, and dropped when nobody holds its row any more, so that a fast scroll loads where it
 * stops and not where it passed.
 */
export class ThumbnailCache {
  /** In order of last use: Map iteration is by insertion and `touch` inserts again. */
  private readonly entries = new Map<number, Entry>();
  /** Rows asked for in the same turn of the event loop, first asked last; the newest batch at the end. */
  private readonly waiting: number[][] = [];
  private openBatch: number[] | null = null;
  private reading = 0;
  private closed = false;

  constructor(
    private readonly load: (row: number) => Promise<Blob | null>,
    private readonly capacity = 800,
  ) {}

  /** The row's URL when it is there. Does not start loading. */
  url(row: number): string | null {
    return this.entries.get(row)?.url ?? null;
  }

  /** Keeps the row's thumbnail, loading it when needed; `listener` runs when its URL arrives. Returns the release. */
  hold(row: number, listener: () => void): () => void {
    const entry = this.touch(row);
    entry.listeners.add(listener);
    if (entry.url === null && !entry.loading) this.request(row, entry);
    return () => {
      entry.listeners.delete(listener);
      this.evict();
    };
  }

  /** Asks again for rows on screen that had no thumbnail: call it when images have been added. */
  retryMissing(): void {
    for (const [row, entry] of this.entries) {
      if (entry.url === null && !entry.loading && entry.listeners.size > 0) this.request(row, entry);
    }
  }

  /** Revokes every URL. Idempotent. */
  close(): void {
    this.closed = true;
    this.waiting.length = 0;
    for (const entry of this.entries.values()) if (entry.url !== null) URL.revokeObjectURL(entry.url);
    this.entries.clear();
  }

  get size(): number {
    return this.entries.size;
  }

  private touch(row: number): Entry {
    const entry = this.entries.get(row) ?? { url: null, loading: false, listeners: new Set() };
    this.entries.delete(row);
    this.entries.set(row, entry);
    return entry;
  }

  private request(row: number, entry: Entry): void {
    entry.loading = true;
    if (this.openBatch === null) {
      const batch: number[] = [];
      this.openBatch = batch;
      queueMicrotask(() => {
        this.openBatch = null;
        this.waiting.push(batch.reverse());
        this.pump();
      });
    }
    this.openBatch.push(row);
  }

  private pump(): void {
    while (this.reading < parallelReads && this.waiting.length > 0) {
      const row = this.waiting.at(-1)!.pop();
      if (row === undefined) {
        this.waiting.pop();
        continue;
      }
      const entry = this.entries.get(row);
      if (!entry) continue;
      if (entry.listeners.size === 0) {
        this.entries.delete(row);
        continue;
      }
      this.reading++;
      // A failed read is the store's to report; here the cell stays empty and asks again with `retryMissing`.
      void this.load(row)
        .catch(() => null)
        .then((blob) => this.settle(row, entry, blob));
    }
  }

  private settle(row: number, entry: Entry, blob: Blob | null): void {
    this.reading--;
    entry.loading = false;
    if (!this.closed && blob !== null && this.entries.get(row) === entry) {
      entry.url = URL.createObjectURL(blob);
      for (const listener of entry.listeners) listener();
      this.evict();
    }
    if (!this.closed) this.pump();
  }

  private evict(): void {
    if (this.entries.size <= this.capacity) return;
    for (const [row, entry] of this.entries) {
      if (entry.listeners.size > 0 || entry.loading) continue;
      if (entry.url !== null) URL.revokeObjectURL(entry.url);
      this.entries.delete(row);
      if (this.entries.size <= this.capacity) return;
    }
  }
}

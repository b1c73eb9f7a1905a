import { type IDBPDatabase, openDB } from "idb";
import type { SetHead } from "../core/annotations/heldSet.ts";
import type { Content } from "../core/changes.ts";
import { WinnowError } from "../core/errors.ts";
import type { ImageRecord, Problem, ProjectSummary, SelectionRecord } from "../core/records.ts";
import type { TagStyle } from "../core/tags.ts";
import { joinedParts, type StoredContent, storedParts } from "./contents.ts";
import { changeImages, type ImageChange } from "./imageChanges.ts";
import { ImageRecords } from "./imageRecords.ts";
import {
  databaseName,
  type FeatureChunk,
  migrations,
  type ProjectInfo,
  type ProjectSchema,
  type StoredChange,
  type StoredThumbnail,
} from "./schema.ts";
import { SpaceStore } from "./spaceStore.ts";
import { stored } from "./storageError.ts";
import { abandon } from "./transactions.ts";

export type { StoredThumbnail } from "./schema.ts";

/** Records of one page of a read: few enough to stay under a message's size limit. */
const chunksPerRead = 64;

/** Everything of consecutive new images; stored in one transaction, so a crash loses all of it or nothing. */
export interface Batch {
  firstRow: number;
  records: ImageRecord[];
  features: FeatureChunk;
  /** Null for an image that came without one. */
  thumbnails: (StoredThumbnail | null)[];
}

/** New values by key; null deletes. */
export interface StoredEdit {
  tags?: ReadonlyMap<string, Uint32Array | null>;
  tagStyles?: ReadonlyMap<string, TagStyle | null>;
  selections?: ReadonlyMap<string, SelectionRecord | null>;
  history?: ReadonlyMap<number, StoredChange | null>;
  annotations?: ReadonlyMap<string, SetHead | null>;
  metadata?: ReadonlyMap<string, string | null>;
  contents?: ReadonlyMap<string, Content | null>;
}

/** One project's database. Safe to open in several workers at once; `close()` is idempotent, later calls reject. */
export class ProjectStore {
  readonly images: ImageRecords;

  private constructor(private readonly database: IDBPDatabase<ProjectSchema>) {
    this.images = new ImageRecords(database);
  }

  /**
   * Opens a project's database, creating it when it is not there, upgrading an older one.
   * @throws WinnowError `storage` when another tab keeps an older version open or a newer Winnow wrote it
   */
  static async open(projectId: string, version = migrations.length): Promise<ProjectStore> {
    const database = await stored(async () => {
      try {
        return await openDB<ProjectSchema>(databaseName(projectId), version, {
          upgrade: (db, oldVersion, newVersion, transaction) => {
            for (let step = oldVersion; step < (newVersion ?? version); step++) {
              migrations[step]!(db, transaction as Parameters<(typeof migrations)[0]>[1]);
            }
          },
          blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
        });
      } catch (error) {
        if (error instanceof DOMException && error.name === "VersionError") {
          throw new WinnowError(
            "storage",
            "This project was last used with a newer Winnow, which stores projects in another way. Nothing of it was changed. Reload the page to get the newer one; if that does not help, open it at the address where you used it last.",
            {
              projectId,
            },
          );
        }
        throw error;
      }
    });
    return new ProjectStore(database);
  }

  close(): void {
    this.database.close();
  }

  /** What belongs to one of the project's spaces; "": to the project's own model. */
  space(id: string): SpaceStore {
    return new SpaceStore(this, this.database, id);
  }

  async info(): Promise<ProjectInfo | null> {
    return (await stored(() => this.database.get("meta", "info"))) ?? null;
  }

  /** Changes the project's own record in one transaction and returns the new one. */
  updateInfo(change: (info: ProjectInfo) => ProjectInfo): Promise<ProjectInfo> {
    return stored(async () => {
      const transaction = this.database.transaction("meta", "readwrite");
      const info = await transaction.store.get("info");
      if (info === undefined) throw new WinnowError("storage", "The project's own record is missing.");
      const changed = change(info);
      await transaction.store.put(changed, "info");
      await transaction.done;
      return changed;
    });
  }

  /** Writes the record of a new project. */
  create(info: ProjectInfo): Promise<unknown> {
    return stored(() => this.database.put("meta", info, "info"));
  }

  /**
   * Appends images. All or nothing.
   * @throws WinnowError `storage-full` when the quota is used up; nothing of the batch is stored then
   */
  append(batch: Batch, now: number): Promise<ProjectInfo> {
    const bytes =
      batch.features.data.byteLength + batch.thumbnails.reduce((sum, t) => sum + (t?.bytes.byteLength ?? 0), 0);
    return stored(async () => {
      const transaction = this.database.transaction(
        ["meta", "records", "features", "thumbnails", "problems"],
        "readwrite",
      );
      const meta = transaction.objectStore("meta");
      const info = await meta.get("info");
      if (info === undefined || info.imageCount !== batch.firstRow) {
        await abandon(transaction);
        throw new WinnowError("storage", `expected row ${info?.imageCount ?? "of a project"}, got ${batch.firstRow}`);
      }
      const changed: ProjectInfo = {
        ...info,
        imageCount: info.imageCount + batch.records.length,
        storedBytes: info.storedBytes + bytes,
        updatedAt: now,
      };
      const writes: Promise<unknown>[] = [];
      const write = (request: Promise<unknown>): void => {
        // Met by Promise.all below; a throw on the way there must not leave it unhandled.
        request.catch(() => undefined);
        writes.push(request);
      };
      try {
        write(meta.put(changed, "info"));
        write(transaction.objectStore("records").put(batch.records, batch.firstRow));
        write(transaction.objectStore("features").put(batch.features, batch.firstRow));
        const thumbnails = transaction.objectStore("thumbnails");
        for (const [i, thumbnail] of batch.thumbnails.entries()) {
          if (thumbnail) write(thumbnails.put(thumbnail, batch.firstRow + i));
        }
        const problems = transaction.objectStore("problems");
        for (const { path } of batch.records) write(problems.delete(path));
        await Promise.all(writes);
        await transaction.done;
      } catch (error) {
        // A value that cannot be stored throws before the transaction knows: without this the rest would be committed.
        await abandon(transaction);
        throw error;
      }
      return changed;
    });
  }

  /** As {@link changeImages}. */
  changeImages(changes: readonly ImageChange[]): Promise<void> {
    return changeImages(this.database, changes);
  }

  /** Feature chunks in row order from the chunk that begins at or after `fromRow`. */
  async *features(fromRow = 0): AsyncGenerator<{ key: number; value: FeatureChunk }> {
    let lower: IDBKeyRange = IDBKeyRange.lowerBound(fromRow);
    for (;;) {
      const [keys, values] = await stored(async () => {
        const { store } = this.database.transaction("features");
        return await Promise.all([store.getAllKeys(lower, chunksPerRead), store.getAll(lower, chunksPerRead)]);
      });
      for (let i = 0; i < keys.length; i++) yield { key: keys[i]!, value: values[i]! };
      if (keys.length < chunksPerRead) return;
      lower = IDBKeyRange.lowerBound(keys.at(-1)!, true);
    }
  }

  /** First row of the chunk of features that holds a row, or that row when there is none. */
  async firstRowOfChunk(row: number): Promise<number> {
    const cursor = await stored(() =>
      this.database.transaction("features").store.openKeyCursor(IDBKeyRange.upperBound(row), "prev"),
    );
    return cursor?.key ?? row;
  }

  /**
   * The chunk of features that holds a row, with its first row.
   * @throws WinnowError `storage` when the row has none
   */
  async chunkOf(row: number): Promise<{ key: number; value: FeatureChunk }> {
    const cursor = await stored(() =>
      this.database.transaction("features").store.openCursor(IDBKeyRange.upperBound(row), "prev"),
    );
    if (cursor !== null && row < cursor.key + cursor.value.rows) return { key: cursor.key, value: cursor.value };
    throw new WinnowError("storage", `The features of image ${row} are missing.`, { row });
  }

  /** Features of one row, f16 bits; rejects as {@link chunkOf}. */
  async featuresOf(row: number): Promise<Uint16Array> {
    const { key, value } = await this.chunkOf(row);
    return value.data.slice((row - key) * value.cols, (row - key + 1) * value.cols);
  }

  /** Encoded thumbnails of rows `first … end − 1`; null for one that is missing. */
  async thumbnails(first: number, end: number): Promise<(Uint8Array<ArrayBuffer> | null)[]> {
    const range = IDBKeyRange.bound(first, end, false, true);
    const [rows, values] = await stored(async () => {
      const { store } = this.database.transaction("thumbnails");
      return await Promise.all([store.getAllKeys(range), store.getAll(range)]);
    });
    const out: (Uint8Array<ArrayBuffer> | null)[] = Array.from({ length: end - first }, () => null);
    for (const [i, row] of rows.entries()) out[row - first] = new Uint8Array(values[i]!.bytes);
    return out;
  }

  async thumbnail(row: number): Promise<Blob | null> {
    const thumbnail = await stored(() => this.database.get("thumbnails", row));
    return thumbnail ? new Blob([thumbnail.bytes], { type: thumbnail.type }) : null;
  }

  problems(): Promise<Problem[]> {
    return stored(() => this.database.getAll("problems"));
  }

  putProblem(problem: Problem): Promise<unknown> {
    return stored(() => this.database.put("problems", problem, problem.path));
  }

  async tags(): Promise<Map<string, Uint32Array>> {
    const [names, rows] = await stored(async () => {
      const { store } = this.database.transaction("tags");
      return await Promise.all([store.getAllKeys(), store.getAll()]);
    });
    return new Map(names.map((name, i) => [name, rows[i]!]));
  }

  async tagStyles(): Promise<Map<string, TagStyle>> {
    const [names, styles] = await stored(async () => {
      const { store } = this.database.transaction("tagStyles");
      return await Promise.all([store.getAllKeys(), store.getAll()]);
    });
    return new Map(names.map((name, i) => [name, styles[i]!]));
  }

  /** Oldest first. */
  async selections(): Promise<SelectionRecord[]> {
    const all = await stored(() => this.database.getAll("selections"));
    return all.sort((a, b) => a.createdAt - b.createdAt);
  }

  /** Writes what a person changed, and the history with it, in one transaction: all of it or nothing. */
  edit(edit: StoredEdit): Promise<void> {
    return stored(async () => {
      const changes = Object.entries(edit).filter(([, values]) => values.size > 0) as [
        keyof StoredEdit,
        ReadonlyMap<string | number, unknown>,
      ][];
      if (changes.length === 0) return;
      const transaction = this.database.transaction(
        changes.map(([name]) => name),
        "readwrite",
      );
      try {
        const writes = changes.flatMap(([name, values]) => {
          if (name === "contents") {
            return contentWrites(transaction.objectStore(name), values as NonNullable<StoredEdit["contents"]>);
          }
          const store = transaction.objectStore(name);
          return Array.from(values, ([key, value]) =>
            value === null ? store.delete(key as never) : store.put(value as never, key as never),
          );
        });
        await Promise.all(writes);
        await transaction.done;
      } catch (error) {
        await abandon(transaction);
        throw error;
      }
    });
  }

  /** What a person did, by number, oldest first. */
  async history(): Promise<Map<number, StoredChange>> {
    const [keys, changes] = await stored(async () => {
      const { store } = this.database.transaction("history");
      return await Promise.all([store.getAllKeys(), store.getAll()]);
    });
    return new Map(keys.map((key, i) => [key, changes[i]!]));
  }

  async annotations(): Promise<SetHead[]> {
    return await stored(() => this.database.getAll("annotations"));
  }

  /** By the column's key the name of its content. */
  async metadata(): Promise<Map<string, string>> {
    const [keys, names] = await stored(async () => {
      const { store } = this.database.transaction("metadata");
      return await Promise.all([store.getAllKeys(), store.getAll()]);
    });
    return new Map(keys.map((key, i) => [key, names[i]!]));
  }

  /** The names of all contents. */
  async contentNames(): Promise<Set<string>> {
    const keys = await stored(() => this.database.getAllKeys("contents"));
    return new Set(keys.map(([name]) => name));
  }

  /** @throws WinnowError `storage` when it is not there, or not whole */
  async content(name: string): Promise<Content> {
    const parts: unknown[] = [await stored(() => this.database.get("contents", [name, 0]))];
    const count = (parts[0] as StoredContent | undefined)?.cut.reduce((sum, cut) => sum + cut.parts, 0) ?? 0;
    for (let i = 1; i <= count; i++) parts.push(await stored(() => this.database.get("contents", [name, i])));
    const content = joinedParts(parts);
    if (content === null)
      throw new WinnowError("storage", "Labels of this project are missing in this browser's storage.");
    return content;
  }

  /** A computed value, or null. The caller knows its type by its key. */
  async derived(key: string): Promise<unknown> {
    return (await stored(() => this.database.get("derived", key)))?.value ?? null;
  }

  putDerived(key: string, value: unknown): Promise<unknown> {
    return stored(() => this.database.put("derived", { key, value }, key));
  }

  /** Deletes all computed values whose keys begin so. */
  deleteDerived(prefix: string): Promise<void> {
    return stored(() => this.database.delete("derived", IDBKeyRange.bound(prefix, `${prefix}\uffff`)));
  }
}

/** Writes contents in parts, or deletes all parts of them. */
function contentWrites(
  store: { put(value: unknown, key: [string, number]): Promise<unknown>; delete(key: IDBKeyRange): Promise<unknown> },
  contents: NonNullable<StoredEdit["contents"]>,
): Promise<unknown>[] {
  return Array.from(contents).flatMap(([name, content]) =>
    content === null
      ? [store.delete(IDBKeyRange.bound([name, 0], [name, Number.MAX_SAFE_INTEGER]))]
      : storedParts(content).map((part, i) => store.put(part, [name, i])),
  );
}

/** The part of a project's record that lists show. */
export const summaryOf = (info: ProjectInfo): ProjectSummary => ({
  id: info.id,
  name: info.name,
  createdAt: info.createdAt,
  updatedAt: info.updatedAt,
  imageCount: info.imageCount,
  storedBytes: info.storedBytes,
  ignoredCount: info.ignoredCount,
  unfinished: info.unfinished,
  ...(info.published !== undefined && { published: info.published }),
});

import type { IDBPDatabase } from "idb";
import { WinnowError } from "../core/errors.ts";
import type { DerivedValues } from "./derived.ts";
import type { FeatureChunk, ProjectInfo, ProjectSchema, SpaceInfo } from "./schema.ts";
import { stored } from "./storageError.ts";

/** Keys of one page of a read: few enough to stay under a message's size limit. */
const chunksPerRead = 64;

/** What the project's own space asks of the project's store. */
interface OwnSpace extends DerivedValues {
  info(): Promise<ProjectInfo | null>;
  features(fromRow?: number): AsyncGenerator<{ key: number; value: FeatureChunk }>;
  firstRowOfChunk(row: number): Promise<number>;
  chunkOf(row: number): Promise<{ key: number; value: FeatureChunk }>;
}

/** Features of one space of a project, and what was computed from them. The project's own space has the id "". */
export class SpaceStore implements DerivedValues {
  constructor(
    private readonly store: OwnSpace,
    private readonly database: IDBPDatabase<ProjectSchema>,
    readonly id: string,
  ) {}

  /** Rows that have features here; a space that is being filled has fewer than the project. */
  async rows(): Promise<number> {
    return (await this.state()).rows;
  }

  /** The project's record, the space's own (null for the project's own space), and the rows that have features here. */
  async state(): Promise<{ project: ProjectInfo | null; own: SpaceInfo | null; rows: number }> {
    const project = await this.store.info();
    if (this.id === "") return { project, own: null, rows: project?.imageCount ?? 0 };
    const cursor = await stored(() =>
      this.database.transaction("spaceFeatures").store.openCursor(this.range(0), "prev"),
    );
    const own = project?.spaces?.find(({ id }) => id === this.id) ?? null;
    return { project, own, rows: cursor ? cursor.key[1] + cursor.value.rows : 0 };
  }

  /** Feature chunks in row order from the chunk that begins at or after `fromRow`. */
  async *features(fromRow = 0): AsyncGenerator<{ key: number; value: FeatureChunk }> {
    if (this.id === "") {
      yield* this.store.features(fromRow);
      return;
    }
    let range = this.range(fromRow);
    for (;;) {
      const [keys, values] = await stored(async () => {
        const { store } = this.database.transaction("spaceFeatures");
        return await Promise.all([store.getAllKeys(range, chunksPerRead), store.getAll(range, chunksPerRead)]);
      });
      for (const [i, key] of keys.entries()) yield { key: key[1], value: values[i]! };
      if (keys.length < chunksPerRead) return;
      range = this.range(keys.at(-1)![1], true);
    }
  }

  /** First row of the chunk of features that holds a row, or that row when there is none. */
  async firstRowOfChunk(row: number): Promise<number> {
    if (this.id === "") return await this.store.firstRowOfChunk(row);
    const range = IDBKeyRange.bound([this.id, 0], [this.id, row]);
    const cursor = await stored(() => this.database.transaction("spaceFeatures").store.openKeyCursor(range, "prev"));
    return cursor?.key[1] ?? row;
  }

  /**
   * The chunk of features that holds a row, with its first row.
   * @throws WinnowError `storage` when the row has none
   */
  async chunkOf(row: number): Promise<{ key: number; value: FeatureChunk }> {
    if (this.id === "") return await this.store.chunkOf(row);
    const range = IDBKeyRange.bound([this.id, 0], [this.id, row]);
    const cursor = await stored(() => this.database.transaction("spaceFeatures").store.openCursor(range, "prev"));
    if (cursor !== null && row < cursor.key[1] + cursor.value.rows) return { key: cursor.key[1], value: cursor.value };
    throw new WinnowError("storage", `The features of image ${row} are missing.`, { row });
  }

  /** Appends the features of the next rows of a further space. */
  async append(firstRow: number, chunk: FeatureChunk): Promise<void> {
    await stored(() => this.database.put("spaceFeatures", chunk, [this.id, firstRow]));
  }

  derived(key: string): Promise<unknown> {
    return this.store.derived(this.derivedKey(key));
  }

  putDerived(key: string, value: unknown): Promise<unknown> {
    return this.store.putDerived(this.derivedKey(key), value);
  }

  /** Deletes the features of a further space and all that was computed from them. */
  async delete(): Promise<void> {
    const prefix = this.derivedKey("");
    await stored(async () => {
      const transaction = this.database.transaction(["spaceFeatures", "derived"], "readwrite");
      await Promise.all([
        transaction.objectStore("spaceFeatures").delete(this.range(0)),
        transaction.objectStore("derived").delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`)),
      ]);
      await transaction.done;
    });
  }

  private derivedKey(key: string): string {
    return this.id === "" ? key : `space.${this.id}.${key}`;
  }

  private range(from: number, open = false): IDBKeyRange {
    return IDBKeyRange.bound([this.id, from], [this.id, Number.MAX_SAFE_INTEGER], open);
  }
}

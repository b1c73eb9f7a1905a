import { isWinnowError, WinnowError } from "../core/errors.ts";
import { filePaths, selectionFile } from "../core/projectFolder/filePaths.ts";
import { manifestText } from "../core/projectFolder/manifest.ts";
import { ProjectReader } from "../core/projectFolder/projectReader.ts";
import type { ImageRecord } from "../core/records.ts";
import type { EmbeddingMap, MapMethod } from "../core/reduce/embeddingMap.ts";
import { type WebFolder, webFolder } from "../sources/webFolder.ts";
import type { ProjectStore } from "../store/projectStore.ts";
import type { ProjectInfo } from "../store/schema.ts";
import type { Supervision } from "./analyst.ts";
import { ContributionStore } from "./contributionStore.ts";
import { PackedThumbnails } from "./packedThumbnails.ts";
import { damageList, importAdditions, importEmbedding, importedInfo, noteTags } from "./projectImport.ts";

/** Bytes: 0.4 s of a line of 20 Mbit/s. */
const largestExpectedMap = 1 << 20;

/**
 * A project folder on a static host. This browser keeps a copy of what is small (records, tags, labels, selections) and
 * of the embedding once it is wanted; thumbnails stay where they are and are fetched as they are looked at.
 */
export class PublishedProject {
  readonly thumbnails: PackedThumbnails;
  private readonly maps = new Map<MapMethod, Promise<EmbeddingMap | null>>();

  private constructor(
    readonly url: string,
    private readonly folder: WebFolder,
    private readonly reader: ProjectReader,
    /** Of the copy: the same for the same state at the same address, so that a link to it opens the same for all. */
    readonly id: string,
  ) {
    this.thumbnails = new PackedThumbnails(folder);
  }

  /**
   * @param url of the folder or its project.json
   * @throws WinnowError `empty` when there is no project, `vanished` without a network, `unsupported`, `shape`
   */
  static async open(url: string): Promise<PublishedProject> {
    const base = new URL(url.replace(/\/project\.json$/, "/"));
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    base.hash = "";
    const folder = webFolder(base);
    const reader = await ProjectReader.open(folder).catch((error) => {
      if (!isWinnowError(error, "empty")) throw error;
      throw new WinnowError("empty", `There is no published project at ${base.href}: its project.json is missing.`);
    });
    const text = new TextEncoder().encode(`${base.href}\n${manifestText(reader.manifest)}`);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
    const id = Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return new PublishedProject(base.href, folder, reader, id);
  }

  /** The record of the copy, which holds nothing yet. */
  info(now: number): ProjectInfo {
    return { ...importedInfo(this.reader, this.id, now), unfinished: true, published: this.url };
  }

  /** Whether the host sends parts of files; known once something large was asked for. */
  get sendsParts(): boolean {
    return this.folder.sendsParts;
  }

  /** Bytes of the embedding; 0 when the folder has none. */
  get embeddingBytes(): number {
    const { head } = this.reader.manifest;
    return head === null ? 0 : 4 * head.rows * head.dim;
  }

  /**
   * Brings what is small into the copy, going on where an earlier visit stopped.
   * @param stored called with images once they are in the copy; what comes next waits for it, and for the thumbnails
   *   that are looked at
   * @returns a sentence for each damaged part that was left out
   */
  async fill(
    store: ProjectStore,
    from: number,
    now: () => number,
    stored: (records: ImageRecord[]) => Promise<void>,
    { signal, progress }: Supervision,
  ): Promise<string[]> {
    const { found, unlessDamaged } = damageList();
    const tags = new Map<string, number[]>();
    let done = 0;
    for await (const page of this.reader.images()) {
      if (signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
      noteTags(tags, page);
      done += page.length;
      const fresh = page.map(({ record }) => record).filter(({ row }) => row >= from);
      if (fresh.length > 0) {
        const features = { rows: fresh.length, cols: 0, data: new Uint16Array(0) };
        const firstRow = fresh[0]!.row;
        await store.append({ firstRow, records: fresh, features, thumbnails: fresh.map(() => null) }, now());
        await stored(fresh);
        await this.thumbnails.quiet();
      }
      progress({ done, total: this.reader.rows });
    }
    const published = new Map([...tags].map(([name, rows]) => [name, Uint32Array.from(rows)]));
    // What the visitor tagged meanwhile stays.
    for (const [name, rows] of await store.tags()) {
      tags.set(
        name,
        [...new Set([...(tags.get(name) ?? []), ...rows])].sort((a, b) => a - b),
      );
    }
    await importAdditions(this.reader, store, tags, now(), unlessDamaged);
    // What the visitor chose and labelled meanwhile is the visitor's.
    const { annotationFiles, manifest } = this.reader;
    const ids = (await store.selections()).map(({ id }) => id);
    const selections = ids.filter((id) => manifest.selections.includes(selectionFile(id)));
    const sets = (await store.annotations()).filter((set) => annotationFiles.includes(filePaths.annotations(set)));
    await new ContributionStore(store).putVisit({
      author: crypto.randomUUID(),
      tags: published,
      selections,
      annotations: sets.map(({ id }) => id),
      sent: [],
    });
    return found;
  }

  /** An image as it was published, full or nearly so; null where it was published without. */
  async original(row: number, path: string): Promise<Blob | null> {
    const file = await this.reader.original(row, path);
    return file && new Blob([await file.slice(0, file.size)]);
  }

  /** A map as it was published; null when there is none. */
  map(method: MapMethod): Promise<EmbeddingMap | null> {
    const asked = this.maps.get(method);
    if (asked) return asked;
    const map = this.reader.own.map(method);
    this.maps.set(method, map);
    // The network may be back when it is wanted again.
    map.catch(() => this.maps.delete(method));
    return map;
  }

  /** Asks for a map while the first images are on their way; not for a large one, which would keep them waiting. */
  expectMap(method: MapMethod): void {
    if (8 * this.reader.rows <= largestExpectedMap) void this.map(method);
  }

  /** Brings the embedding into the copy. @returns as {@link fill} */
  async fetchEmbedding(store: ProjectStore): Promise<string[]> {
    const { found, unlessDamaged } = damageList();
    await importEmbedding(this.reader.own, store, unlessDamaged);
    return found;
  }
}

import { WinnowError } from "../core/errors.ts";
import type { ImageRecord } from "../core/records.ts";
import type { EmbeddingMap, MapMethod } from "../core/reduce/embeddingMap.ts";
import type { ProjectStore } from "../store/projectStore.ts";
import type { ProjectInfo } from "../store/schema.ts";
import type { Supervision } from "./analyst.ts";
import type { PublishedProject } from "./publishedProject.ts";

/** A project's tie to the published folder that it is a copy of; for a project of this browser there is none. */
export class PublishedCopy {
  private opened: Promise<PublishedProject> | null = null;
  /** By path; read when an original is first wanted. */
  private rows: Promise<Map<string, number>> | null = null;

  constructor(
    private readonly store: ProjectStore,
    private readonly own: {
      info(): ProjectInfo;
      /** Takes over what has changed in the store. */
      refresh(): Promise<void>;
      update(change: (info: ProjectInfo) => ProjectInfo): Promise<void>;
    },
    opened: PublishedProject | null,
  ) {
    if (opened !== null) this.opened = Promise.resolve(opened);
  }

  /** Where it was published; null for a project of this browser. */
  get url(): string | null {
    return this.own.info().published ?? null;
  }

  /** Brings in what is small and not here yet. @returns a sentence for each damaged part */
  async fill(
    now: () => number,
    stored: (records: ImageRecord[]) => Promise<void>,
    supervision: Supervision,
  ): Promise<string[]> {
    const published = await this.published();
    const damages = await published.fill(this.store, this.own.info().imageCount, now, stored, supervision);
    await this.own.refresh();
    await this.own.update((info) => ({ ...info, unfinished: false }));
    return damages;
  }

  /** Rejects as the folder does. */
  async thumbnail(row: number): Promise<Blob | null> {
    return this.url === null ? null : await (await this.published()).thumbnails.get(row);
  }

  /** An image's original, or the picture that was published of it; null where there is none. */
  async original(path: string): Promise<Blob | null> {
    if (this.url === null) return null;
    // While images come, the table does not have them all.
    if (this.own.info().unfinished) this.rows = null;
    this.rows ??= this.rowsByPath();
    const row = (await this.rows).get(path);
    return row === undefined ? null : await (await this.published()).original(row, path);
  }

  private async rowsByPath(): Promise<Map<string, number>> {
    const { paths } = await this.store.images.table(this.own.info().imageCount);
    return new Map(Array.from(paths, (path, row) => [path, row]));
  }

  async map(method: MapMethod): Promise<EmbeddingMap | null> {
    return await (await this.published()).map(method);
  }

  async expectMap(method: MapMethod): Promise<void> {
    (await this.published()).expectMap(method);
  }

  async embeddingBytes(): Promise<number> {
    return (await this.published()).embeddingBytes;
  }

  /** Whether the host sends parts of files, as far as is known by now. */
  async sendsParts(): Promise<boolean> {
    return (await this.published()).sendsParts;
  }

  /** Brings the embedding in. @returns a sentence for each damaged part */
  async fetchEmbedding(): Promise<string[]> {
    return await (await this.published()).fetchEmbedding(this.store);
  }

  private published(): Promise<PublishedProject> {
    this.opened ??= this.open().catch((error) => {
      // The network may be back when it is wanted again.
      this.opened = null;
      throw error;
    });
    return this.opened;
  }

  private async open(): Promise<PublishedProject> {
    const { id, published } = this.own.info();
    if (published === undefined) throw new WinnowError("internal", "this project was not published");
    const { PublishedProject } = await import("./publishedProject.ts");
    const project = await PublishedProject.open(published);
    if (project.id === id) return project;
    throw new WinnowError(
      "vanished",
      "This project has been published anew since. Load its page again to open the new state; what you tagged stays in this one.",
    );
  }
}

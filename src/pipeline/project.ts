import type { HeldMetadata, HeldSet } from "../core/annotations/heldSet.ts";
import type { Content } from "../core/changes.ts";
import { WinnowError } from "../core/errors.ts";
import type { ImageIndex } from "../core/imageIndex.ts";
import type { ImageTable } from "../core/imageTable.ts";
import { squareOf } from "../core/model/modelSpec.ts";
import { publishedPictureSide } from "../core/publication/publicationParts.ts";
import type { QualitySettings } from "../core/quality/qualitySettings.ts";
import type { ImageRecord, Problem, SelectionRecord } from "../core/records.ts";
import type { TagStyle } from "../core/tags.ts";
import type { ExifFact } from "../decode/exif.ts";
import type { Source } from "../sources/source.ts";
import { readAnnotations } from "../store/annotations.ts";
import { type Batch, ProjectStore, type StoredEdit } from "../store/projectStore.ts";
import type { ProjectInfo, StoredChange } from "../store/schema.ts";
import { Analyst, type Supervision } from "./analyst.ts";
import { ContributionStore } from "./contributionStore.ts";
import type { Destination } from "./destination.ts";
import type { Engine } from "./engine.ts";
import type { IngestEvents } from "./ingest.ts";
import { type IngestRun, startIngest } from "./ingestRun.ts";
import { type MeasuringCounts, type MeasuringEvents, measureImages } from "./measuring.ts";
import { missingRows } from "./missingRows.ts";
import { ProjectModel } from "./projectModel.ts";
import type { ProjectView } from "./projectSave.ts";
import { ProjectSources } from "./projectSources.ts";
import { ProjectSpaces } from "./projectSpaces.ts";
import { ProjectTabs } from "./projectTabs.ts";
import { PublishedCopy } from "./publishedCopy.ts";
import type { PublishedProject } from "./publishedProject.ts";
import type { Publication, PublicationSizes } from "./publishing.ts";
import type { Refound } from "./refinding.ts";

export type { ExifFact } from "../decode/exif.ts";
export type { Source } from "../sources/source.ts";
export { summaryOf } from "../store/projectStore.ts";
export type { IngestCounts } from "./ingest.ts";
export type { IngestRun } from "./ingestRun.ts";
export type { MeasuringCounts } from "./measuring.ts";
export type { PublicationSizes } from "./publishing.ts";
export type { Refound } from "./refinding.ts";

/** What is read when a project is opened. */
export interface ProjectContent {
  problems: Problem[];
  tags: Map<string, Uint32Array>;
  tagStyles: Map<string, TagStyle>;
  selections: SelectionRecord[];
  annotations: HeldSet[];
  metadata: HeldMetadata[];
  /** Rows whose files were nowhere when their folder was last looked for. */
  missing: Uint32Array;
}

export interface ProjectOptions {
  engine: Engine;
  /** Where the sample's zip is served. */
  sampleUrl: string;
  now: () => number;
  /** The published project that it is a copy of, where that was just opened. */
  published: PublishedProject | null;
  /** Called with every change of the project's own record. */
  onInfo: (info: ProjectInfo) => Promise<void>;
}

/** One open project: its database, its sources, its analysis worker. `close()` is idempotent. */
export class Project {
  /** Its embeddings besides the first. */
  readonly spaces: ProjectSpaces;
  /** Where its images came from. */
  readonly sources: ProjectSources;
  /** What it is a copy of, where it was published by somebody. */
  readonly published: PublishedCopy;
  /** Visitors' changes, at the visitor's and at the owner's. */
  readonly contributions: ContributionStore;
  /** What makes its first embedding. */
  readonly model: ProjectModel;
  private analyst: Analyst;
  private run: IngestRun | null = null;

  private constructor(
    private current: ProjectInfo,
    private readonly store: ProjectStore,
    /** The tabs that have it open; of these one writes. */
    readonly tabs: ProjectTabs,
    private readonly options: ProjectOptions,
  ) {
    const own = {
      info: () => this.current,
      update: (change: (info: ProjectInfo) => ProjectInfo) => this.update(change),
    };
    this.sources = new ProjectSources({
      ...own,
      published: (path) => this.published.original(path),
      sampleUrl: options.sampleUrl,
    });
    this.published = new PublishedCopy(store, { ...own, refresh: () => this.refresh() }, options.published);
    this.contributions = new ContributionStore(store);
    this.spaces = new ProjectSpaces(store, {
      ...own,
      original: (path) => this.sources.original(path),
      thumbnail: (row) => this.thumbnail(row),
      engine: options.engine,
      firstEngine: () => this.model.engine,
    });
    this.model = new ProjectModel({
      ...own,
      isPublished: () => this.published.url !== null,
      engine: options.engine,
    });
    this.analyst = new Analyst(current.id, current.space);
  }

  /** All computing on this project's vectors, in the space that is looked at. */
  get analysis(): Analyst {
    return this.analyst;
  }

  /** Where values are kept that can be computed again. */
  get computed(): Pick<ProjectStore, "derived" | "putDerived" | "deleteDerived"> {
    return this.store;
  }

  /** Looks at another of the project's spaces; "": at its own. What still runs in the present one is given up. */
  async switchSpace(space: string): Promise<void> {
    await this.update((info) => ({ ...info, space }));
    this.renewAnalysis();
  }

  /** To be called when the stored embedding has become another one from outside the analysis. */
  renewAnalysis(): void {
    this.analyst.close();
    this.analyst = new Analyst(this.current.id, this.current.space);
  }

  /** @throws WinnowError `storage` when the project is gone or of a newer version */
  static async open(id: string, options: ProjectOptions): Promise<Project> {
    const store = await ProjectStore.open(id);
    const info = await store.info();
    if (info === null) {
      store.close();
      throw new WinnowError("storage", "This project is not in this browser any more.", { id });
    }
    // A space that lacks images cannot be looked at: it was being filled when the page closed.
    const whole = !info.space || (await store.space(info.space).rows()) === info.imageCount;
    return new Project(whole ? info : { ...info, space: "" }, store, await ProjectTabs.join(id), options);
  }

  get info(): ProjectInfo {
    return this.current;
  }

  /** Reads the project's own record again: another tab, or a worker, has changed it. */
  async refresh(): Promise<void> {
    this.current = (await this.store.info()) ?? this.current;
  }

  images(): Promise<ImageTable> {
    return this.store.images.table(this.current.imageCount);
  }

  /** The records from a row on, a page at a time. */
  recordsFrom(row: number): AsyncGenerator<ImageRecord[]> {
    return this.store.images.all(row);
  }

  async content(): Promise<ProjectContent> {
    const [problems, tags, tagStyles, selections, missing] = await Promise.all([
      this.store.problems(),
      this.store.tags(),
      this.store.tagStyles(),
      this.store.selections(),
      missingRows(this.store),
    ]);
    return { problems, tags, tagStyles, selections, missing, ...(await readAnnotations(this.store)) };
  }

  /** The large part of a set or a column that is stored under a name. */
  storedContent(name: string): Promise<Content> {
    return this.store.content(name);
  }

  contentNames(): Promise<Set<string>> {
    return this.store.contentNames();
  }

  /**
   * Starts bringing a source's images in. Only one ingest runs at a time, in one tab.
   * @param known all images of the project so far
   */
  ingest(source: Source, known: ImageIndex, events: IngestEvents): IngestRun {
    if (this.run) throw new WinnowError("internal", "an ingest is already running");
    const { engine } = this.model;
    const { now } = this.options;
    const store = {
      append: async (batch: Batch, at: number): Promise<void> => {
        this.current = await this.writing(() => this.store.append(batch, at));
        void this.options.onInfo(this.current);
        this.tabs.announce();
      },
      featuresOf: (row: number) => this.store.featuresOf(row),
      putProblem: (problem: Problem) => this.store.putProblem(problem),
    };
    const run = startIngest(
      engine,
      { store, source, known, now, events },
      {
        begin: async () => {
          this.model.requireBundled();
          await this.sources.fillFrom(source);
        },
        ended: ({ ignored }) =>
          this.update((info) => ({ ...info, unfinished: false, ignoredCount: ignored, updatedAt: now() })),
      },
    );
    this.run = run;
    // Whoever started it hears of what went wrong.
    const over = (): void => {
      this.run = null;
    };
    run.finished.then(over, over);
    return run;
  }

  /**
   * Measures the pixels of images again from their originals and keeps the measures.
   * @throws WinnowError as `measureImages`
   */
  measure(images: readonly ImageRecord[], signal: AbortSignal, events: MeasuringEvents): Promise<MeasuringCounts> {
    const original = (path: string): Promise<Blob> => this.sources.original(path);
    const store = this.store.images;
    return this.options.engine.withDecoders((decoders) =>
      measureImages({ images, original, decoders, store, events, signal }),
    );
  }

  /** As `refinding` says; from then on originals are read from there. Open the project anew afterwards. */
  async findFolderAgain(source: Source, images: ImageTable, supervision: Supervision): Promise<Refound> {
    const { findFolderAgain } = await import("./refinding.ts");
    this.model.requireBundled();
    const { store, sources } = this;
    const { engine } = this.model;
    const elsewhere = (path: string): Promise<boolean> => sources.has(path);
    const refound = await this.writing(() =>
      findFolderAgain({ store, engine, images, source, elsewhere }, supervision),
    );
    await sources.replaceBy(source);
    this.tabs.announce("computed");
    return refound;
  }

  /** An image's original for a person to look at: as it is, or decoded where browsers cannot; rejects as {@link ProjectSources.original}. */
  async shown(path: string): Promise<Blob> {
    const [file, { needsOwnDecoder }] = await Promise.all([
      this.sources.original(path),
      import("../decode/showable.ts"),
    ]);
    if (!(await needsOwnDecoder(file))) return file;
    const { type, bytes } = await this.options.engine.withDecoders((pool) => pool.run((remote) => remote.show(file)));
    return new Blob([bytes], { type });
  }

  async thumbnail(row: number): Promise<Blob | null> {
    return (await this.store.thumbnail(row)) ?? (await this.published.thumbnail(row));
  }

  /**
   * Saves everything in a project folder: into a picked directory, or as a zip.
   * @returns where it is, for a person; null when the person closed the save dialog
   */
  async saveFolder(
    to: Destination,
    view: Omit<ProjectView, "model">,
    supervision: Supervision,
  ): Promise<string | null> {
    const { saveProjectFolder } = await import("./projectSave.ts");
    return await saveProjectFolder(this.store, this.current, { ...view, model: this.model.entry }, to, supervision);
  }

  /** Bytes of what would be published. */
  async publicationSizes(): Promise<PublicationSizes> {
    return await (await import("./publishing.ts")).publicationSizes(this.store, this.current);
  }

  /** Publishes the project as `publishProject` does. */
  async publish(
    published: Omit<Publication, "model" | "original" | "picture">,
    to: Destination,
    supervision: Supervision,
  ): Promise<string | null> {
    const { publishProject } = await import("./publishing.ts");
    const original = (path: string): Promise<Blob> => this.sources.original(path);
    const picture = async (file: Blob): Promise<Uint8Array> => {
      const { bytes } = await this.options.engine.withDecoders((pool) =>
        pool.run((remote) => remote.show(file, publishedPictureSide)),
      );
      return new Uint8Array(bytes);
    };
    const all = { ...published, model: this.model.entry, original, picture };
    return await publishProject(this.store, this.current, all, to, supervision);
  }

  /** Stores what a person changed, all of it or nothing. */
  async edit(edit: StoredEdit): Promise<void> {
    await this.writing(() => this.store.edit(edit));
    this.tabs.announce();
  }

  history(): Promise<Map<number, StoredChange>> {
    return this.store.history();
  }

  async rename(name: string): Promise<void> {
    await this.update((info) => ({ ...info, name }));
  }

  async setQuality(quality: QualitySettings): Promise<void> {
    await this.update((info) => ({ ...info, quality }));
  }

  /** Stops what runs and lets go of everything. A stopped ingest has stored what was embedded. */
  async close(): Promise<void> {
    this.run?.cancel();
    await this.run?.finished.catch(() => undefined);
    this.analyst.close();
    this.spaces.close();
    await this.sources.close();
    this.store.close();
    await this.tabs.close();
  }

  /** What the camera wrote into an image's file; rejects as {@link ProjectSources.original}. */
  async exif(path: string): Promise<ExifFact[]> {
    const [file, { exifFacts }] = await Promise.all([this.sources.original(path), import("../decode/exif.ts")]);
    return await exifFacts(file);
  }

  /**
   * Features of an image from outside, which is not kept.
   * @throws WinnowError `unreadable` when it is no image that can be read; `model` for a project of another model
   */
  async featuresOf(file: Blob, name: string): Promise<{ features: Float32Array; thumbnail: Blob }> {
    const space = this.spaces.find(this.current.space ?? "");
    if (space === null) this.model.requireBundled();
    const engine = space ? await this.spaces.engineOf(space) : this.model.engine;
    return await engine.use(async (decoders, embedder) => {
      const square = squareOf(engine.manifest.spec);
      const decoded = await decoders.run((remote) => remote.decode({ file, path: name, ...square }));
      if (decoded.kind !== "image") {
        const reason = decoded.kind === "problem" ? decoded.reason : "It is not an image.";
        throw new WinnowError("unreadable", `“${name}” cannot be searched with. ${reason}`);
      }
      const { type, bytes } = decoded.thumbnail;
      return { features: await embedder.embed([decoded.rgb]), thumbnail: new Blob([bytes], { type }) };
    });
  }

  private async update(change: (info: ProjectInfo) => ProjectInfo): Promise<void> {
    this.current = await this.writing(() => this.store.updateInfo(change));
    await this.options.onInfo(this.current);
    this.tabs.announce();
  }

  /** Two tabs must not write one project at the same time. */
  private async writing<T>(work: () => Promise<T>): Promise<T> {
    if (this.tabs.writes) return await work();
    throw new WinnowError("storage", "Another tab changes this project. Close it there, or choose “Change it here”.");
  }
}

import { WinnowError } from "../core/errors.ts";
import type { EmbeddedText } from "../core/model/rowOfText.ts";
import type { ImageRecord } from "../core/records.ts";
import { ObjectStore } from "../store/objectStore.ts";
import type { ProjectStore } from "../store/projectStore.ts";
import type { ProjectInfo, SpaceInfo } from "../store/schema.ts";
import { Analyst } from "./analyst.ts";
import type { Engine } from "./engine.ts";
import type { Gate } from "./gate.ts";
import type { FillCounts } from "./spaceFilling.ts";
import type { TextEmbedder } from "./textEmbedder.ts";
import type { ViewCounts } from "./viewEmbedding.ts";

export type { SpaceInfo } from "../store/schema.ts";

/** A further embedding of the project, and how many of its images have it. */
export interface SpaceState {
  info: SpaceInfo;
  rows: number;
}

/** What of a project its spaces need. */
interface SpacesProject {
  info(): ProjectInfo;
  update(change: (info: ProjectInfo) => ProjectInfo): Promise<void>;
  original(path: string): Promise<Blob>;
  thumbnail(row: number): Promise<Blob | null>;
  /** Of the bundled model. */
  engine: Engine;
  /** Of the project's first embedding. */
  firstEngine(): Engine;
}

/** The embeddings of a project besides its first: each a model with one way to feed it. */
export class ProjectSpaces {
  private readonly engines = new Map<string, Promise<Engine>>();
  private texts: Promise<TextEmbedder> | null = null;

  constructor(
    private readonly store: ProjectStore,
    private readonly project: SpacesProject,
  ) {}

  /** In the order in which they came. */
  async list(): Promise<SpaceState[]> {
    const spaces = this.project.info().spaces ?? [];
    return await Promise.all(spaces.map(async (info) => ({ info, rows: await this.store.space(info.id).rows() })));
  }

  /** The engine of the bundled model. */
  get ownEngine(): Engine {
    return this.project.engine;
  }

  find(id: string): SpaceInfo | null {
    return this.project.info().spaces?.find((space) => space.id === id) ?? null;
  }

  /** Notes a space that is about to be filled; one that is there already stays as it is. */
  async add(space: SpaceInfo): Promise<void> {
    if (this.find(space.id)) return;
    await this.project.update((info) => ({ ...info, spaces: [...(info.spaces ?? []), space] }));
  }

  /** Deletes a space with everything that was computed in it. */
  async delete(id: string): Promise<void> {
    await this.project.update((info) => ({
      ...info,
      spaces: (info.spaces ?? []).filter((space) => space.id !== id),
      space: info.space === id ? "" : (info.space ?? ""),
    }));
    await this.store.space(id).delete();
    void this.engines.get(id)?.then((engine) => engine.close());
    this.engines.delete(id);
  }

  /**
   * Embeds the images that a space does not have yet, and fits its head when it has them all.
   * @param imageAt the project's images by row
   * @throws WinnowError as `fillSpace`
   */
  async fill(
    space: SpaceInfo,
    imageAt: (row: number) => ImageRecord,
    { signal, gate, progress }: { signal: AbortSignal; gate: Gate; progress: (counts: FillCounts) => void },
  ): Promise<FillCounts> {
    const store = this.store.space(space.id);
    const first = await store.rows();
    const images = Array.from({ length: this.project.info().imageCount - first }, (_, i) => imageAt(first + i));
    const [{ fillSpace }, engine] = await Promise.all([import("./spaceFilling.ts"), this.engineOf(space)]);
    const counts = await fillSpace({
      space,
      store,
      images,
      original: (path) => this.project.original(path),
      thumbnail: (row) => this.project.thumbnail(row),
      engine,
      gate,
      signal,
      progress: (now) => progress({ ...now, done: first + now.done, total: first + now.total }),
    });
    return counts;
  }

  /**
   * Makes augmented views of a sample of the images, so many that `wanted` have them, and keeps their features in a
   * space; "": the project's own.
   * @throws WinnowError as `embedViews`; `model` when the model of the space is not here
   */
  async embedViews(
    id: string,
    wanted: number,
    imageAt: (row: number) => ImageRecord,
    { signal, gate, progress }: { signal: AbortSignal; gate: Gate; progress: (counts: ViewCounts) => void },
  ): Promise<ViewCounts> {
    const space = this.find(id);
    const [{ embedViews }, { StoredViews }, { viewsPerImage }, engine] = await Promise.all([
      import("./viewEmbedding.ts"),
      import("../store/views.ts"),
      import("../core/image/augmentedViews.ts"),
      space ? this.engineOf(space) : this.engineOfOwn(),
    ]);
    const { spec, featureCount } = space
      ? { spec: space.model.preprocessing.spec, featureCount: space.featureCount }
      : engine.manifest;
    const views = await StoredViews.open(this.store.space(id), viewsPerImage, featureCount);
    const before = views.rows.length;
    return await embedViews({
      wanted,
      imageCount: this.project.info().imageCount,
      imageAt,
      spec,
      featureCount,
      views,
      original: (path) => this.project.original(path),
      thumbnail: (row) => this.project.thumbnail(row),
      engine,
      gate,
      signal,
      progress: (now) => progress({ ...now, done: before + now.done, total: before + now.total }),
    });
  }

  /** A worker of its own that looks at a space, whichever the page looks at. The caller closes it. */
  analyst(id: string): Analyst {
    return new Analyst(this.project.info().id, id);
  }

  /** @throws WinnowError `model` when the model's file is not in this browser */
  async engineOf(space: SpaceInfo): Promise<Engine> {
    let engine = this.engines.get(space.id);
    if (!engine) {
      engine = import("./ownModels.ts").then(({ engineOf }) => engineOf(this.project.engine, space));
      engine.catch(() => this.engines.delete(space.id));
      this.engines.set(space.id, engine);
    }
    return await engine;
  }

  /** Features of a set's objects in the space that is looked at. */
  objects(setId: string): ObjectStore {
    return new ObjectStore(this.store.space(this.project.info().space ?? ""), setId);
  }

  /** The engine of the space that is looked at. */
  async engineInUse(): Promise<Engine> {
    const space = this.find(this.project.info().space ?? "");
    return space ? await this.engineOf(space) : this.project.firstEngine();
  }

  /** The bundled model's engine, where the project's own features are that model's. */
  private engineOfOwn(): Engine {
    const { modelId, model } = this.project.info();
    if (modelId === this.project.engine.manifest.id) return this.project.firstEngine();
    throw new WinnowError(
      "model",
      model === null
        ? "This project was made from vectors; there are no images to look at again."
        : `This project was embedded with ${model?.name ?? modelId}, which is not in this page: only the command line can make views for it (winnow adapt --augmented).`,
    );
  }

  /** The text tower of the model whose embedding is looked at, by its file's name; null where it has none. */
  async textTower(): Promise<string | null> {
    const model = this.modelInUse;
    if (model === null) return null;
    return (await (await import("./ownModels.ts")).textTowerOf(model.sha256))?.name ?? null;
  }

  /**
   * A text in the space that is looked at.
   * @throws WinnowError as `TextEmbedder.embed`
   */
  async embedText(text: string, signal: AbortSignal): Promise<EmbeddedText> {
    const model = this.modelInUse;
    if (model === null) {
      throw new WinnowError(
        "model",
        "The embedding in view is not of a model that reads words. Review → Models says how to get one.",
      );
    }
    this.texts ??= import("./textEmbedder.ts").then(({ TextEmbedder }) => new TextEmbedder());
    return await (await this.texts).embed(model, text, signal);
  }

  /** To be called when a text tower has become another one, or has gone. */
  endTexts(): void {
    void this.texts?.then((texts) => texts.close());
    this.texts = null;
  }

  /** What made the features that are looked at; null for vectors, and for the bundled model. */
  private get modelInUse(): { sha256: string; name: string } | null {
    const { space = "", model } = this.project.info();
    const inUse = space === "" ? (model ?? null) : (this.find(space)?.model ?? null);
    return inUse?.sha256 === this.project.engine.manifest.sha256 ? null : inUse;
  }

  /** Ends the sessions of all models. */
  close(): void {
    this.endTexts();
    for (const engine of this.engines.values()) void engine.then((one) => one.close()).catch(() => undefined);
    this.engines.clear();
  }
}

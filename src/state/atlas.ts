import { isWinnowError, WinnowError } from "../core/errors.ts";
import type { HeadSettings } from "../core/linalg/head.ts";
import { type EmbeddingMap, mapSeed } from "../core/reduce/embeddingMap.ts";
import type { Progress } from "../core/task.ts";
import type { AdaptResult, MapSnapshot } from "../pipeline/analyst.ts";
import type { ProjectDesk } from "./desk.ts";
import type { Projection } from "./state.ts";

/** The first fit while images arrive; later ones when there are four times as many: fitting takes time from embedding. */
const firstLiveFit = 16;
const liveFitGrowth = 4;
const lastLiveFit = 8_192;
/** Up to this growth a finished project keeps its head, and its maps take the new images in. */
const keptGrowth = 1.1;

/** The open project's embedding and its maps: fitted while images arrive and once more when all are there. */
export class Atlas {
  private adapted: AdaptResult | null = null;
  /** A map that was published, of all images: shown while its embedding is not here. */
  private published: EmbeddingMap | null = null;
  private fitting: Promise<void> | null = null;
  private layingOut: Projection | null = null;
  private stopLayout: (() => void) | null = null;

  constructor(
    private readonly desk: ProjectDesk,
    /** Called when there is another embedding, also one of an earlier visit. */
    private readonly onEmbedding: () => void,
  ) {}

  /** Fits another head: the maps follow, earlier selections keep the head they were made with. */
  async refit(settings: HeadSettings): Promise<void> {
    while (this.fitting !== null) await this.fitting.catch(() => undefined);
    this.desk.store.setState({ head: { ...this.desk.store.getState().head, settings } });
    await this.fit();
    await this.showMap();
  }

  get headHash(): string {
    return this.adapted?.headHash ?? "";
  }

  /** Names the embedding: its head and its rows. Null while there is none of all images. */
  get embeddingId(): string | null {
    const { adapted } = this;
    if (adapted === null || adapted.rows !== this.desk.store.getState().images.length) return null;
    return `${adapted.headHash} ${adapted.rows}`;
  }

  /** Reads what an earlier visit computed. */
  async open(): Promise<void> {
    this.adapted = await this.desk.project.analysis.current();
    this.tell();
    if (this.adapted === null) return;
    this.onEmbedding();
    await this.showMap();
  }

  /** Gives up a map that is being made. */
  stopLayingOut(): void {
    this.stopLayout?.();
  }

  /** Looks at the embedding of the space that the project has come to, fitting it where that was never done. */
  async reopen(): Promise<void> {
    await this.open();
    await this.ensureCurrent();
  }

  /** Called with every stored batch: refits now and then, so that the map grows with the images. */
  grew(): void {
    // Another model's embedding gets its images after the first one has them.
    if (this.desk.store.getState().space !== "") return;
    if (this.desk.project.published.url !== null) {
      this.showPublished();
      return;
    }
    if (!this.desk.project.tabs.writes) return;
    const rows = this.desk.store.getState().images.length;
    const due = this.adapted === null ? firstLiveFit : this.adapted.rows * liveFitGrowth;
    if (rows < due || rows > lastLiveFit || this.fitting !== null) return;
    void this.fit().catch((error) => this.desk.notices.error(error));
  }

  /** Makes the embedding cover every stored image; resolves at once when it does. */
  async ensureCurrent(): Promise<void> {
    while (this.fitting !== null) await this.fitting.catch(() => undefined);
    const { adapted } = this;
    const { images, space, spaces } = this.desk.store.getState();
    const rows = images.length;
    // A tab that follows takes over what the other computes.
    if (adapted?.rows === rows || !this.desk.project.tabs.writes) return;
    if (this.desk.project.published.url !== null) {
      await this.fetchPublished();
      return;
    }
    const lacking = spaces.find(({ id }) => id === space);
    if (lacking && lacking.rows < rows) {
      throw new WinnowError(
        "empty",
        `“${lacking.name}” lacks ${rows - lacking.rows} images yet: wait until they are embedded, or look at another embedding.`,
      );
    }
    const few = adapted !== null && rows > adapted.rows && rows <= adapted.fittedTotal * keptGrowth;
    await this.fit(few ? "extend" : "adapt");
  }

  /** Shows the map of the present projection, computing it where needed. */
  async showMap(recompute = false): Promise<void> {
    const { store } = this.desk;
    const { projection } = store.getState();
    if (this.adapted === null) {
      if (this.desk.project.published.url === null) return;
      this.published = await this.desk.project.published.map(projection);
      this.showPublished();
      if (this.published !== null) return;
      await this.fetchPublished();
    }
    const stored = recompute ? null : await this.desk.project.analysis.storedMap(projection);
    if (stored) this.publish(projection, stored.xy, stored);
    else await this.compute(projection);
  }

  private fit(how: "adapt" | "extend" = "adapt"): Promise<void> {
    this.fitting = this.runFit(how).finally(() => {
      this.fitting = null;
    });
    return this.fitting;
  }

  private async runFit(how: "adapt" | "extend"): Promise<void> {
    const { project, jobs, isOpen } = this.desk;
    const abort = new AbortController();
    const job = jobs.start({ name: "Adapting", unit: "steps", cancel: () => abort.abort() });
    try {
      const { settings } = this.desk.store.getState().head;
      const supervision = { signal: abort.signal, progress: job.update };
      this.adapted =
        how === "extend"
          ? await project.analysis.extend(supervision)
          : await project.analysis.adapt(settings, supervision);
      this.tell();
      job.finish(`${this.adapted.dim} numbers an image`);
      if (how === "adapt" && settings.augmented && !this.adapted.settings.augmented && settings.method === "head") {
        this.desk.notices.info(
          "The embedding was fitted without augmented views: there are none of these images with this model. Fit it with them under Embedding.",
        );
      }
    } catch (error) {
      job.fail(error);
      throw error;
    }
    if (!isOpen()) return;
    project.tabs.announce("computed");
    this.onEmbedding();
    // A slow map of fewer images stays in view until the person asks for a new one; PCA follows at once.
    const { projection, xy } = this.desk.store.getState();
    if (projection === "PCA" || xy === null || how === "extend") await this.showMap();
  }

  /** The part of a published map whose images are here. */
  private showPublished(): void {
    const { store } = this.desk;
    const { images, projection } = store.getState();
    if (this.published === null || this.adapted !== null) return;
    this.publish(projection, this.published.xy.subarray(0, 2 * images.length), this.published);
  }

  /** Brings in the embedding of a published project: nothing else needs so many bytes. */
  private fetchPublished(): Promise<void> {
    this.fitting ??= this.runFetch().finally(() => {
      this.fitting = null;
    });
    return this.fitting;
  }

  private async runFetch(): Promise<void> {
    const { project, jobs, notices } = this.desk;
    const job = jobs.start({ name: "Fetching embeddings", unit: "steps" });
    try {
      const damages = await project.published.fetchEmbedding();
      for (const damage of damages) notices.error(new WinnowError("shape", damage));
      project.renewAnalysis();
      this.adapted = await project.analysis.current();
      if (this.adapted === null) {
        throw new WinnowError(
          "empty",
          "This project was published without its embedding: similar images and selections need it.",
        );
      }
      job.finish(`${this.adapted.dim} numbers an image`);
    } catch (error) {
      job.fail(error);
      throw error;
    }
    if (!this.desk.isOpen()) return;
    this.tell();
    this.onEmbedding();
  }

  private tell(): void {
    const { adapted, desk } = this;
    if (adapted === null || !desk.isOpen()) return;
    const { settings, report, dim, rows } = adapted;
    desk.store.setState({ head: { settings, fitted: { report, dim, rows } } });
  }

  private async compute(projection: Projection): Promise<void> {
    if (this.layingOut === projection || !this.desk.project.tabs.writes) return;
    this.stopLayout?.();
    this.layingOut = projection;
    const { project, jobs } = this.desk;
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    this.stopLayout = stop;
    const job = projection === "PCA" ? null : jobs.start({ name: projection, unit: "epochs", cancel: stop });
    try {
      let whole = false;
      // The last look may come after the result: it has a channel of its own.
      const look = (xy: MapSnapshot): void => {
        if (!whole) this.publish(projection, xy, null);
      };
      const supervision = { signal: abort.signal, progress: (done: Progress) => job?.update(done) };
      const map = await project.analysis.computeMap({ method: projection, seed: mapSeed }, look, supervision);
      whole = true;
      job?.finish(`trustworthiness ${map.quality.trustworthiness.toFixed(3)}`);
      this.publish(projection, map.xy, map);
      project.tabs.announce("computed");
    } catch (error) {
      if (job) job.fail(error);
      if (!isWinnowError(error, "cancelled")) this.desk.notices.error(error);
      // Whatever stopped it, the person sees a map again, unless another one is already on its way.
      if (projection !== "PCA" && this.desk.store.getState().projection === projection) {
        this.desk.store.setState({ projection: "PCA" });
        await this.showMap();
      }
    } finally {
      if (this.stopLayout === stop) {
        this.stopLayout = null;
        this.layingOut = null;
      }
    }
  }

  private publish(projection: Projection, xy: MapSnapshot, map: EmbeddingMap | null): void {
    const { store, isOpen } = this.desk;
    const mapQuality = map && { ...map.quality, recall: map.recall };
    if (isOpen() && store.getState().projection === projection) store.setState({ xy, mapEmpty: null, mapQuality });
  }
}

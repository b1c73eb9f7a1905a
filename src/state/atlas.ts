import { isWinnowError } from "../core/errors.ts";
import type { AdaptResult, MapSnapshot } from "../pipeline/analyst.ts";
import type { ProjectDesk } from "./desk.ts";
import type { Projection } from "./state.ts";

/** The first fit while images arrive; later ones when there are four times as many: fitting takes time from embedding. */
const firstLiveFit = 16;
const liveFitGrowth = 4;
const lastLiveFit = 8_192;
/** The same map for the same embedding, every time. */
const umapSeed = 42;

/** The open project's embedding and its maps: fitted while images arrive and once more when all are there. */
export class Atlas {
  private adapted: AdaptResult | null = null;
  private fitting: Promise<void> | null = null;
  private layingOut = false;

  constructor(private readonly desk: ProjectDesk) {}

  get headHash(): string {
    return this.adapted?.headHash ?? "";
  }

  /** Reads what an earlier visit computed. */
  async open(): Promise<void> {
    this.adapted = await this.desk.project.analysis.current();
    if (this.adapted !== null) await this.showMap();
  }

  /** Called with every stored batch: refits now and then, so that the map grows with the images. */
  grew(): void {
    const rows = this.desk.store.getState().images.length;
    const due = this.adapted === null ? firstLiveFit : this.adapted.rows * liveFitGrowth;
    if (rows < due || rows > lastLiveFit || this.fitting !== null) return;
    void this.fit().catch((error) => this.desk.notices.error(error));
  }

  /** Makes the embedding cover every stored image; resolves at once when it does. */
  async ensureCurrent(): Promise<void> {
    while (this.fitting !== null) await this.fitting.catch(() => undefined);
    if (this.adapted?.rows !== this.desk.store.getState().images.length) await this.fit();
  }

  /** Shows the map of the present projection, computing it where needed. */
  async showMap(recompute = false): Promise<void> {
    const { store } = this.desk;
    const { projection } = store.getState();
    if (this.adapted === null) return;
    if (projection === "PCA") {
      this.publish("PCA", await this.desk.project.analysis.pcaMap());
      return;
    }
    const storedMap = recompute ? null : await this.desk.project.analysis.storedUmap();
    if (storedMap) this.publish("UMAP", storedMap);
    else await this.computeUmap();
  }

  private fit(): Promise<void> {
    this.fitting = this.runFit().finally(() => {
      this.fitting = null;
    });
    return this.fitting;
  }

  private async runFit(): Promise<void> {
    const { project, jobs, isOpen } = this.desk;
    const abort = new AbortController();
    const job = jobs.start({ name: "Adapting", unit: "steps", cancel: () => abort.abort() });
    try {
      this.adapted = await project.analysis.adapt({ signal: abort.signal, progress: job.update });
      job.finish(`${this.adapted.dim} numbers an image`);
    } catch (error) {
      job.fail(error);
      throw error;
    }
    if (!isOpen()) return;
    // A UMAP of fewer images stays in view until the person asks for a new one; PCA follows at once.
    const { projection, xy } = this.desk.store.getState();
    if (projection === "PCA" || xy === null) await this.showMap();
  }

  private async computeUmap(): Promise<void> {
    if (this.layingOut) return;
    this.layingOut = true;
    const { project, jobs } = this.desk;
    const abort = new AbortController();
    const job = jobs.start({ name: "UMAP", unit: "epochs", cancel: () => abort.abort() });
    try {
      const look = (xy: MapSnapshot): void => this.publish("UMAP", xy);
      const xy = await project.analysis.umap(umapSeed, look, { signal: abort.signal, progress: job.update });
      job.finish();
      this.publish("UMAP", xy);
    } catch (error) {
      job.fail(error);
      if (!isWinnowError(error, "cancelled")) this.desk.notices.error(error);
      // Whatever stopped it, the person sees a map again.
      this.desk.store.setState({ projection: "PCA" });
      await this.showMap();
    } finally {
      this.layingOut = false;
    }
  }

  private publish(projection: Projection, xy: MapSnapshot): void {
    const { store, isOpen } = this.desk;
    if (isOpen() && store.getState().projection === projection) store.setState({ xy, mapEmpty: null });
  }
}

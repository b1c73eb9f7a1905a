import { isWinnowError } from "../core/errors.ts";
import type { Insights } from "../pipeline/analyst.ts";
import type { ProjectDesk } from "./desk.ts";
import { duplicatesAmong, duplicatesField, duplicatesOf } from "./duplicates.ts";
import { insightFields } from "./fields.ts";

/** Finds clusters, near duplicates, scores and predicted classes of the open project, and keeps them up to date. */
export class Exploring {
  /** The embedding that `computed` is of, or is being made of. */
  private of = "";
  private abort = new AbortController();

  private readonly unsubscribe: () => void;

  constructor(private readonly desk: ProjectDesk) {
    // What is set of the checks is stored, and may be taken back: the groups follow it.
    this.unsubscribe = desk.store.subscribe(({ quality }, before) => {
      const asked = quality.thresholds.near_duplicate ?? null;
      const moved = asked !== (before.quality.thresholds.near_duplicate ?? null);
      if (desk.isOpen() && moved) this.setDuplicateThreshold(asked);
    });
  }

  /**
   * Makes `computed` follow the present embedding, of which `embeddingId` is a name; at once when it does already, or
   * when it is stored.
   */
  async update(embeddingId: string): Promise<void> {
    if (embeddingId === this.of) return;
    this.of = embeddingId;
    this.abort.abort();
    this.abort = new AbortController();
    const { project, store } = this.desk;
    const stored = await project.analysis.storedInsights();
    const insights = stored ?? (await this.compute(this.abort));
    if (insights === null || this.of !== embeddingId || !this.desk.isOpen()) return;
    const { images, quality } = store.getState();
    const pairs = insights.duplicates;
    const duplicates = pairs && duplicatesAmong(images, pairs, quality.thresholds.near_duplicate ?? null);
    const computed = insightFields(insights, duplicates);
    store.setState(({ fields, colourBy }) => {
      // Where there is only one folder, its colour tells nothing.
      const folders = fields.find(({ id }) => id === "folder");
      const dull = colourBy === "folder" && folders?.kind === "tree" && folders.names.length < 2;
      return { computed, duplicates, ...(dull && { colourBy: "cluster" }) };
    });
  }

  /** Another strictness for near duplicates; null: the usual one. */
  setDuplicateThreshold(asked: number | null): void {
    this.desk.store.setState(({ duplicates: before, computed }) => {
      if (before === null) return {};
      const duplicates = duplicatesOf(before.pairs, before.exact, asked);
      const field = duplicatesField(duplicates);
      return { duplicates, computed: computed.map((other) => (other.id === field.id ? field : other)) };
    });
  }

  /** What is shown is of another embedding from now on. */
  forget(): void {
    this.of = "";
    this.abort.abort();
  }

  close(): void {
    this.unsubscribe();
    this.abort.abort();
  }

  /** Null when it was cancelled or failed; the next embedding, or a person, tries again. */
  private async compute(abort: AbortController): Promise<Insights | null> {
    const { project, jobs, notices } = this.desk;
    if (!project.tabs.writes) {
      // The other tab finds it.
      this.of = "";
      return null;
    }
    const job = jobs.start({ name: "Exploring", unit: "steps", cancel: () => abort.abort() });
    try {
      const classifier = await project.model.classifier();
      const insights = await project.analysis.explore(classifier, { signal: abort.signal, progress: job.update });
      project.tabs.announce("computed");
      job.finish(`${insights.clusters.names.length} clusters`);
      return insights;
    } catch (error) {
      job.fail(error);
      this.of = "";
      if (this.desk.isOpen() && !isWinnowError(error, "cancelled")) notices.error(error);
      return null;
    }
  }
}

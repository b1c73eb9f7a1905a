import { isWinnowError, WinnowError } from "../core/errors.ts";
import { ImageIndex } from "../core/imageIndex.ts";
import type { ImageRecord } from "../core/records.ts";
import type { IngestCounts, IngestRun, Project, Source } from "../pipeline/project.ts";
import type { ProjectDesk } from "./desk.ts";
import { embeddingNote } from "./embeddingNote.ts";
import type { RunningJob } from "./jobs.ts";

/** What follows when images have been stored, or when a source has come to its end. */
export interface FillingEvents {
  stored(records: readonly ImageRecord[]): void;
  /** All waiting sources are done, or one was stopped; `counts` of the last one, null when it was stopped. */
  ended(counts: IngestCounts | null, source: Source): void;
}

/** Fills the open project from its sources, one after the other, and shows it as jobs. */
export class Filling {
  private readonly waiting: Source[] = [];
  private run: IngestRun | null = null;

  constructor(
    private readonly desk: ProjectDesk,
    private readonly events: FillingEvents,
  ) {}

  get busy(): boolean {
    return this.run !== null;
  }

  add(source: Source): void {
    this.waiting.push(source);
    if (this.run === null) void this.next();
  }

  /** Continues an unfinished ingest; says what is needed when the browser wants something of the person first. */
  async resume(asked: boolean): Promise<void> {
    const { project, store } = this.desk;
    if (this.run !== null) return;
    if (asked) await project.sources.reconnect();
    const { source, access, name } = await project.sources.last();
    if (source && access === "granted") {
      store.setState({ interruption: null });
      this.add(source);
    } else {
      store.setState({ interruption: { kind: access === "prompt" ? "permission" : "choose-again", source: name } });
    }
  }

  private async next(): Promise<void> {
    const source = this.waiting.shift();
    if (source === undefined) return;
    const { store, project } = this.desk;
    store.setState({ interruption: null });
    const view = new FillingView(this.desk, () => this.run);
    let counts: IngestCounts | null = null;
    try {
      const known = ImageIndex.of(store.getState().images);
      this.run = project.ingest(source, known, {
        counts: (now) => view.show(now),
        stored: (records) => this.events.stored(records),
        problem: (problem) =>
          store.setState(({ problems }) => ({
            problems: [...problems.filter(({ path }) => path !== problem.path), problem],
          })),
      });
      counts = await this.run.finished;
      view.finish(counts);
    } catch (error) {
      view.fail(error);
      this.waiting.length = 0;
      if (this.desk.isOpen()) this.interrupted(error, source);
    } finally {
      this.run = null;
    }
    if (!this.desk.isOpen()) return;
    if (counts !== null && this.waiting.length > 0) void this.next();
    else this.events.ended(counts, source);
  }

  private interrupted(error: unknown, source: Source): void {
    const { store, notices } = this.desk;
    const { name } = source;
    if (isWinnowError(error, "permission")) store.setState({ interruption: { kind: "permission", source: name } });
    else if (isWinnowError(error, "storage-full"))
      store.setState({ interruption: { kind: "storage-full", source: name } });
    else {
      store.setState({ interruption: { kind: "stopped", source: name } });
      notices.error(error);
    }
  }
}

/** An ingest as the person sees it: a short listing job and the long embedding job. */
class FillingView {
  private listing: RunningJob | null;
  private readonly embedding: RunningJob;

  constructor(
    private readonly desk: ProjectDesk,
    run: () => IngestRun | null,
  ) {
    const cancel = (): void => run()?.cancel();
    this.listing = desk.jobs.start({ name: "Listing", unit: "files", cancel });
    this.embedding = desk.jobs.start({
      name: "Embedding",
      unit: "images",
      cancel,
      pause: () => run()?.pause(),
      resume: () => run()?.resume(),
    });
  }

  show(counts: IngestCounts): void {
    this.listing?.update({ done: counts.files, total: 0 });
    if (!counts.listing) {
      this.listing?.finish();
      this.listing = null;
    }
    this.embedding.update({
      done: counts.done,
      total: counts.listed,
      worked: counts.embedded,
      note: embeddingNote(this.desk.project.model.engine.runsOn, counts),
    });
  }

  finish(counts: IngestCounts): void {
    this.show({ ...counts, listing: false });
    this.embedding.finish();
  }

  fail(error: unknown): void {
    this.listing?.fail(new WinnowError("cancelled", "Cancelled."));
    this.embedding.fail(error);
  }
}

/** For a notice when a source held nothing to keep. */
export function emptySourceMessage(source: Source, counts: IngestCounts, project: Project): string {
  const looked =
    counts.ignored === 1 ? "1 file was looked at and it is" : `${counts.ignored} files were looked at and none is`;
  const found =
    counts.ignored === 0
      ? "It is empty."
      : `${looked} an image Winnow can read (JPEG, PNG, WebP, GIF, BMP, AVIF, TIFF, HEIC).`;
  return `No images in “${source.name || project.info.name}”. ${found}`;
}

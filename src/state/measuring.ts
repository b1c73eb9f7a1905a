import { isWinnowError } from "../core/errors.ts";
import type { ImageRecord } from "../core/records.ts";
import type { MeasuringCounts } from "../pipeline/project.ts";
import type { ProjectDesk } from "./desk.ts";
import type { Explorer } from "./explorer.ts";

/** Measures the images of a project that came from an older version, as a job. */
export class Measuring {
  private running = false;

  constructor(
    private readonly desk: ProjectDesk,
    private readonly explorer: Pick<Explorer, "remeasured">,
  ) {}

  /** Reads the originals of all images without measures again, or of all where each has them. Call it from a click. */
  async start(): Promise<void> {
    if (this.running) return;
    this.running = true;
    const { store, jobs, notices, project } = this.desk;
    const abort = new AbortController();
    const job = jobs.start({ name: "Measuring", unit: "images", cancel: () => abort.abort() });
    try {
      await project.sources.reconnect();
      const counts = await project.measure(this.unmeasured(), abort.signal, {
        progress: (now) => job.update({ done: now.done, total: now.total }),
        measured: (measures) => {
          if (!this.desk.isOpen()) return;
          const { images } = store.getState();
          for (const [row, one] of measures) images.measure(row, one);
        },
      });
      job.finish(summary(counts));
      const left = leftOut(counts);
      if (left && this.desk.isOpen()) notices.info(left);
    } catch (error) {
      job.fail(error);
      if (!isWinnowError(error, "cancelled") && this.desk.isOpen()) notices.error(error);
    } finally {
      this.running = false;
      if (this.desk.isOpen()) this.explorer.remeasured();
    }
  }

  private unmeasured(): ImageRecord[] {
    const { images } = this.desk.store.getState();
    const rows = Array.from({ length: images.length }, (_, row) => row);
    const without = rows.filter((row) => !images.measures.has(row));
    return (without.length > 0 ? without : rows).map((row) => images.at(row));
  }
}

const summary = ({ measured }: MeasuringCounts): string => `${measured} measured`;

/** What could not be measured, and what to do; "" when nothing was left out. */
function leftOut({ missing, changed, unreadable }: MeasuringCounts): string {
  const parts = [
    missing > 0 && `${missing} ${missing === 1 ? "file is not where it was" : "files are not where they were"}`,
    changed > 0 && `${changed} ${changed === 1 ? "holds" : "hold"} another image now`,
    unreadable > 0 && `${unreadable} cannot be decoded any more`,
  ].filter((part) => part !== false);
  return parts.length === 0
    ? ""
    : `Not measured: ${parts.join(", ")}. Add the folder as it is now to bring those images in anew.`;
}

import { isWinnowError } from "../core/errors.ts";
import type { HeadSettings } from "../core/linalg/head.ts";
import { Gate } from "../pipeline/gate.ts";
import type { Atlas } from "./atlas.ts";
import type { ProjectDesk } from "./desk.ts";

interface AugmentingSession {
  readonly desk: ProjectDesk;
  readonly atlas: Pick<Atlas, "refit">;
}

/** The job that makes views of images. */
export const viewsJob = "Augmented views";

/** Fits another head; one that takes augmented views into account after those have been made, as a job. */
export async function refit(session: AugmentingSession, settings: HeadSettings): Promise<void> {
  const { method, augmented = 0 } = settings;
  if (method === "head" && augmented > 0 && !(await makeViews(session.desk, augmented))) return;
  await session.atlas.refit(settings);
}

/** Makes views of a sample of the images in the space that is looked at. True when there are as many as can be. */
async function makeViews({ project, store, jobs, notices, isOpen }: ProjectDesk, wanted: number): Promise<boolean> {
  if (store.getState().jobs.some(({ name, status }) => name === viewsJob && ["running", "paused"].includes(status))) {
    return false;
  }
  const abort = new AbortController();
  const gate = new Gate(abort.signal);
  const job = jobs.start({
    name: viewsJob,
    unit: "images",
    cancel: () => abort.abort(),
    pause: () => gate.pause(),
    resume: () => gate.resume(),
  });
  try {
    await project.sources.reconnect();
    const { images } = store.getState();
    const { missing } = await project.spaces.embedViews(project.info.space ?? "", wanted, (row) => images.at(row), {
      signal: abort.signal,
      gate,
      progress: ({ done, total, missing: gone }) =>
        job.update({ done, total, ...(gone > 0 && { note: `${gone} originals not found` }) }),
    });
    job.finish();
    if (missing > 0) {
      notices.info(
        `${missing} images are not where they were or have changed: the embedding is fitted without views of them.`,
      );
    }
    return isOpen();
  } catch (error) {
    job.fail(error);
    if (!isWinnowError(error, "cancelled") && isOpen()) notices.error(error);
    return false;
  }
}

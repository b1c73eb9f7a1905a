import { isWinnowError, WinnowError } from "../core/errors.ts";
import type { Refound, Source } from "../pipeline/project.ts";
import type { Session } from "./session.ts";

/**
 * Ties the open project to a folder that a person shows: its images' folder under another name or in another place, or
 * the same one with changed files.
 * @param reopen shows the project as it is then
 */
export async function findFolderAgain(session: Session, source: Source, reopen: () => Promise<void>): Promise<void> {
  const { desk } = session;
  const { project, jobs, notices, store } = desk;
  if (session.filling.busy) {
    throw new WinnowError("config", "Images are being added. Wait until that is done, then find the folder again.");
  }
  const abort = new AbortController();
  const job = jobs.start({ name: "Finding the folder", unit: "images", cancel: () => abort.abort() });
  try {
    const { images } = store.getState();
    const refound = await project.findFolderAgain(source, images, { signal: abort.signal, progress: job.update });
    job.finish(summary(refound));
    await reopen();
    notices.info(`“${source.name}”: ${summary(refound)}. Tags, labels and selections are as they were.`);
    for (const { path, reason } of refound.problems) notices.info(`“${path}”: ${reason}`);
  } catch (error) {
    job.fail(error);
    if (!isWinnowError(error, "cancelled")) throw error;
  }
}

function summary({ found, moved, changed, missing, others }: Refound): string {
  const files = (count: number): string => (count === 1 ? "1 file" : `${count.toLocaleString("en")} files`);
  return [
    `${files(found + moved)} found`,
    moved > 0 && `${moved.toLocaleString("en")} of them under another path`,
    changed > 0 && `${files(changed)} changed and embedded anew`,
    missing > 0 && `${files(missing)} missing`,
    others > 0 && `${files(others)} not in the project: add the folder to bring them in`,
  ]
    .filter((part) => part !== false)
    .join(", ");
}

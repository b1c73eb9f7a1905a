import { WinnowError } from "../core/errors.ts";
import { excludedTag } from "../core/tags.ts";
import type { Supervision } from "../pipeline/analyst.ts";
import { moveImages, moveImagesBack } from "../pipeline/rejects.ts";
import type { Session } from "./session.ts";

interface Outcome {
  moved: number;
  failures: readonly { path: string; reason: string }[];
}

/** Moves the files of excluded images into a subfolder of their own. Must be called from a click. */
export async function moveRejects(session: Session): Promise<void> {
  const { store, project, now } = session.desk;
  const { images, tags } = store.getState();
  const rows = tags.get(excludedTag)?.rows ?? new Uint32Array(0);
  const files = Array.from(rows, (row) => ({ path: images.path(row), sha256: images.sha256(row) }));
  const outcome = await asJob(session, "Moving files", (supervision) =>
    moveImages(project.sources.refs(), files, now(), supervision),
  );
  if (outcome) tellOf(session, outcome, "moved into “winnow-rejects”, with a log of where they were");
}

/** Moves back what was moved last. Must be called from a click. */
export async function moveRejectsBack(session: Session): Promise<void> {
  const outcome = await asJob(session, "Moving files back", (supervision) =>
    moveImagesBack(session.desk.project.sources.refs(), supervision),
  );
  if (outcome === null) session.desk.notices.info("There is no log of moved files that could be taken back.");
  else if (outcome) tellOf(session, outcome, "moved back to where they were");
}

async function asJob<T>(
  { desk }: Session,
  name: string,
  work: (supervision: Supervision) => Promise<T>,
): Promise<T | undefined> {
  const abort = new AbortController();
  const job = desk.jobs.start({ name, unit: "files", cancel: () => abort.abort() });
  try {
    const result = await work({ signal: abort.signal, progress: job.update });
    job.finish();
    return result;
  } catch (error) {
    job.fail(error);
    desk.notices.error(error);
    return undefined;
  }
}

function tellOf({ desk: { notices } }: Session, { moved, failures }: Outcome, where: string): void {
  const files = (count: number): string => (count === 1 ? "1 file was" : `${count.toLocaleString("en")} files were`);
  if (moved > 0) notices.info(`${files(moved)} ${where}.`);
  const [first] = failures;
  if (first) {
    notices.error(
      new WinnowError("vanished", `${files(failures.length)} left alone. The first: ${first.path}: ${first.reason}`),
    );
  }
}

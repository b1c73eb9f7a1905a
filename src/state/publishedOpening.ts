import { WinnowError } from "../core/errors.ts";
import type { ImageRecord } from "../core/records.ts";
import type { Atlas } from "./atlas.ts";
import type { ProjectDesk } from "./desk.ts";

/** An embedding of up to so many bytes is fetched unasked: it gives clusters, outliers and duplicates to filter by. */
const fetchedUnasked = 8 << 20;

/** What of a session the opening needs. */
interface OpeningSession {
  readonly desk: ProjectDesk;
  readonly atlas: Atlas;
  append(records: readonly ImageRecord[]): void;
  readAgain(): Promise<void>;
}

/**
 * Shows a project that was published: first images and map at once, the others as they come, its embedding when it is
 * small or wanted. Resolves when all that comes by itself is here.
 */
export async function openPublished(session: OpeningSession): Promise<void> {
  const { atlas, desk } = session;
  const { project } = desk;
  const { published } = project;
  if (project.info.unfinished) {
    const abort = new AbortController();
    const job = desk.jobs.start({ name: "Opening project", unit: "images", cancel: () => abort.abort() });
    let shown: Promise<void> | null = null;
    try {
      await published.expectMap(desk.store.getState().projection);
      const supervision = { signal: abort.signal, progress: job.update };
      const stored = async (records: readonly ImageRecord[]): Promise<void> => {
        if (!desk.isOpen()) abort.abort();
        session.append(records);
        shown ??= atlas.showMap().catch((error) => desk.notices.error(error));
        await shown;
        await drawn();
      };
      const damages = await published.fill(desk.now, stored, supervision);
      job.finish();
      for (const damage of damages) {
        desk.notices.error(new WinnowError("shape", `${damage} The rest was opened.`));
      }
    } catch (error) {
      job.fail(error);
      throw error;
    }
    await session.readAgain();
    if (!(await published.sendsParts())) {
      desk.notices.info(
        "The host of this project sends files only whole, so images of a large project take longer to appear.",
      );
    }
  } else if (atlas.embeddingId === null) await atlas.showMap();
  if (!desk.isOpen() || atlas.embeddingId !== null) return;
  const bytes = await published.embeddingBytes();
  if (bytes > 0 && bytes <= fetchedUnasked) await atlas.ensureCurrent();
}

/** Resolves once what is shown has been drawn, so that thumbnails that are looked at have been asked for. */
const drawn = (): Promise<void> =>
  new Promise((resolve) => {
    // A hidden page draws nothing.
    const timer = setTimeout(resolve, 200);
    requestAnimationFrame(() =>
      setTimeout(() => {
        clearTimeout(timer);
        resolve();
      }, 50),
    );
  });

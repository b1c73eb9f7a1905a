import { WinnowError } from "../core/errors.ts";
import type { PublicationChoice } from "../core/publication/publicationParts.ts";
import { chooseDestination } from "../pipeline/destination.ts";
import type { Session } from "./session.ts";

/** Publishes all images or those shown. Must be called from a click. */
export async function publish(
  session: Session,
  choice: PublicationChoice,
  scope: "all" | "shown",
  as: "folder" | "zip",
): Promise<void> {
  const { project, desk } = session;
  const { store, jobs, notices, programVersion } = desk;
  if (project.published.url !== null) {
    throw new WinnowError("config", "This project was published already: its thumbnails are only where it lies.");
  }
  const destination = as === "zip" ? ({ kind: "zip" } as const) : await chooseDestination();
  if (destination === null) return;
  const { images, order, tags, tagStyles, annotations, metadata } = store.getState();
  const all = Uint32Array.from({ length: project.info.imageCount }, (_, row) => row);
  const rows = scope === "all" ? all : order.slice().sort();
  const abort = new AbortController();
  let missing = 0;
  const onMissing = (): void => void missing++;
  const job = jobs.start({ name: "Publishing", unit: "images", cancel: () => abort.abort() });
  try {
    if (choice.originals !== "none") await project.sources.reconnect();
    const saved = await project.publish(
      { rows, choice, images, tags, tagStyles, annotations, metadata, programVersion, onMissing },
      destination,
      { signal: abort.signal, progress: job.update },
    );
    job.finish(saved === null ? "Not saved" : "");
    if (saved !== null) {
      const gone =
        missing === 0 ? "" : ` ${missing.toLocaleString("en")} originals are not where they were and not in it.`;
      notices.info(`The site is saved in “${saved}”. Put all of it on a static host, under any path.${gone}`);
    }
  } catch (error) {
    job.fail(error);
    throw error;
  }
}

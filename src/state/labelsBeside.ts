import { WinnowError } from "../core/errors.ts";
import { formatTitles } from "../core/format/annotations/formats.ts";
import { type AnnotationsBeside, annotationsBeside } from "../pipeline/importer.ts";
import type { Source } from "../pipeline/project.ts";
import type { ProjectDesk } from "./desk.ts";
import type { Importing } from "./importing.ts";

/** What of a session the offer needs. */
interface OfferSession {
  readonly desk: ProjectDesk;
  readonly importing: Pick<Importing, "begin">;
}

/** Offers to import the labels that lie beside the images that were just brought in; nothing happens unasked. */
export async function offerLabels(session: OfferSession, source: Source): Promise<void> {
  const { desk } = session;
  const beside = await annotationsBeside(source, new AbortController().signal);
  if (beside === null || !desk.isOpen()) return;
  const count = beside.count === 1 ? "1 file" : `${beside.count.toLocaleString("en")} files`;
  desk.notices.offer(
    `“${source.name}” holds more than images: ${formatTitles[beside.format]}, ${count}. It can be imported as labels, predictions or metadata.`,
    { label: "Import it", run: () => void beginWith(session, beside) },
  );
}

/** Opens all files, as a job, and begins the import. */
async function beginWith({ desk, importing }: OfferSession, beside: AnnotationsBeside): Promise<void> {
  if (!desk.isOpen()) return;
  const abort = new AbortController();
  const job = desk.jobs.start({ name: "Opening labels", unit: "files", cancel: () => abort.abort() });
  try {
    const given = await beside.open((done) => {
      if (abort.signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
      job.update({ done, total: beside.count });
    });
    job.finish();
    if (desk.isOpen()) await importing.begin(given);
  } catch (error) {
    job.fail(error);
    if (desk.isOpen()) desk.notices.error(error);
  }
}

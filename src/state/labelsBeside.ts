import { formatTitles } from "../core/format/annotations/formats.ts";
import { annotationsIn, Importer } from "../pipeline/importer.ts";
import type { Source } from "../pipeline/project.ts";
import type { ProjectDesk } from "./desk.ts";
import type { Importing } from "./importing.ts";

/** What of a session the offer needs. */
interface OfferSession {
  readonly desk: ProjectDesk;
  readonly importing: Pick<Importing, "begin">;
}

/** Offers to import the labels that lie beside the images that were just brought in; nothing happens unasked. */
export async function offerLabels({ desk, importing }: OfferSession, source: Source): Promise<void> {
  const given = await annotationsIn(source, new AbortController().signal, true);
  if (given === null || !desk.isOpen()) return;
  const importer = new Importer();
  try {
    const { format } = await importer.look(given);
    if (format === null || !desk.isOpen()) return;
    const count = given.files.length === 1 ? "1 file" : `${given.files.length.toLocaleString("en")} files`;
    desk.notices.offer(
      `“${source.name}” holds more than images: ${formatTitles[format]}, ${count}. It can be imported as labels, predictions or metadata.`,
      { label: "Import it", run: () => void importing.begin(given) },
    );
  } finally {
    importer.close();
  }
}

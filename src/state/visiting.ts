import { changesText } from "../core/collaboration/changesFile.ts";
import { changesEnding } from "../core/collaboration/changesName.ts";
import { visitorChanges } from "../core/collaboration/visitorChanges.ts";
import { WinnowError } from "../core/errors.ts";
import { selectionJson } from "../core/projectFolder/selectionJson.ts";
import { RowSet } from "../core/rowSet.ts";
import { saveChangesFile } from "../pipeline/exporting.ts";
import type { Session } from "./session.ts";

/** Saves what a visitor tagged, labelled and selected in a published project as one small file for its owner. */
export async function saveChanges({ project, desk }: Session): Promise<void> {
  const { store, notices, now } = desk;
  const visit = await project.contributions.visit();
  if (visit === null) throw new WinnowError("empty", "Wait until the project is open in full, then save again.");
  const { images, tags, annotations, selections } = store.getState();
  const published = new Map([...visit.tags].map(([name, rows]) => [name, RowSet.of(rows)]));
  const mine = annotations.filter(({ id }) => visit.annotations && !visit.annotations.includes(id));
  const started = new Set(mine.map(({ id }) => id));
  const idOf = (row: number): string => images.at(row).id;
  const changes = visitorChanges({ published, tags, annotations, started, idOf }, visit.sent, now());
  const changed = new Set(changes.filter(({ kind }) => kind === "label").map(({ of }) => of));
  const labels = mine.filter(({ id }) => changed.has(id)).map(({ id, name }) => ({ id, name }));
  const image = (row: number) => ({ id: idOf(row), path: "" });
  const own = selections
    .filter(({ id }) => !visit.selections?.includes(id))
    .map((record) => selectionJson(record, { modelSha256: null, image }));
  if (changes.length + own.length === 0) {
    notices.info("There is nothing to send yet: tag, label or select some images first.");
    return;
  }
  const { author } = visit;
  const text = changesText({ author, changes, labels, selections: own });
  saveChangesFile(project, `-${author.slice(0, 6)}${changesEnding}`, text);
  await project.contributions.putVisit({ ...visit, sent: changes });
  notices.info("Your changes are saved as one file. Send it to whoever published the project.");
}

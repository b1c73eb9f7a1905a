import { WinnowError } from "../core/errors.ts";
import { RowSet } from "../core/rowSet.ts";
import { excludedTag } from "../core/tags.ts";
import type { AnnotationExportKind } from "../pipeline/annotationExport.ts";
import { chooseDestination, type Destination } from "../pipeline/destination.ts";
import { type Exportable, exportEmbeddings, exportImages, exportTable } from "../pipeline/exporting.ts";
import type { ExportKind, ExportScope } from "./actions.ts";
import { boxCheckOf, labelCheckOf } from "./labelCheck.ts";
import type { Session } from "./session.ts";
import type { WinnowState } from "./state.ts";

/** Runs one export; anything that may take longer than a second is a job. Must be called from a click. */
export async function runExport(
  session: Session,
  kind: ExportKind,
  scope: ExportScope,
  withExcluded: boolean,
): Promise<void> {
  const { store, notices } = session.desk;
  const state = store.getState();
  const { images, tags, annotations, fields, ranks, problems, issues } = state;
  const rows = rowsByScope(state, withExcluded);
  const from: Exportable = {
    project: session.project,
    images,
    tags,
    annotations,
    fields,
    ranks,
    problems,
    issues,
    labels: labelCheckOf(state) ?? boxCheckOf(state),
    whole: rows.all,
    chosen: rows.chosen,
    only: scope === "all" ? null : { rows: rows[scope], word: scope },
  };
  try {
    if (kind === "images-folder" || kind === "images-zip") await copyImages(session, kind, from);
    else if (kind === "embeddings-npy") {
      await session.atlas.ensureCurrent();
      await exportEmbeddings(from);
    } else if (kind === "tensorboard" || kind === "embedding-atlas") await exportMap(session, kind, from);
    else await exportTable(kind, from);
  } catch (error) {
    notices.error(error);
  }
}

/** Downloads what other tools show as a map. */
async function exportMap(
  { desk, atlas }: Session,
  kind: "tensorboard" | "embedding-atlas",
  from: Exportable,
): Promise<void> {
  const { store, jobs, programVersion } = desk;
  await atlas.ensureCurrent();
  const { xy, mapQuality } = store.getState();
  if ((xy === null || mapQuality === null) && kind === "embedding-atlas") {
    throw new WinnowError("empty", "Wait until the map is made: it is what Embedding Atlas shows.");
  }
  const abort = new AbortController();
  const name = kind === "tensorboard" ? "TensorBoard files" : "Embedding Atlas table";
  const job = jobs.start({ name, unit: "images", cancel: () => abort.abort() });
  try {
    const supervision = { signal: abort.signal, progress: job.update };
    const { exportAtlas, exportProjector } = await import("../pipeline/embeddingExports.ts");
    if (kind === "tensorboard") await exportProjector(from, supervision);
    else if (xy) await exportAtlas(from, xy, programVersion, supervision);
    job.finish();
  } catch (error) {
    job.fail(error);
    throw error;
  }
}

/** The rows that each scope stands for, without excluded ones unless they are asked for. */
function rowsByScope(
  { images, tags, shown, order, marked }: WinnowState,
  withExcluded: boolean,
): Record<ExportScope | "chosen", Uint32Array> {
  const excluded = tags.get(excludedTag) ?? RowSet.empty;
  const without = (rows: Uint32Array): Uint32Array => rows.filter((row) => !excluded.has(row));
  const wanted = (rows: Uint32Array): Uint32Array => (withExcluded ? rows : without(rows));
  const all = Uint32Array.from({ length: images.length }, (_, row) => row);
  return {
    all: wanted(all),
    cleaned: without(all),
    shown: wanted(order),
    marked: wanted(marked.rows),
    chosen: wanted(shown?.rows ?? new Uint32Array(0)),
  };
}

/** Downloads a set of labels or predictions. */
export async function exportSet(
  session: Session,
  id: string,
  kind: AnnotationExportKind,
  scope: ExportScope,
  withExcluded: boolean,
): Promise<void> {
  const state = session.desk.store.getState();
  const { annotations, images } = state;
  const set = annotations.find((one) => one.id === id);
  if (set === undefined) return;
  const rows = Array.from(rowsByScope(state, withExcluded)[scope]);
  const { exportAnnotations } = await import("../pipeline/annotationExport.ts");
  await exportAnnotations(set, kind, images, rows);
}

async function copyImages(session: Session, kind: "images-folder" | "images-zip", from: Exportable): Promise<void> {
  const { jobs, notices } = session.desk;
  // Both questions need the click that started this, so they come before any other wait.
  const destination = kind === "images-zip" ? ({ kind: "zip" } as const) : await chooseDestination();
  if (destination === null) return;
  const abort = new AbortController();
  const job = jobs.start({ name: "Copying images", unit: "images", cancel: () => abort.abort() });
  try {
    const outcome = await exportImages(destination, from, { signal: abort.signal, progress: job.update });
    if (outcome === null) {
      job.finish("Not saved");
      return;
    }
    const { written, alreadyThere, failures } = outcome;
    const total = written + alreadyThere + failures.length;
    job.finish(`${written + alreadyThere} of ${total} images`);
    const [first] = failures;
    if (first) {
      const text = `${failures.length} of ${total} images could not be copied. ${first.reason}`;
      notices.error(new WinnowError("vanished", text));
    } else notices.info(`${written} images copied${alreadyThere > 0 ? `, ${alreadyThere} were there already` : ""}.`);
  } catch (error) {
    job.fail(error);
    throw error;
  }
}

/** Saves the open project as a folder. Must be called from a click. */
export async function saveProjectFolder(session: Session): Promise<void> {
  const destination = await chooseDestination();
  if (destination !== null) await saveProject(session, destination, "Saving project");
}

/** Saves everything of the open project in one file, which opens as a project again. Must be called from a click. */
export const backUpProject = (session: Session): Promise<void> =>
  saveProject(session, { kind: "zip" }, "Backing up project");

async function saveProject(session: Session, destination: Destination, name: string): Promise<void> {
  const { store, jobs, notices, programVersion } = session.desk;
  const abort = new AbortController();
  const job = jobs.start({ name, unit: "steps", cancel: () => abort.abort() });
  try {
    const { images, tags, tagStyles } = store.getState();
    const supervision = { signal: abort.signal, progress: job.update };
    const saved = await session.project.saveFolder(
      destination,
      { images, tags, tagStyles, programVersion },
      supervision,
    );
    job.finish(saved === null ? "Not saved" : "");
    if (saved !== null) notices.info(`The project is saved in “${saved}”.`);
  } catch (error) {
    job.fail(error);
    throw error;
  }
}

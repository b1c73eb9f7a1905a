import type { AnnotationSet } from "../../core/annotations/annotationSet.ts";
import { classOfRow } from "../../core/annotations/annotationSet.ts";
import { primaryLabels } from "../../core/annotations/heldSet.ts";
import { updatedSet } from "../../core/annotations/updatedSet.ts";
import { WinnowError } from "../../core/errors.ts";
import { detectFormat } from "../../core/format/annotations/detectFormat.ts";
import { type FormatName, formatNames } from "../../core/format/annotations/formats.ts";
import type { Imported, ImportFiles, ImportSummary } from "../../core/format/annotations/imported.ts";
import { isTableFormat, previewTable, readAnnotations } from "../../core/format/annotations/readAnnotations.ts";
import { guessMapping, type TableMapping } from "../../core/format/annotations/tableMapping.ts";
import { diskFiles } from "../diskFiles.ts";
import { type OpenProject, withProject } from "../openProject.ts";
import { contentsOf, type ProjectContents } from "../projectContents.ts";
import type { Surroundings } from "../surroundings.ts";

export interface ImportOptions {
  format?: FormatName;
  name?: string;
  as?: "labels" | "predictions";
  /** Of a table: the column of the paths, and of the labels. */
  pathColumn?: string;
  labelColumn?: string;
}

export interface ImportResult extends Omit<ImportSummary, "badRows" | "classes"> {
  bad_rows: ImportSummary["badRows"];
  sets: {
    id: string;
    name: string;
    role: AnnotationSet["role"];
    type: AnnotationSet["type"];
    classes: number;
    file: string;
  }[];
  metadata: string[];
}

/**
 * `winnow import`: labels, predictions and metadata from files or a folder; with no file the folders of the project's
 * own images are their labels. What is read is brought into the project only when all of it was read.
 */
export async function importAnnotations(
  project: string,
  given: readonly string[],
  options: ImportOptions,
  surroundings: Surroundings,
): Promise<ImportResult> {
  const { terminal } = surroundings;
  return await withProject(project, terminal, async (open) => {
    const files = options.format === "folders" ? noFiles : await diskFiles(given);
    const format = options.format ?? (await detectFormat(files));
    if (format === null) {
      throw new WinnowError(
        "unsupported",
        `“${files.name}” is no format that Winnow knows. Name one with --format: ${formatNames.join(", ")}.`,
      );
    }
    const contents = await contentsOf(open.reader);
    const read = await readFiles(files, format, contents, options, surroundings);
    terminal.start("Writing");
    const sets = await bringIn(open, contents, read);
    const { badRows, classes: _, ...summary } = read.summary;
    return { ...summary, bad_rows: badRows, sets, metadata: read.metadata.map(({ key }) => key) };
  });
}

const noFiles: ImportFiles = { name: "folders", paths: [], open: async () => null };

async function readFiles(
  files: ImportFiles,
  format: FormatName,
  { images }: ProjectContents,
  { name, as: role, pathColumn, labelColumn }: ImportOptions,
  { terminal, signal }: Surroundings,
): Promise<Imported> {
  const mapping =
    isTableFormat(format) && (pathColumn ?? labelColumn) !== undefined
      ? chosenColumns((await previewTable(files, format)).columns, pathColumn, labelColumn)
      : undefined;
  terminal.start("Reading");
  const context = {
    images: {
      paths: images.paths,
      width: (row: number) => images.width(row),
      height: (row: number) => images.height(row),
    },
    choices: { ...(name !== undefined && { name }), ...(role && { role }) },
    at: Date.now(),
    progress: (done: number, total: number): void => {
      if (signal.aborted) throw new WinnowError("cancelled", "Interrupted.");
      terminal.progress({ done, total });
    },
  };
  return await readAnnotations(files, format, context, mapping);
}

/** The guess, but with these columns as path and label. */
function chosenColumns(columns: readonly string[], path: string | undefined, label: string | undefined): TableMapping {
  for (const name of [path, label]) {
    if (name === undefined || columns.includes(name)) continue;
    throw new WinnowError("config", `There is no column “${name}”. Columns are: ${columns.slice(0, 50).join(", ")}.`);
  }
  return guessMapping(columns).map((guess, i): TableMapping[number] => {
    const name = columns[i]!;
    if (name === path) return { use: "path" };
    if (name === label) return { use: "label" };
    const taken = (guess.use === "path" && path !== undefined) || (guess.use === "label" && label !== undefined);
    return taken ? { use: "metadata", key: name } : guess;
  });
}

/** Writes what was read; a set or column of the same name is brought up to date. */
async function bringIn(
  { reader, writer }: OpenProject,
  { sets, metadata, stored }: ProjectContents,
  read: Imported,
): Promise<ImportResult["sets"]> {
  const all = new Map(sets.map((set) => [set.id, set]));
  const result: ImportResult["sets"] = [];
  for (const set of read.sets) {
    const before = all.get(set.id);
    const updated = before ? updatedSet(before, set) : set;
    const { id, name, role, type, classes } = updated;
    all.set(id, updated);
    const { corrections, keptBoxes } = before ?? {};
    const file = await writer.putAnnotations({
      ...updated,
      ...(corrections && { corrections }),
      ...(keptBoxes && { keptBoxes }),
    });
    result.push({ id, name, role, type, classes: classes.length, file });
  }
  // One that changed its role has another file.
  await writer.keepAnnotations([...all.values()]);
  if (read.metadata.length > 0) {
    const replaced = new Set(read.metadata.map(({ key }) => key));
    await writer.putMetadata([...metadata.filter(({ key }) => !replaced.has(key)), ...read.metadata]);
  }
  const labels = primaryLabels([...all.values()]);
  if (labels && read.sets.some(({ id }) => id === labels.id)) {
    const images = stored.map((image, row) =>
      labels.known[row] ? { ...image, label: labels.classes[classOfRow(labels, row)] ?? "" } : image,
    );
    const { ignored } = reader.manifest.counts;
    await writer.putImages(images, images.length, null, await reader.problems(), ignored);
  }
  return result;
}

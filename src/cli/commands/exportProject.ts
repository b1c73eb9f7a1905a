import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { version } from "../../../package.json";
import { fieldsOfSets } from "../../core/annotations/annotationFields.ts";
import { fieldsOfMetadata } from "../../core/annotations/metadataField.ts";
import { WinnowError } from "../../core/errors.ts";
import type { ExportFile } from "../../core/format/annotations/exportFile.ts";
import { lightlyMetadataFiles } from "../../core/format/annotations/lightlyWriter.ts";
import {
  type AnnotationFormat,
  annotationFiles,
  annotationFormats,
  formatOfOrigin,
} from "../../core/format/annotations/writeAnnotations.ts";
import { chosenPaths, chosenRows } from "../../core/format/chosenList.ts";
import { correctionsCsv } from "../../core/format/correctionsCsv.ts";
import { embeddingCsv, embeddingNpy, projectorFiles } from "../../core/format/embeddingFiles.ts";
import { fieldColumns } from "../../core/format/fieldColumns.ts";
import { fileList } from "../../core/format/fileList.ts";
import { imageCsv } from "../../core/format/imageCsv.ts";
import { imageJson } from "../../core/format/imageJson.ts";
import { imageParquet } from "../../core/format/imageParquet.ts";
import type { ImageRow } from "../../core/format/imageRow.ts";
import type { StoredSet } from "../../core/projectFolder/annotationsParquet.ts";
import type { ProjectReader } from "../../core/projectFolder/projectReader.ts";
import { qualityFields } from "../../core/quality/qualityFields.ts";
import { boxThresholds } from "../../core/quality/qualitySettings.ts";
import { RowSet } from "../../core/rowSet.ts";
import { excludedTag } from "../../core/tags.ts";
import { chosenSpace } from "../chosenSpace.ts";
import { fileError, writeWhole } from "../nodeFolder.ts";
import { withProject } from "../openProject.ts";
import { contentsOf, type ProjectContents } from "../projectContents.ts";
import { spriteSheet } from "../spriteSheet.ts";
import type { Surroundings } from "../surroundings.ts";
import { embeddingOf } from "./adapt.ts";
import { atlasFile } from "./exportAtlas.ts";

const imageFormats = [
  "csv",
  "json",
  "txt",
  "parquet",
  "npy",
  "embeddings-csv",
  "tensorboard",
  "embedding-atlas",
  "lightly-metadata",
  "corrections",
] as const;

/** What `--format` takes: tables of images, and formats of annotations (`annotations`: as the set came in). */
export const exportFormats = [...imageFormats, "annotations", ...annotationFormats] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  format: ExportFormat;
  out: string;
  /** Id or name of the labels or predictions to write. */
  set?: string;
  /** A list of the only images to write. */
  only?: string;
  /** Only the images of the last selection, in pick order. */
  selected?: boolean;
  /** Write images that are tagged as excluded too. */
  withExcluded?: boolean;
  /** Id or name of the embedding to write, in formats that have one; the project's own when left out. */
  space?: string;
}

export interface ExportResult {
  format: ExportFormat;
  images: number;
  files: number;
  out: string;
  /** The set that was written, for formats of annotations. */
  set: string | null;
}

/** `winnow export`: images with all that is known of them, or labels and predictions, in the formats of other tools. */
export async function exportProject(
  project: string,
  options: ExportOptions,
  surroundings: Surroundings,
): Promise<ExportResult> {
  const { terminal, signal } = surroundings;
  return await withProject(project, terminal, async ({ reader }) => {
    const contents = await contentsOf(reader);
    const picks = await lastPicks(reader);
    const wanted = await wantedRows(contents, picks, options);
    const excluded = (options.withExcluded ? null : contents.tags.get(excludedTag)) ?? RowSet.empty;
    const rows = wanted.filter((row) => !excluded.has(row));
    if (rows.length === 0) {
      throw new WinnowError("empty", `All ${wanted.length} images are excluded. --with-excluded writes them too.`);
    }
    if (rows.length < wanted.length) {
      terminal.say(`${wanted.length - rows.length} excluded images are left out; --with-excluded writes them too.`);
    }
    const { files, set } = await filesOf(project, reader, contents, picks, rows, options, surroundings);
    terminal.start("Writing");
    let written = 0;
    for (const { path, chunks } of files) {
      if (signal.aborted) throw new WinnowError("cancelled", "Interrupted.");
      await writeWhole(join(options.out, ...path.split("/")), chunks);
      written++;
      terminal.progress({ done: written, total: Math.max(written, rows.length) }, "files");
    }
    return { format: options.format, images: rows.length, files: written, out: options.out, set };
  });
}

/** Rows of the latest selection in pick order; empty without one. */
async function lastPicks(reader: ProjectReader): Promise<Uint32Array> {
  const file = reader.manifest.selections.at(-1);
  return file === undefined ? new Uint32Array(0) : (await reader.selection(file)).rows;
}

async function wantedRows(
  { images }: ProjectContents,
  picks: Uint32Array,
  { only, selected }: ExportOptions,
): Promise<number[]> {
  if (selected) {
    if (picks.length === 0) throw new WinnowError("empty", "Nothing was selected yet. Run “winnow select” first.");
    return Array.from(picks);
  }
  if (only === undefined) return Array.from({ length: images.length }, (_, row) => row);
  let text: string;
  try {
    text = await readFile(only, "utf8");
  } catch (error) {
    throw fileError(error, only);
  }
  const { rows, unmatched } = chosenRows(images.paths, chosenPaths(text, only));
  if (rows.length === 0) throw new WinnowError("empty", `“${only}” names no image of this project: ${unmatched[0]}`);
  return Array.from(rows);
}

async function filesOf(
  project: string,
  reader: ProjectReader,
  contents: ProjectContents,
  picks: Uint32Array,
  rows: readonly number[],
  options: ExportOptions,
  surroundings: Surroundings,
): Promise<{ files: Iterable<ExportFile>; set: string | null }> {
  const { images, sets, metadata, stored } = contents;
  const one = (path: string, chunks: ExportFile["chunks"]) => ({ files: [{ path, chunks }], set: null });
  const columns = fieldColumns([
    ...fieldsOfSets(sets, boxThresholds(contents.quality)),
    ...fieldsOfMetadata(metadata),
    ...qualityFields(images),
  ]);
  const format = options.format;
  const chosen = chosenSpace(reader, options.space);
  switch (format) {
    case "txt":
      return one("images.txt", fileList(rows.map((row) => images.path(row))));
    case "csv":
      return one("images.csv", imageCsv(imageRows(contents, picks, rows), columns));
    case "json":
      return one("images.json", imageJson(imageRows(contents, picks, rows), columns));
    case "parquet": {
      const hasNone = options.space === undefined && reader.manifest.head === null;
      const embedding = hasNone ? null : (await embeddingOf(chosen, reader, project)).embeddings;
      const of =
        embedding &&
        ((row: number) =>
          row < embedding.rows ? embedding.data.subarray(row * embedding.cols, (row + 1) * embedding.cols) : null);
      return one("images.parquet", imageParquet(imageRows(contents, picks, rows), columns, of, `Winnow ${version}`));
    }
    case "npy":
    case "embeddings-csv":
    case "tensorboard":
    case "embedding-atlas": {
      const { embeddings } = await embeddingOf(chosen, reader, project);
      const own = rows.filter((row) => row < embeddings.rows);
      const label = (row: number): string => stored[row]!.label;
      if (format === "embedding-atlas") {
        const images = imageRows(contents, picks, rows);
        const file = await atlasFile(project, chosen, embeddings, images, columns, surroundings);
        return { files: [file], set: null };
      }
      if (format === "embeddings-csv") return one("embeddings.csv", embeddingCsv(embeddings, own, images.paths, label));
      const paths = { name: "path", value: (row: number) => images.path(row) };
      if (format === "tensorboard") {
        const sprite = await spriteSheet(reader, own);
        const described = [paths, { name: "label", value: label }, ...columns];
        return { files: projectorFiles(embeddings, own, described, sprite), set: null };
      }
      const names = { path: "names.txt", chunks: fileList(own.map((row) => images.path(row))) };
      return { files: [{ path: "embeddings.npy", chunks: embeddingNpy(embeddings, own) }, names], set: null };
    }
    case "lightly-metadata":
      if (metadata.length === 0) throw new WinnowError("empty", "This project has no metadata. Import some first.");
      return { files: lightlyMetadataFiles(metadata, sizesOf(contents), rows), set: null };
    case "corrections": {
      const { id, classes, corrections = [] } = setOf(sets, options.set);
      return {
        files: [{ path: "corrections.csv", chunks: correctionsCsv({ classes, corrections }, images.paths) }],
        set: id,
      };
    }
    default:
      return annotationsOf(contents, rows, format, options.set);
  }
}

function annotationsOf(
  contents: ProjectContents,
  rows: readonly number[],
  format: AnnotationFormat | "annotations",
  wanted: string | undefined,
): { files: Iterable<ExportFile>; set: string } {
  const set = setOf(contents.sets, wanted);
  const given = { set, images: sizesOf(contents), rows };
  return { files: annotationFiles(format === "annotations" ? formatOfOrigin(given) : format, given), set: set.id };
}

/** The one that is named, or labels before predictions, where there is only one of them. */
function setOf(sets: readonly StoredSet[], wanted: string | undefined): StoredSet {
  const list = sets.map(({ id, role }) => `${id} (${role})`).join(", ");
  if (sets.length === 0)
    throw new WinnowError("empty", "This project has no labels or predictions. Import some first.");
  if (wanted !== undefined) {
    const found = sets.find(({ id }) => id === wanted) ?? sets.find(({ name }) => name === wanted);
    if (found) return found;
    throw new WinnowError("config", `There are no labels or predictions “${wanted}”. There are: ${list}.`);
  }
  const labels = sets.filter(({ role }) => role === "labels");
  const [only, another] = labels.length > 0 ? labels : sets;
  if (another) throw new WinnowError("config", `Say with --set which to write. There are: ${list}.`);
  return only!;
}

const sizesOf = ({ images }: ProjectContents) => ({
  paths: images.paths,
  width: (row: number) => images.width(row),
  height: (row: number) => images.height(row),
});

function imageRows({ stored }: ProjectContents, picks: Uint32Array, rows: readonly number[]): ImageRow[] {
  const ranks = new Map(Array.from(picks, (row, i) => [row, i + 1]));
  return rows.map((row) => ({ ...stored[row]!, rank: ranks.get(row) ?? null }));
}

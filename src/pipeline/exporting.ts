import { isSaidField } from "../core/annotations/fieldIds.ts";
import { type HeldSet, labelText, primaryLabels } from "../core/annotations/heldSet.ts";
import type { Field } from "../core/explore/field.ts";
import { fieldColumns } from "../core/format/fieldColumns.ts";
import { fileList } from "../core/format/fileList.ts";
import { imageCsv } from "../core/format/imageCsv.ts";
import { imageJson } from "../core/format/imageJson.ts";
import type { ExtraColumn, ImageRow } from "../core/format/imageRow.ts";
import { writeNpy } from "../core/format/npy.ts";
import { problemsCsv } from "../core/format/problemsCsv.ts";
import type { ImageTable } from "../core/imageTable.ts";
import type { FoundIssues } from "../core/quality/issueFinder.ts";
import { issuesCsv } from "../core/quality/issuesCsv.ts";
import type { IssueTable, LabelCheck } from "../core/quality/issueTable.ts";
import { qualityFieldIds } from "../core/quality/qualityFields.ts";
import type { Problem } from "../core/records.ts";
import type { RowSet } from "../core/rowSet.ts";
import { copyIntoFolder } from "../export/copyIntoFolder.ts";
import type { OutgoingFile, TransferOutcome } from "../export/outgoing.ts";
import { saveBlob } from "../export/saveBlob.ts";
import { gatherBlob, saveStream } from "../export/saveStream.ts";
import { zipImages } from "../export/zipImages.ts";
import type { Supervision } from "./analyst.ts";
import type { Destination } from "./destination.ts";
import { safeName } from "./destination.ts";
import type { Project } from "./project.ts";

/** What an export is made of: the open project as the person sees it. */
export interface Exportable {
  project: Project;
  images: ImageTable;
  tags: ReadonlyMap<string, RowSet>;
  annotations: readonly HeldSet[];
  /** Those of labels, predictions, metadata and measures are columns of tables. */
  fields: readonly Field[];
  /** Rows that stand for the whole project: all, or all that are not excluded. */
  whole: Uint32Array;
  /** Chosen rows in pick order; empty when nothing is chosen. */
  chosen: Uint32Array;
  /** The only rows that are wanted, in this order, with a word for the file's name; null for the whole project. */
  only: { rows: Uint32Array; word: "cleaned" | "shown" | "marked" } | null;
  ranks: ReadonlyMap<number, number>;
  problems: readonly Problem[];
  issues: FoundIssues;
  /** What was found of labels; null while it was not looked for. */
  labels: LabelCheck | null;
}

/** What tables of images say besides. */
export const tableColumns = ({ fields }: Exportable): ExtraColumn[] =>
  fieldColumns(fields.filter(({ id }) => isSaidField(id) || qualityFieldIds.has(id)));

export type TableKind = "file-list" | "csv" | "json" | "problems-csv" | "issues-csv";

/** What stands for images one by one: the wanted ones, or the chosen ones in pick order. */
const listed = ({ only, chosen }: Exportable): { rows: Uint32Array; word: string } =>
  only ?? { rows: chosen, word: "chosen" };

/**
 * Downloads a text file. The file list of the whole project holds the chosen images, or all when none is chosen. The
 * issues are those of every image, whatever is wanted.
 */
export async function exportTable(kind: TableKind, from: Exportable): Promise<void> {
  const { images, project, problems, issues, only, whole } = from;
  const base = safeName(project.info.name);
  const part = only ? `${base}-${only.word}` : base;
  const columns = tableColumns(from);
  switch (kind) {
    case "file-list": {
      const { rows, word } = listed(from);
      const paths = Array.from(rows.length > 0 ? rows : whole, (row) => images.path(row));
      saveBlob(await gatherBlob("text/plain", fileList(paths)), `${base}${rows.length > 0 ? `-${word}` : ""}.txt`);
      return;
    }
    case "csv":
      saveBlob(await gatherBlob("text/csv", imageCsv(imageRows(from), columns)), `${part}.csv`);
      return;
    case "json":
      saveBlob(await gatherBlob("application/json", imageJson(imageRows(from), columns)), `${part}.json`);
      return;
    case "issues-csv": {
      const { labels } = from;
      const table: IssueTable = {
        paths: images.paths,
        groups: issues.groups,
        checks: { ...issues.checks, ...(labels && { label: labels.checked }) },
        suggestedLabels: labels?.suggested ?? null,
      };
      saveBlob(await gatherBlob("text/csv", issuesCsv(table)), `${base}-issues.csv`);
      return;
    }
    case "problems-csv":
      saveBlob(await gatherBlob("text/csv", problemsCsv(problems)), `${base}-problems.csv`);
      return;
  }
}

/** Downloads a report as one HTML file. */
export function saveReport({ info }: Project, html: string): void {
  saveBlob(new Blob([html], { type: "text/html" }), `${safeName(info.name)}-report.html`);
}

/** Downloads what a visitor changed, as one JSON file. */
export function saveChangesFile({ info }: Project, ending: string, text: string): void {
  saveBlob(new Blob([text], { type: "application/json" }), `${safeName(info.name)}${ending}`);
}

/** Downloads the embedding as NumPy f32 [rows, dim], rows in the order of the CSV. */
export async function exportEmbeddings({ project, only, whole }: Exportable): Promise<void> {
  const all = await project.analysis.embeddings();
  const { cols } = all;
  let { data, rows } = all;
  const wanted = only?.rows ?? whole;
  if (wanted.length !== rows || only) {
    rows = wanted.length;
    data = new Float32Array(rows * cols);
    for (const [i, row] of wanted.entries()) data.set(all.data.subarray(row * cols, (row + 1) * cols), i * cols);
  }
  const bytes = writeNpy({ dtype: "f4", shape: [rows, cols], data });
  const name = `${safeName(project.info.name)}${only ? `-${only.word}` : ""}-embeddings.npy`;
  saveBlob(new Blob([bytes], { type: "application/octet-stream" }), name);
}

/**
 * Copies the wanted or chosen images, originals byte for byte, into a folder or a zip.
 * @returns null when the person closed the save dialog
 */
export async function exportImages(
  to: Destination,
  from: Exportable,
  { signal, progress }: Supervision,
): Promise<TransferOutcome | null> {
  const { project, images } = from;
  const { rows, word } = listed(from);
  const options = { total: rows.length, signal, onProgress: progress };
  const files = Array.from(rows, (row): OutgoingFile => {
    const { path, modifiedAt } = images.at(row);
    return { path, modifiedAt, open: () => project.sources.original(path) };
  });
  if (to.kind === "folder") return await copyIntoFolder(files, to.handle, options);
  const { chunks, outcome } = zipImages(files, options);
  const saved = await saveStream(`${safeName(project.info.name)}-${word}.zip`, "application/zip", chunks);
  return saved === "saved" ? outcome : null;
}

/** The wanted images, as tables take them. */
export function* imageRows({ images, tags, annotations, ranks, only, whole }: Exportable): Generator<ImageRow> {
  const labels = primaryLabels(annotations);
  const named = [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const row of only?.rows ?? whole) {
    yield {
      record: images.at(row),
      tags: named.filter(([, rows]) => rows.has(row)).map(([name]) => name),
      label: labelText(labels, row),
      rank: ranks.get(row) ?? null,
    };
  }
}

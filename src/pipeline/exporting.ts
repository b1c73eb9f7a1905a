import { fileList } from "../core/format/fileList.ts";
import { imageCsv } from "../core/format/imageCsv.ts";
import { imageJson } from "../core/format/imageJson.ts";
import type { ImageRow } from "../core/format/imageRow.ts";
import { writeNpy } from "../core/format/npy.ts";
import { problemsCsv } from "../core/format/problemsCsv.ts";
import type { ImageTable } from "../core/imageTable.ts";
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
  /** Chosen rows in pick order; empty when nothing is chosen. */
  chosen: Uint32Array;
  ranks: ReadonlyMap<number, number>;
  problems: readonly Problem[];
}

export type TableKind = "file-list" | "csv" | "json" | "problems-csv";

/** Downloads a text file. The file list holds the chosen images in pick order, or all when none is chosen. */
export async function exportTable(kind: TableKind, from: Exportable): Promise<void> {
  const { images, chosen, project, problems } = from;
  const base = safeName(project.info.name);
  switch (kind) {
    case "file-list": {
      const paths = chosen.length > 0 ? Array.from(chosen, (row) => images.path(row)) : images.paths;
      saveBlob(await gatherBlob("text/plain", fileList(paths)), `${base}${chosen.length > 0 ? "-chosen" : ""}.txt`);
      return;
    }
    case "csv":
      saveBlob(await gatherBlob("text/csv", imageCsv(imageRows(from))), `${base}.csv`);
      return;
    case "json":
      saveBlob(await gatherBlob("application/json", imageJson(imageRows(from))), `${base}.json`);
      return;
    case "problems-csv":
      saveBlob(await gatherBlob("text/csv", problemsCsv(problems)), `${base}-problems.csv`);
      return;
  }
}

/** Downloads the embedding as NumPy f32 [rows, dim], rows in the order of the CSV. */
export async function exportEmbeddings({ project }: Exportable): Promise<void> {
  const { data, rows, cols } = await project.analysis.embeddings();
  const bytes = writeNpy({ dtype: "f4", shape: [rows, cols], data });
  saveBlob(new Blob([bytes], { type: "application/octet-stream" }), `${safeName(project.info.name)}-embeddings.npy`);
}

/**
 * Copies the chosen images, originals byte for byte, into a folder or a zip.
 * @returns null when the person closed the save dialog
 */
export async function exportImages(
  to: Destination,
  { project, images, chosen }: Exportable,
  { signal, progress }: Supervision,
): Promise<TransferOutcome | null> {
  const options = { total: chosen.length, signal, onProgress: progress };
  const files = Array.from(chosen, (row): OutgoingFile => {
    const { path, modifiedAt } = images.at(row);
    return { path, modifiedAt, open: () => project.original(path) };
  });
  if (to.kind === "folder") return await copyIntoFolder(files, to.handle, options);
  const { chunks, outcome } = zipImages(files, options);
  const saved = await saveStream(`${safeName(project.info.name)}-chosen.zip`, "application/zip", chunks);
  return saved === "saved" ? outcome : null;
}

function* imageRows({ images, tags, ranks }: Exportable): Generator<ImageRow> {
  const named = [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
  for (let row = 0; row < images.length; row++) {
    yield {
      record: images.at(row),
      tags: named.filter(([, rows]) => rows.has(row)).map(([name]) => name),
      label: "",
      rank: ranks.get(row) ?? null,
    };
  }
}

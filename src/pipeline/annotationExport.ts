import type { HeldSet } from "../core/annotations/heldSet.ts";
import type { ExportFile } from "../core/format/annotations/exportFile.ts";
import { type AnnotationFormat, annotationFiles, formatOfOrigin } from "../core/format/annotations/writeAnnotations.ts";
import { correctionsCsv } from "../core/format/correctionsCsv.ts";
import type { ImageTable } from "../core/imageTable.ts";
import { saveBlob } from "../export/saveBlob.ts";
import { gatherBlob } from "../export/saveStream.ts";
import { zippedFolder } from "../export/zippedFolder.ts";
import { safeName } from "./destination.ts";

/** A format; the one that the set came in; or the log of what a person corrected. */
export type AnnotationExportKind = AnnotationFormat | "origin" | "corrections";

/**
 * Downloads a set of labels or predictions: one file as it is, several as a zip.
 * @throws WinnowError `config` where a format cannot hold what the set says
 */
export async function exportAnnotations(
  set: HeldSet,
  kind: AnnotationExportKind,
  images: ImageTable,
  rows: readonly number[],
): Promise<void> {
  const base = safeName(set.name);
  if (kind === "corrections") {
    saveBlob(await gatherBlob("text/csv", correctionsCsv(set, images.paths)), `${base}-corrections.csv`);
    return;
  }
  const format = kind === "origin" ? formatOfOrigin({ set }) : kind;
  const files = annotationFiles(format, { set, images, rows });
  const first = files.next();
  const second = first.done ? first : files.next();
  if (first.done) return;
  if (second.done) {
    const { path, chunks } = first.value;
    const blob = await gatherBlob("application/octet-stream", chunks as Iterable<string | Uint8Array<ArrayBuffer>>);
    saveBlob(blob, `${base}-${path.slice(path.lastIndexOf("/") + 1)}`);
    return;
  }
  const all = function* (): Generator<ExportFile> {
    yield first.value;
    yield second.value;
    yield* files;
  };
  const folder = `${base}-${format}`;
  const zip = zippedFolder(folder, [], async (writer) => {
    for (const { path, chunks } of all()) await writer.write(path, chunks);
  });
  saveBlob(await gatherBlob("application/zip", zip), `${folder}.zip`);
}

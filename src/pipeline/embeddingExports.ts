import { labelText, primaryLabels } from "../core/annotations/heldSet.ts";
import { WinnowError } from "../core/errors.ts";
import { projectorFiles, type Sprite } from "../core/format/embeddingFiles.ts";
import { atlasParquet } from "../core/format/imageParquet.ts";
import { spriteLayout } from "../core/format/spriteLayout.ts";
import { saveBlob } from "../export/saveBlob.ts";
import { gatherBlob } from "../export/saveStream.ts";
import { spriteSheet } from "../export/spriteSheet.ts";
import { zippedFolder } from "../export/zippedFolder.ts";
import type { Supervision } from "./analyst.ts";
import { safeName } from "./destination.ts";
import { type Exportable, imageRows, tableColumns } from "./exporting.ts";

/** As many as a person looks at beside a point. */
const neighbours = 15;

/** Downloads embeddings, what is known of the images and a picture of them all for TensorBoard's projector, as a zip. */
export async function exportProjector(from: Exportable, supervision: Supervision): Promise<void> {
  const { project, images, annotations } = from;
  const embeddings = await project.analysis.embeddings();
  const rows = wanted(from).filter((row) => row < embeddings.rows);
  const sprite = await spriteOf(from, rows, supervision);
  const labels = primaryLabels(annotations);
  const columns = [
    { name: "path", value: (row: number) => images.path(row) },
    { name: "label", value: (row: number) => labelText(labels, row) },
    ...tableColumns(from),
  ];
  const folder = `${nameOf(from)}-projector`;
  const zip = zippedFolder(folder, [], async (writer) => {
    for (const { path, chunks } of projectorFiles(embeddings, rows, columns, sprite)) await writer.write(path, chunks);
  });
  saveBlob(await gatherBlob("application/zip", zip), `${folder}.zip`);
}

async function spriteOf({ project }: Exportable, rows: number[], supervision: Supervision): Promise<Sprite | null> {
  const layout = spriteLayout(rows.length);
  if (layout === null) return null;
  const thumbnails = async function* (): AsyncGenerator<Blob | null> {
    for (const [done, row] of rows.entries()) {
      if (supervision.signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
      supervision.progress({ done, total: rows.length });
      yield await project.thumbnail(row);
    }
  };
  const jpeg = await spriteSheet(layout, thumbnails());
  return jpeg && { layout, chunks: [jpeg] };
}

/**
 * Downloads a table for Embedding Atlas.
 * @param xy places on the map, x, y of each row in turn
 */
export async function exportAtlas(
  from: Exportable,
  xy: Float32Array,
  programVersion: string,
  supervision: Supervision,
): Promise<void> {
  const graph = await from.project.analysis.neighbourGraph(neighbours, supervision);
  const rows = [...imageRows(from)];
  const chunks = atlasParquet(rows, tableColumns(from), { xy, neighbours: graph }, `Winnow ${programVersion}`);
  const blob = await gatherBlob("application/octet-stream", chunks as Iterable<Uint8Array<ArrayBuffer>>);
  saveBlob(blob, `${nameOf(from)}-atlas.parquet`);
}

const wanted = ({ only, whole }: Exportable): number[] => Array.from(only?.rows ?? whole);

const nameOf = ({ project, only }: Exportable): string =>
  `${safeName(project.info.name)}${only ? `-${only.word}` : ""}`;

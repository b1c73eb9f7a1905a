import type { AnnotationSet } from "../annotations/annotationSet.ts";
import type { MetadataField } from "../annotations/metadataField.ts";
import { columnsOf, takeRows } from "../annotations/setColumns.ts";
import type { Embedding } from "../linalg/adapt.ts";
import { matrix } from "../matrix.ts";
import type { ImageRecord } from "../records.ts";
import type { EmbeddingMap } from "../reduce/embeddingMap.ts";

/** What of a project is published besides thumbnails, sizes, digests and measures of the pixels. */
export interface PublicationChoice {
  /** Real paths; otherwise `image-00001.jpg` and so on. */
  paths: boolean;
  /** When files were changed and photographs taken. */
  times: boolean;
  tags: boolean;
  /** Labels and predictions. */
  annotations: boolean;
  /** Only of the whole project: their picks name rows. */
  selections: boolean;
  /** The embedding and its maps; without it there are no similar images and no selections. */
  embedding: boolean;
  /** Keys of the columns of metadata. */
  metadata: readonly string[];
  originals: PublishedOriginals;
}

/**
 * What the large view of a publication shows: thumbnails, pictures made of the originals without anything that cameras
 * wrote, or the files themselves with all of it, positions too.
 */
export type PublishedOriginals = "none" | "pictures" | "files";

/** Longest side of a published picture, in pixels. */
export const publishedPictureSide = 2_048;

/**
 * Whether a column of metadata seems to say where something is: such columns are not published unless asked for.
 * Thumbnails and image records have no positions.
 */
export const seemsPosition = (key: string): boolean =>
  /gps|latitude|longitude|location|altitude|geo|(^|[^a-z])(lat|lon|lng|long|position|place|address|city)([^a-z]|$)/i.test(
    key,
  );

/**
 * An image's record as it is published.
 * @param row its row in the publication
 * @param count images of the publication, by which invented names have equal lengths
 */
export function publishedRecord(
  record: ImageRecord,
  row: number,
  count: number,
  { paths, times }: Pick<PublicationChoice, "paths" | "times">,
): ImageRecord {
  return {
    ...record,
    row,
    path: paths ? record.path : anonymousPath(record.path, row, count),
    ...(!times && { modifiedAt: 0, takenAt: null }),
  };
}

/** Of the name nothing but a plain extension stays. */
function anonymousPath(path: string, row: number, count: number): string {
  const extension = /\.([A-Za-z0-9]{1,5})$/.exec(path)?.[1]?.toLowerCase();
  const number = String(row + 1).padStart(Math.max(5, String(count).length), "0");
  return `image-${number}${extension ? `.${extension}` : ""}`;
}

/** The embedding of some rows, with the head of all. @param rows ascending */
export function embeddingOf(embedding: Embedding, rows: Uint32Array): Embedding {
  const { data, cols } = embedding.embeddings;
  return { ...embedding, embeddings: matrix(gathered(data, rows, cols), rows.length, cols) };
}

/** The places of some rows on a map. @param rows ascending */
export const mapOf = (map: EmbeddingMap, rows: Uint32Array): EmbeddingMap => ({
  ...map,
  xy: gathered(map.xy, rows, 2),
});

/** What a set says of some rows, as it is now; the name of the file it came from is left out with the paths. */
export function setOf(set: AnnotationSet, rows: Uint32Array, paths: boolean): AnnotationSet {
  const { id, name, role, type, classes, source } = set;
  const from = paths ? source : { ...source, file: "" };
  return { id, name, role, type, classes, source: from, ...takeRows(columnsOf(set), rows) };
}

/** A column's values of some rows. @param rows ascending */
export function columnOf(field: MetadataField, rows: Uint32Array): MetadataField {
  switch (field.kind) {
    case "number":
    case "date":
      return { ...field, values: Float64Array.from(rows, (row) => field.values[row] ?? Number.NaN) };
    case "category": {
      // Names that no published image has are not published either.
      const ids = Int32Array.from(rows, (row) => field.ofRow[row] ?? -1);
      const used = [...new Set(ids)].filter((id) => id >= 0).sort((a, b) => a - b);
      const place = new Map(used.map((id, i) => [id, i]));
      return { ...field, names: used.map((id) => field.names[id]!), ofRow: ids.map((id) => place.get(id) ?? -1) };
    }
    case "boolean":
      return { ...field, ofRow: Int32Array.from(rows, (row) => field.ofRow[row] ?? -1) };
  }
}

function gathered(data: Float32Array, rows: Uint32Array, cols: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(rows.length * cols);
  for (const [i, row] of rows.entries()) out.set(data.subarray(row * cols, (row + 1) * cols), i * cols);
  return out;
}

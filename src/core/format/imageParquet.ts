import { type ColumnToWrite, type NeighboursCell, parquetRows } from "../projectFolder/parquetRows.ts";
import { joinTags } from "./imageCsv.ts";
import { type ExtraColumn, type ImageRow, takenAtText } from "./imageRow.ts";

/**
 * Images as Parquet, with the columns of the CSV, further ones, and the embedding.
 * @param embedding of a row of the project; null: there is none
 */
export function imageParquet(
  rows: readonly ImageRow[],
  extra: readonly ExtraColumn[],
  embedding: ((row: number) => Float32Array | null) | null,
  createdBy: string,
): Generator<Uint8Array> {
  const columns = imageColumns(rows, extra);
  if (embedding) {
    columns.push(
      columnOf(rows, "embedding", "floats", ({ record }) => {
        const own = embedding(record.row);
        return own && Array.from(own);
      }),
    );
  }
  return parquetRows(columns, rows.length, { format: "winnow-images", version: 1 }, createdBy);
}

const columnOf = (
  rows: readonly ImageRow[],
  name: string,
  type: ColumnToWrite["type"],
  of: (row: ImageRow) => unknown,
): ColumnToWrite => ({ name, type, value: (at) => of(rows[at]!) });

/** The columns of the CSV, and further ones. */
function imageColumns(rows: readonly ImageRow[], extra: readonly ExtraColumn[]): ColumnToWrite[] {
  const column = (name: string, type: ColumnToWrite["type"], of: (row: ImageRow) => unknown): ColumnToWrite =>
    columnOf(rows, name, type, of);
  return [
    column("path", "text", ({ record }) => record.path),
    column("width", "integer", ({ record }) => record.width),
    column("height", "integer", ({ record }) => record.height),
    column("bytes", "double", ({ record }) => record.bytes),
    column("sha256", "text", ({ record }) => record.sha256),
    column("tags", "text", ({ tags }) => joinTags(tags)),
    column("label", "text", ({ label }) => label || null),
    column("selected_rank", "integer", ({ rank }) => rank),
    column("id", "text", ({ record }) => record.id),
    column("taken_at", "text", ({ record }) => takenAtText(record.takenAt)),
    ...extra.map((one) => extraColumn(one, rows)),
  ];
}

/** Places of images on a map, and their neighbours, by row of the project. */
export interface AtlasPlaces {
  /** x, y in turn. */
  xy: Float32Array;
  /** Nearest first. */
  neighbours: { k: number; indices: Uint32Array; distances: Float32Array };
}

/**
 * What Embedding Atlas opens (`embedding-atlas images.parquet --x x --y y --neighbors neighbors`): the columns of the CSV,
 * further ones, the place on a map as `x`, `y`, and `neighbors` as places among the rows that are written. Images that
 * have no place are left out.
 */
export function atlasParquet(
  images: readonly ImageRow[],
  extra: readonly ExtraColumn[],
  { xy, neighbours: { k, indices, distances } }: AtlasPlaces,
  createdBy: string,
): Generator<Uint8Array> {
  const rows = images.filter(({ record }) => 2 * record.row + 1 < xy.length);
  const placeOf = new Map(rows.map(({ record }, place) => [record.row, place]));
  const neighboursOf = (row: number): NeighboursCell => {
    const near = Array.from({ length: k }, (_, i) => row * k + i).filter((at) => placeOf.has(indices[at] ?? -1));
    return { ids: near.map((at) => placeOf.get(indices[at]!)!), distances: near.map((at) => distances[at]!) };
  };
  const columns = [
    ...imageColumns(rows, extra),
    columnOf(rows, "x", "float", ({ record }) => xy[2 * record.row]),
    columnOf(rows, "y", "float", ({ record }) => xy[2 * record.row + 1]),
    columnOf(rows, "neighbors", "neighbours", ({ record }) => neighboursOf(record.row)),
  ];
  return parquetRows(columns, rows.length, { format: "winnow-atlas", version: 1 }, createdBy);
}

/** Numbers where every value is one, otherwise text. */
function extraColumn({ name, value }: ExtraColumn, rows: readonly ImageRow[]): ColumnToWrite {
  const numeric = rows.every(({ record }) => typeof (value(record.row) ?? 0) === "number");
  return {
    name,
    type: numeric ? "double" : "text",
    value: (at) => {
      const found = value(rows[at]!.record.row);
      return found === null || numeric ? found : String(found);
    },
  };
}

import type { Matrix } from "../matrix.ts";
import type { ExportFile } from "./annotations/exportFile.ts";
import { csvChunks } from "./csvRows.ts";
import { npyHeader } from "./npy.ts";
import type { SpriteLayout } from "./spriteLayout.ts";

/** Some hundred kilobytes a piece. */
const rowsPerChunk = 512;

/** Embeddings as NumPy f32 [rows, dim], in the order of `rows`. */
export function* embeddingNpy({ data, cols }: Matrix, rows: readonly number[]): Generator<Uint8Array> {
  yield npyHeader("f4", [rows.length, cols]);
  for (let start = 0; start < rows.length; start += rowsPerChunk) {
    const part = rows.slice(start, start + rowsPerChunk);
    const values = new Float32Array(part.length * cols);
    for (const [i, row] of part.entries()) values.set(data.subarray(row * cols, (row + 1) * cols), i * cols);
    yield new Uint8Array(values.buffer);
  }
}

/** LightlySSL's embedding table: `filenames`, `embedding_0` …, `labels` (numbers of the classes in order, −1 without one). */
export function embeddingCsv(
  { data, cols }: Matrix,
  rows: readonly number[],
  paths: readonly string[],
  label: (row: number) => string,
): Generator<string> {
  const names = [...new Set(rows.map(label))].filter((name) => name !== "").sort();
  const numbers = new Map(names.map((name, i) => [name, i]));
  const cells = function* (): Generator<(string | number)[]> {
    for (const row of rows) {
      const own = Array.from(data.subarray(row * cols, (row + 1) * cols));
      yield [paths[row]!, ...own, numbers.get(label(row)) ?? -1];
    }
  };
  return csvChunks(["filenames", ...Array.from({ length: cols }, (_, i) => `embedding_${i}`), "labels"], cells());
}

/** The picture with all images; `chunks` are a JPEG. */
export interface Sprite {
  layout: SpriteLayout;
  chunks: ExportFile["chunks"];
}

/**
 * TensorBoard's projector: `tensors.tsv`, `metadata.tsv`, `sprite.jpg` and `projector_config.json`.
 * @param sprite with the images of `rows`, in their order; null where there is none
 */
export function* projectorFiles(
  { data, cols }: Matrix,
  rows: readonly number[],
  columns: readonly { name: string; value(row: number): string | number | null }[],
  sprite: Sprite | null,
): Generator<ExportFile> {
  const tabbed = (values: readonly unknown[]): string => `${values.map(plain).join("\t")}\n`;
  const inParts = function* (lines: (row: number) => string, head = ""): Generator<string> {
    if (head !== "") yield head;
    for (let start = 0; start < rows.length; start += rowsPerChunk) {
      yield rows
        .slice(start, start + rowsPerChunk)
        .map(lines)
        .join("");
    }
  };
  yield {
    path: "tensors.tsv",
    chunks: inParts((row) => tabbed(Array.from(data.subarray(row * cols, (row + 1) * cols)))),
  };
  // A metadata file of one column has no header line.
  const head = columns.length > 1 ? tabbed(columns.map(({ name }) => name)) : "";
  yield { path: "metadata.tsv", chunks: inParts((row) => tabbed(columns.map(({ value }) => value(row))), head) };
  const tensor = {
    tensorName: "Winnow",
    tensorShape: [rows.length, cols],
    tensorPath: "tensors.tsv",
    metadataPath: "metadata.tsv",
    ...(sprite && {
      sprite: { imagePath: "sprite.jpg", singleImageDim: [sprite.layout.side, sprite.layout.side] },
    }),
  };
  if (sprite) yield { path: "sprite.jpg", chunks: sprite.chunks };
  yield { path: "projector_config.json", chunks: [`${JSON.stringify({ embeddings: [tensor] }, null, 1)}\n`] };
}

/** A tab or line break would be another cell. */
const plain = (value: unknown): string => String(value ?? "").replace(/[\t\r\n]/g, " ");

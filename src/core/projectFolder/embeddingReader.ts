import { WinnowError } from "../errors.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Embedding } from "../linalg/adapt.ts";
import { type Matrix, matrix, requireFinite } from "../matrix.ts";
import type { EmbeddingMap, MapMethod } from "../reduce/embeddingMap.ts";
import { embeddingPaths, mapKeys } from "./filePaths.ts";
import type { FolderReader } from "./folderFiles.ts";
import { type EmbeddingEntry, headSettings, reportFromJson } from "./manifest.ts";
import { openRows, type RowsFile } from "./rowsFile.ts";

/** What project.json says of an embedding's features. */
export interface FeatureFacts {
  /** The first images, all or fewer, that have them. */
  rows: number;
  /** They may be negative. */
  signed: boolean;
  /** Numbers an image; absent for the project's own, which says it in the file alone. */
  features?: number;
  /** Images of the project, of which a further embedding cannot have more. */
  images?: number;
}

/** One embedding in a project folder: its features and what was made of them. Errors are as the ProjectReader's. */
export class EmbeddingReader {
  private readonly paths: ReturnType<typeof embeddingPaths>;

  /** @param id of the space; "": the project's own embedding */
  constructor(
    private readonly files: FolderReader,
    readonly id: string,
    readonly entry: EmbeddingEntry,
    private readonly facts: FeatureFacts,
  ) {
    this.paths = embeddingPaths(id);
  }

  /** The first images, all or fewer, that have features. */
  get rows(): number {
    return this.facts.rows;
  }

  /** Features may be negative. */
  get signed(): boolean {
    return this.facts.signed;
  }

  /**
   * Features, rows × D, f16 or f32; null where the project came without its own.
   * @throws WinnowError `shape` when the file of a further embedding is missing, or one is not as project.json says
   */
  async features(): Promise<RowsFile | null> {
    const path = this.paths.features;
    const { rows, features, images } = this.facts;
    const file = await this.files.open(path);
    if (file === null) {
      if (this.id === "") return null;
      throw missing(path);
    }
    const found = await openRows(file, path, ["f2", "f4"], rows);
    if (features === undefined || images === undefined || (rows <= images && found.cols === features)) return found;
    throw new WinnowError(
      "shape",
      `“${path}”: expected at most ${images} rows of ${features} numbers, found ${rows} of ${found.cols}.`,
      { file: path },
    );
  }

  /** The embedding with its head; its rows may be fewer than the images. */
  async embedding(): Promise<Embedding | null> {
    const { head } = this.entry;
    if (head === null) return null;
    const { method, dim, features, hash } = head;
    const embeddings = await this.wholeMatrix(this.paths.embeddings, head.rows, dim);
    requireFinite(embeddings, "embeddings");
    const weights = method === "raw" ? null : await this.wholeMatrix(this.paths.head, dim, features + 1);
    const part = (from: (row: number) => Float32Array, length: number): Float32Array => {
      const out = new Float32Array(dim * length);
      for (let i = 0; i < dim; i++) out.set(from(i * (features + 1)), i * length);
      return out;
    };
    return {
      settings: headSettings(head),
      fittedTotal: head.fitted_total,
      embeddings,
      head: {
        method,
        dim,
        features,
        hash,
        signedRoot: this.signed,
        weights: weights ? part((at) => weights.data.subarray(at, at + features), features) : new Float32Array(0),
        offset: weights
          ? part((at) => weights.data.subarray(at + features, at + features + 1), 1)
          : new Float32Array(0),
        report: reportFromJson(head.report),
      },
    };
  }

  /** The stored neighbours of the embedding, their distances computed again. */
  async graph(embeddings: Matrix): Promise<KnnGraph | null> {
    const { knn } = this.entry;
    const path = this.paths.knn;
    const file = knn && (await this.files.open(path));
    if (!file) return null;
    const { rows } = embeddings;
    const stored = await openRows(file, path, ["u4"], rows);
    const indices = (await stored.read(0, rows)) as Uint32Array;
    if (indices.some((index) => index >= rows)) {
      throw new WinnowError("shape", `“${path}” names a row that is not there.`, { file: path });
    }
    return {
      rows,
      k: stored.cols,
      indices,
      distances: distancesTo(embeddings, indices, stored.cols),
      recall: knn.recall,
    };
  }

  async map(method: MapMethod): Promise<EmbeddingMap | null> {
    const about = this.entry.maps[mapKeys[method]];
    if (!about) return null;
    const { data } = await this.wholeMatrix(this.paths.map(method), this.entry.head?.rows ?? this.rows, 2);
    const { trustworthiness, neighbours_kept: kept, k, measured, recall } = about;
    return { xy: data, quality: { trustworthiness, kept, k, measured }, recall };
  }

  private async wholeMatrix(name: string, rows: number, cols: number): Promise<Matrix> {
    const file = await this.files.open(name);
    if (file === null) throw missing(name);
    const stored = await openRows(file, name, ["f4"], rows);
    if (stored.cols !== cols) {
      throw new WinnowError("shape", `“${name}”: expected ${cols} columns, found ${stored.cols}.`, { file: name });
    }
    return matrix((await stored.read(0, rows)) as Float32Array, rows, cols);
  }
}

export const missing = (file: string): WinnowError =>
  new WinnowError("shape", `“${file}” is missing from the project folder.`, { file });

/** Euclidean distances of each row to its neighbours, rows × k, each summed in f64. */
function distancesTo({ data, cols }: Matrix, indices: Uint32Array, k: number): Float32Array {
  const out = new Float32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = Math.floor(i / k) * cols;
    const to = indices[i]! * cols;
    let sum = 0;
    for (let c = 0; c < cols; c++) sum += (data[from + c]! - data[to + c]!) ** 2;
    out[i] = Math.sqrt(sum);
  }
  return out;
}

import type { MetadataField } from "../annotations/metadataField.ts";
import { WinnowError } from "../errors.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Embedding } from "../linalg/adapt.ts";
import { type Matrix, matrix, requireFinite } from "../matrix.ts";
import type { Problem, SelectionRecord } from "../records.ts";
import type { EmbeddingMap, MapMethod } from "../reduce/embeddingMap.ts";
import { readAnnotationsParquet, type StoredSet } from "./annotationsParquet.ts";
import { filePaths, mapKeys } from "./filePaths.ts";
import type { FileBytes, FolderReader } from "./folderFiles.ts";
import { readImagesParquet, type StoredImage } from "./imagesParquet.ts";
import { headSettings, type Manifest, readManifest, reportFromJson, type SpaceEntry } from "./manifest.ts";
import { readMetadataParquet } from "./metadataParquet.ts";
import { openRows, type RowsFile } from "./rowsFile.ts";
import { readSelection } from "./selectionJson.ts";
import { packPath, readPackTable, thumbnailsPerPack } from "./thumbnailPack.ts";

/**
 * A project folder that is read. Every method names the damaged file in its error (`shape`), so that a caller can leave
 * that part out and open the rest; parts that are not there come as null.
 */
export class ProjectReader {
  private constructor(
    private readonly files: FolderReader,
    readonly manifest: Manifest,
  ) {}

  /** @throws WinnowError `empty` when it is no project folder, `unsupported` for a newer version, `shape` */
  static async open(files: FolderReader): Promise<ProjectReader> {
    const file = await files.open(filePaths.manifest);
    if (file === null) {
      throw new WinnowError("empty", "There is no project.json: this is not the folder of a Winnow project.");
    }
    return new ProjectReader(files, readManifest(await file.text()));
  }

  get rows(): number {
    return this.manifest.counts.images;
  }

  /** All images in row order, a page at a time. */
  async *images(): AsyncGenerator<StoredImage[]> {
    if (this.rows === 0) return;
    const file = await this.open(filePaths.images);
    if (file === null) throw missing(filePaths.images);
    yield* readImagesParquet(file, filePaths.images, this.rows);
  }

  /** Features, n × D, f16 or f32. */
  async features(): Promise<RowsFile | null> {
    const file = await this.open(filePaths.features);
    return file && (await openRows(file, filePaths.features, ["f2", "f4"], this.rows));
  }

  /**
   * Features of a further embedding, rows × D.
   * @throws WinnowError `shape` when the file is missing, damaged, or not as project.json says
   */
  async spaceFeatures({ id, rows, features }: SpaceEntry): Promise<RowsFile> {
    const path = filePaths.space(id);
    const file = await this.open(path);
    if (file === null) throw missing(path);
    const found = await openRows(file, path, ["f2", "f4"], rows);
    if (rows <= this.rows && found.cols === features) return found;
    throw new WinnowError(
      "shape",
      `“${path}”: expected at most ${this.rows} rows of ${features} numbers, found ${rows} of ${found.cols}.`,
      { file: path },
    );
  }

  /** The embedding with its head; its rows may be fewer than the images. */
  async embedding(): Promise<Embedding | null> {
    const { head } = this.manifest;
    if (head === null) return null;
    const { method, dim, features, hash } = head;
    const embeddings = await this.wholeMatrix(filePaths.embeddings, head.rows, dim);
    requireFinite(embeddings, "embeddings");
    const weights = method === "raw" ? null : await this.wholeMatrix(filePaths.head, dim, features + 1);
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
        signedRoot: this.manifest.signed_features,
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
    const { knn } = this.manifest;
    const file = knn && (await this.open(filePaths.knn));
    if (!file) return null;
    const { rows } = embeddings;
    const stored = await openRows(file, filePaths.knn, ["u4"], rows);
    const indices = (await stored.read(0, rows)) as Uint32Array;
    if (indices.some((index) => index >= rows)) {
      throw new WinnowError("shape", `“${filePaths.knn}” names a row that is not there.`, { file: filePaths.knn });
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
    const about = this.manifest.maps[mapKeys[method]];
    if (!about) return null;
    const { data } = await this.wholeMatrix(filePaths.map(method), this.manifest.head?.rows ?? this.rows, 2);
    const { trustworthiness, neighbours_kept: kept, k, measured, recall } = about;
    return { xy: data, quality: { trustworthiness, kept, k, measured }, recall };
  }

  /** Encoded thumbnails of a pack's rows; null for each image that has none. */
  async thumbnailPack(pack: number): Promise<(Uint8Array<ArrayBuffer> | null)[]> {
    const name = packPath(pack);
    const count = Math.max(0, Math.min(thumbnailsPerPack, this.rows - pack * thumbnailsPerPack));
    const file = await this.open(name);
    if (file === null) return Array.from({ length: count }, () => null);
    const places = await readPackTable(file, name);
    const start = places[0]!;
    const bytes = await file.slice(start, places.at(-1)!);
    return Array.from({ length: count }, (_, i) => {
      const from = places[i] ?? 0;
      const end = places[i + 1] ?? 0;
      return end > from ? bytes.slice(from - start, end - start) : null;
    });
  }

  async problems(): Promise<Problem[]> {
    // A file that is not there is not asked for: on a static host that is an error for all to see.
    if (this.manifest.counts.problems === 0) return [];
    const file = await this.open(filePaths.problems);
    if (file === null) return [];
    try {
      const list = JSON.parse(await file.text()) as Problem[];
      return list.map(({ path, reason }) => ({ path: String(path), reason: String(reason) }));
    } catch {
      throw new WinnowError("shape", `“${filePaths.problems}” is damaged: expected a JSON list.`, {
        file: filePaths.problems,
      });
    }
  }

  /** @param file one of the manifest's `selections` */
  async selection(file: string): Promise<SelectionRecord> {
    const path = filePaths.selection(file);
    const bytes = await this.open(path);
    if (bytes === null) throw missing(path);
    return readSelection(await bytes.text(), path, this.rows);
  }

  /** Files of the sets of labels and predictions, in the order in which they came. */
  get annotationFiles(): readonly string[] {
    return this.manifest.annotations ?? [];
  }

  /** @param file one of {@link annotationFiles} */
  async annotations(file: string): Promise<StoredSet> {
    const bytes = await this.open(file);
    if (bytes === null) throw missing(file);
    return await readAnnotationsParquet(bytes, file, this.rows);
  }

  /** What is known of the images besides labels; empty when there is nothing. */
  async metadata(): Promise<MetadataField[]> {
    if (!this.manifest.metadata) return [];
    const bytes = await this.open(filePaths.metadata);
    if (bytes === null) throw missing(filePaths.metadata);
    return await readMetadataParquet(bytes, filePaths.metadata, this.rows);
  }

  private open(path: string): Promise<FileBytes | null> {
    return this.files.open(path);
  }

  private async wholeMatrix(name: string, rows: number, cols: number): Promise<Matrix> {
    const file = await this.open(name);
    if (file === null) throw missing(name);
    const stored = await openRows(file, name, ["f4"], rows);
    if (stored.cols !== cols) {
      throw new WinnowError("shape", `“${name}”: expected ${cols} columns, found ${stored.cols}.`, { file: name });
    }
    return matrix((await stored.read(0, rows)) as Float32Array, rows, cols);
  }
}

const missing = (file: string): WinnowError =>
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

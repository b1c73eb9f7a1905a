import type { MetadataField } from "../annotations/metadataField.ts";
import { WinnowError } from "../errors.ts";
import type { Problem, SelectionRecord } from "../records.ts";
import { readAnnotationsParquet, type StoredSet } from "./annotationsParquet.ts";
import { EmbeddingReader, missing } from "./embeddingReader.ts";
import { filePaths } from "./filePaths.ts";
import type { FileBytes, FolderReader } from "./folderFiles.ts";
import { readImagesParquet, type StoredImage } from "./imagesParquet.ts";
import { type Manifest, type ObjectsEntry, readManifest, type SpaceEntry } from "./manifest.ts";
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

  /** The project's own embedding. */
  get own(): EmbeddingReader {
    const { manifest, rows, files } = this;
    return new EmbeddingReader(files, "", manifest, { rows, signed: manifest.signed_features });
  }

  /** A further embedding of the images. */
  space(entry: SpaceEntry): EmbeddingReader {
    const { id, features, rows, signed_features: signed } = entry;
    return new EmbeddingReader(this.files, id, entry, { rows, signed, features, images: this.rows });
  }

  /**
   * Features of the objects of a set, instances × D, NaN for those that have none.
   * @param instances how many the set has
   * @throws WinnowError `shape` when the file is missing, damaged, or of another number of instances
   */
  async objectFeatures(entry: ObjectsEntry, instances: number): Promise<RowsFile> {
    const path = filePaths.objects(entry);
    const file = await this.open(path);
    if (file === null) throw missing(path);
    const found = await openRows(file, path, ["f2"]);
    if (found.rows === instances && (found.cols === entry.features || instances === 0)) return found;
    throw new WinnowError(
      "shape",
      `“${path}”: expected ${instances} rows of ${entry.features} numbers, found ${found.rows} of ${found.cols}.`,
      { file: path },
    );
  }

  /** Features of the project's own model, n × D, f16 or f32. */
  features(): Promise<RowsFile | null> {
    return this.own.features();
  }

  /** An image of a publication; null where it was published without. @param path as in its record */
  async original(row: number, path: string): Promise<FileBytes | null> {
    const { originals } = this.manifest;
    return originals ? await this.open(filePaths.original(originals, row, path)) : null;
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
}

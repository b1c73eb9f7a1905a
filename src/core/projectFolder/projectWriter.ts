import type { AnnotationSet } from "../annotations/annotationSet.ts";
import type { MetadataField } from "../annotations/metadataField.ts";
import { WinnowError } from "../errors.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Embedding } from "../linalg/adapt.ts";
import type { QualitySettings } from "../quality/qualitySettings.ts";
import type { Problem, SelectionRecord } from "../records.ts";
import type { EmbeddingMap, MapMethod } from "../reduce/embeddingMap.ts";
import type { TagStyles } from "../tags.ts";
import { annotationsParquet, type StoredSet } from "./annotationsParquet.ts";
import { embeddingPaths, filePaths, mapKeys, mapMethods, selectionFile } from "./filePaths.ts";
import type { FolderWriter } from "./folderFiles.ts";
import { imageColumns, imagesParquet, type StoredImage } from "./imagesParquet.ts";
import {
  type EmbeddingEntry,
  formatVersion,
  type Manifest,
  manifestText,
  type ObjectsEntry,
  reportToJson,
  type SpaceEntry,
  tagStylesToJson,
} from "./manifest.ts";
import { metadataParquet } from "./metadataParquet.ts";
import { qualityToJson } from "./qualityJson.ts";
import { npyChunks } from "./rowsFile.ts";
import { type RecordContext, selectionText } from "./selectionJson.ts";
import { packPath, packThumbnails, thumbnailsPerPack } from "./thumbnailPack.ts";

/** What a new project folder is called and made with. */
export interface NewProject {
  name: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  programVersion: string;
  model: Manifest["model"];
  signedFeatures: boolean;
}

export interface FeatureRowsToWrite {
  dtype: "f2" | "f4";
  cols: number;
  /** Together all rows, in order. */
  parts: Iterable<ArrayBufferView> | AsyncIterable<ArrayBufferView>;
}

/** A further embedding as it is before anything has been made of its features. */
export type NewSpace = Omit<SpaceEntry, keyof EmbeddingEntry>;

/**
 * Writes the parts of a project folder. Every file is replaced as a whole, and project.json, which says what belongs
 * together, is written last: whatever interrupts a write, the folder is one of before or after. Images are only ever
 * appended, so files that already hold more rows than project.json counts are no harm; what follows from an embedding
 * is taken out of project.json before its files change.
 */
export class ProjectWriter {
  constructor(
    private readonly files: FolderWriter,
    private current: Manifest,
  ) {}

  /** The writer of a folder that holds nothing yet; the first file is written by the first method. */
  static create(files: FolderWriter, project: NewProject): ProjectWriter {
    return new ProjectWriter(files, {
      format: "winnow-project",
      version: formatVersion,
      program_version: project.programVersion,
      name: project.name,
      created: new Date(project.createdAt).toISOString(),
      model: project.model,
      signed_features: project.signedFeatures,
      counts: { images: 0, problems: 0, ignored: 0 },
      columns: [...imageColumns],
      head: null,
      knn: null,
      selections: [],
      maps: {},
    });
  }

  get manifest(): Manifest {
    return this.current;
  }

  /**
   * Replaces images, features and problems. `images` begins with the images that are there already, in their order; so
   * do the features. The embedding and what follows from it stay: they are of the first rows.
   */
  async putImages(
    images: Iterable<StoredImage>,
    count: number,
    features: FeatureRowsToWrite | null,
    problems: readonly Problem[],
    ignored: number,
  ): Promise<void> {
    if (features) {
      await this.files.write(
        embeddingPaths("").features,
        npyChunks(features.dtype, count, features.cols, features.parts),
      );
    }
    await this.files.write(filePaths.images, imagesParquet(images, this.createdBy));
    if (problems.length > 0) {
      await this.files.write(filePaths.problems, [`${JSON.stringify(problems, null, 1)}\n`]);
    } else await this.files.remove(filePaths.problems);
    await this.commit({ counts: { images: count, problems: problems.length, ignored } });
  }

  /**
   * Writes the packs from the one that holds `firstRow`. To be called before {@link putImages} counts the rows.
   * @param thumbnails of the rows from the first row of that pack on, encoded; null for one that is missing
   */
  async putThumbnails(
    firstRow: number,
    thumbnails: AsyncIterable<Uint8Array | null> | Iterable<Uint8Array | null>,
  ): Promise<void> {
    let pack = Math.floor(firstRow / thumbnailsPerPack);
    let images: Uint8Array[] = [];
    const flush = async (): Promise<void> => {
      if (images.some(({ length }) => length > 0)) await this.files.write(packPath(pack), packThumbnails(images));
      pack++;
      images = [];
    };
    for await (const thumbnail of thumbnails) {
      images.push(thumbnail ?? new Uint8Array(0));
      if (images.length === thumbnailsPerPack) await flush();
    }
    if (images.length > 0) await flush();
  }

  /** @param space whose embedding it is; "": the project's own */
  async putEmbedding({ head, settings, embeddings, fittedTotal }: Embedding, space = ""): Promise<void> {
    const { method, dim, features, weights, offset, hash } = head;
    const paths = embeddingPaths(space);
    await this.withoutEmbedding(space);
    if (method !== "raw") {
      const rows = function* (): Generator<Float32Array> {
        for (let i = 0; i < dim; i++) {
          yield weights.subarray(i * features, (i + 1) * features);
          yield offset.subarray(i, i + 1);
        }
      };
      await this.files.write(paths.head, npyChunks("f4", dim, features + 1, rows()));
    } else await this.files.remove(paths.head);
    await this.files.write(paths.embeddings, npyChunks("f4", embeddings.rows, dim, [embeddings.data]));
    const { passes, augmented } = settings;
    const report = reportToJson(head.report);
    const { rows } = embeddings;
    const term = augmented ? { augmented } : {};
    const about = { method, dim, passes, ...term, features, hash, rows, fitted_total: fittedTotal, report };
    await this.describe(space, { head: about });
  }

  async putGraph({ rows, k, indices, recall }: KnnGraph, space = ""): Promise<void> {
    if (this.described(space).knn) await this.describe(space, { knn: null });
    await this.files.write(embeddingPaths(space).knn, npyChunks("u4", rows, k, [indices]));
    await this.describe(space, { knn: { k, recall } });
  }

  async putMap(method: MapMethod, { xy, quality, recall }: EmbeddingMap, seed: number, space = ""): Promise<void> {
    const key = mapKeys[method];
    const { [key]: before, ...others } = this.described(space).maps;
    if (before) await this.describe(space, { maps: others });
    await this.files.write(embeddingPaths(space).map(method), npyChunks("f4", xy.length / 2, 2, [xy]));
    const { trustworthiness, kept, k, measured } = quality;
    await this.describe(space, {
      maps: { ...others, [key]: { seed, trustworthiness, neighbours_kept: kept, k, measured, recall } },
    });
  }

  /** @returns the path of its file */
  async putSelection(record: SelectionRecord, context: RecordContext): Promise<string> {
    const file = selectionFile(record.id);
    const path = filePaths.selection(file);
    await this.files.write(path, [selectionText(record, context)]);
    const { selections } = this.current;
    if (!selections.includes(file)) await this.commit({ selections: [...selections, file] });
    return path;
  }

  /** How tags look, beside the tags of each image. */
  async putTagStyles(styles: TagStyles): Promise<void> {
    await this.commit({ tags: tagStylesToJson(styles) });
  }

  /** Thresholds of the checks that a person moved. */
  async putQuality(settings: QualitySettings): Promise<void> {
    const quality = qualityToJson(settings);
    if (quality !== undefined || this.current.quality) await this.commit({ quality });
  }

  /** Takes out every selection whose file is not among these. */
  async keepSelections(ids: readonly string[]): Promise<void> {
    const kept = new Set(ids.map(selectionFile));
    const gone = this.current.selections.filter((file) => !kept.has(file));
    if (gone.length === 0) return;
    await this.commit({ selections: this.current.selections.filter((file) => kept.has(file)) });
    for (const file of gone) await this.files.remove(filePaths.selection(file));
  }

  /**
   * Adds a set of labels or predictions, or replaces the one of the same role and id.
   * @returns the path of its file
   */
  async putAnnotations(set: StoredSet): Promise<string> {
    const path = filePaths.annotations(set);
    await this.files.write(path, annotationsParquet(set, this.createdBy));
    const { annotations = [] } = this.current;
    if (!annotations.includes(path)) await this.commit({ annotations: [...annotations, path] });
    return path;
  }

  /** Takes out every set whose file is not among these. */
  async keepAnnotations(sets: readonly Pick<AnnotationSet, "role" | "id">[]): Promise<void> {
    const kept = new Set(sets.map(filePaths.annotations));
    const { annotations = [] } = this.current;
    const gone = annotations.filter((path) => !kept.has(path));
    if (gone.length === 0) return;
    await this.commit({ annotations: annotations.filter((path) => kept.has(path)) });
    for (const path of gone) await this.files.remove(path);
  }

  /**
   * Adds a further embedding, or replaces the features of the one of the same id; what was made of them stays, it is of
   * the first rows.
   * @param parts f16 features, `entry.rows` rows one after the other
   */
  async putSpace(entry: NewSpace, parts: AsyncIterable<Uint16Array>): Promise<void> {
    await this.files.write(embeddingPaths(entry.id).features, npyChunks("f2", entry.rows, entry.features, parts));
    const { spaces = [] } = this.current;
    const before = spaces.find(({ id }) => id === entry.id);
    const whole = { head: null, knn: null, maps: {}, ...before, ...entry };
    await this.commit({ spaces: before ? spaces.map((one) => (one === before ? whole : one)) : [...spaces, whole] });
  }

  /** Takes out every further embedding that is not among these. */
  async keepSpaces(ids: readonly string[]): Promise<void> {
    const { spaces = [] } = this.current;
    const gone = spaces.filter(({ id }) => !ids.includes(id));
    if (gone.length === 0) return;
    await this.commit({ spaces: spaces.filter(({ id }) => ids.includes(id)) });
    for (const { id } of gone) for (const path of allPaths(id)) await this.files.remove(path);
  }

  /**
   * Adds features of the objects of a set, or replaces those of the same set and space.
   * @param instances how many instances the set has
   * @param parts f16, a row for each instance, NaN for those that have no features
   */
  async putObjects(entry: ObjectsEntry, instances: number, parts: AsyncIterable<Uint16Array>): Promise<void> {
    await this.files.write(filePaths.objects(entry), npyChunks("f2", instances, entry.features, parts));
    await this.commit({ objects: [...this.objectsWithout([entry]), entry] });
  }

  /** Takes out all embedded objects that are not among these. */
  async keepObjects(entries: readonly ObjectsEntry[]): Promise<void> {
    const gone = this.objectsWithout(entries);
    if (gone.length === 0) return;
    const kept = (this.current.objects ?? []).filter((entry) => !gone.includes(entry));
    await this.commit({ objects: kept.length > 0 ? kept : undefined });
    for (const entry of gone) await this.files.remove(filePaths.objects(entry));
  }

  private objectsWithout(entries: readonly ObjectsEntry[]): ObjectsEntry[] {
    const same = (a: ObjectsEntry, b: ObjectsEntry): boolean => a.set === b.set && a.space === b.space;
    return (this.current.objects ?? []).filter((entry) => !entries.some((other) => same(entry, other)));
  }

  /** Writes an image of a publication; {@link noteOriginals} says that they are there. */
  async putOriginal(kind: "pictures" | "files", row: number, path: string, bytes: Uint8Array): Promise<void> {
    await this.files.write(filePaths.original(kind, row, path), [bytes]);
  }

  async noteOriginals(kind: "pictures" | "files"): Promise<void> {
    await this.commit({ originals: kind });
  }

  /** Replaces all metadata of the images. */
  async putMetadata(fields: readonly MetadataField[]): Promise<void> {
    if (fields.length === 0) {
      if (this.current.metadata) await this.commit({ metadata: undefined });
      await this.files.remove(filePaths.metadata);
      return;
    }
    await this.files.write(filePaths.metadata, metadataParquet(fields, this.current.counts.images, this.createdBy));
    await this.commit({ metadata: fields.map(({ key }) => key) });
  }

  async rename(name: string): Promise<void> {
    if (name !== this.current.name) await this.commit({ name });
  }

  private get createdBy(): string {
    return `Winnow ${this.current.program_version}`;
  }

  /** Takes an embedding and what follows from it out of the folder; its features stay. */
  private async withoutEmbedding(space: string): Promise<void> {
    const { head, knn, maps } = this.described(space);
    if (head === null && knn === null && Object.keys(maps).length === 0) return;
    await this.describe(space, { head: null, knn: null, maps: {} });
    const { knn: neighbours, map } = embeddingPaths(space);
    for (const path of [neighbours, ...mapMethods.map(map)]) await this.files.remove(path);
  }

  /** @throws WinnowError `internal` when the folder has no such space */
  private described(space: string): EmbeddingEntry {
    if (space === "") return this.current;
    const entry = this.current.spaces?.find(({ id }) => id === space);
    if (entry) return entry;
    throw new WinnowError("internal", `the folder has no space ${space}`);
  }

  private async describe(space: string, change: Partial<EmbeddingEntry>): Promise<void> {
    if (space === "") return await this.commit(change);
    this.described(space);
    const { spaces = [] } = this.current;
    await this.commit({ spaces: spaces.map((one) => (one.id === space ? { ...one, ...change } : one)) });
  }

  private async commit(change: { [Key in keyof Manifest]?: Manifest[Key] | undefined }): Promise<void> {
    this.current = { ...this.current, ...change } as Manifest;
    await this.files.write(filePaths.manifest, [manifestText(this.current)]);
  }
}

/** Every file that an embedding may have. */
function allPaths(space: string): string[] {
  const { map, ...others } = embeddingPaths(space);
  return [...Object.values(others), ...mapMethods.map(map)];
}

import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import { labelText, primaryLabels } from "../core/annotations/heldSet.ts";
import { WinnowError } from "../core/errors.ts";
import type { ImageTable } from "../core/imageTable.ts";
import { KnownObjects } from "../core/objects/objectPart.ts";
import { instanceRows } from "../core/objects/objectRows.ts";
import { filePaths, mapMethods } from "../core/projectFolder/filePaths.ts";
import type { FolderReader, FolderWriter } from "../core/projectFolder/folderFiles.ts";
import type { StoredImage } from "../core/projectFolder/imagesParquet.ts";
import type { Manifest, ObjectsEntry } from "../core/projectFolder/manifest.ts";
import { ProjectReader } from "../core/projectFolder/projectReader.ts";
import { ProjectWriter } from "../core/projectFolder/projectWriter.ts";
import { defaultQuality } from "../core/quality/qualitySettings.ts";
import { mapSeed } from "../core/reduce/embeddingMap.ts";
import type { RowSet } from "../core/rowSet.ts";
import { objectSets } from "../core/selection/inputFields.ts";
import type { TagStyles } from "../core/tags.ts";
import { childFolder, directoryWriter, newChildFolder } from "../export/directoryWriter.ts";
import { saveStream } from "../export/saveStream.ts";
import { zippedFolder } from "../export/zippedFolder.ts";
import { fromDirectoryHandle } from "../sources/openSource.ts";
import { sourceReader } from "../sources/sourceReader.ts";
import { readAnnotations } from "../store/annotations.ts";
import { type DerivedValues, derivationOf, readEmbedding, readGraph, readMap } from "../store/derived.ts";
import { ObjectStore } from "../store/objectStore.ts";
import type { ProjectStore } from "../store/projectStore.ts";
import type { ProjectInfo } from "../store/schema.ts";
import type { Supervision } from "./analyst.ts";
import { type Destination, safeName } from "./destination.ts";

const rowsPerRead = 1_024;

/** What is saved besides what the store holds. */
export interface ProjectView {
  images: ImageTable;
  tags: ReadonlyMap<string, RowSet>;
  tagStyles: TagStyles;
  programVersion: string;
  model: Manifest["model"];
}

/**
 * Writes a project as it is now.
 * @param writer of an empty folder, or of one that {@link earlierState} found
 */
export async function saveProject(
  store: ProjectStore,
  info: ProjectInfo,
  { images, tags, tagStyles, model }: ProjectView,
  writer: ProjectWriter,
  { signal, progress }: Supervision,
): Promise<void> {
  // Images that arrive while this runs are not in it.
  const total = info.imageCount;
  const step = (done: number): void => {
    if (signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
    progress({ done, total: 2 * total });
  };
  const thumbnails = async function* (): AsyncGenerator<Uint8Array | null> {
    for (let first = 0; first < total; first += rowsPerRead) {
      step(first);
      yield* await store.thumbnails(first, Math.min(total, first + rowsPerRead));
    }
  };
  const { annotations, metadata } = await readAnnotations(store);
  await writer.putThumbnails(0, thumbnails());
  const cols = total > 0 ? (await store.featuresOf(0)).length : 0;
  const features = async function* (): AsyncGenerator<Uint16Array> {
    for await (const { key, value } of store.features()) {
      if (key >= total) return;
      step(total + key);
      yield value.data.subarray(0, Math.min(value.rows, total - key) * value.cols);
    }
  };
  await writer.putImages(
    storedImages(images, tags, primaryLabels(annotations), total),
    total,
    cols > 0 ? { dtype: "f2", cols, parts: features() } : null,
    await store.problems(),
    info.ignoredCount,
  );
  await saveEmbedding(store, "", total, writer);
  await saveSpaces(store, info, total, writer);
  const selections = await store.selections();
  await writer.keepSelections(selections.map(({ id }) => id));
  const image = (row: number) => ({ id: images.at(row).id, path: images.path(row) });
  for (const record of selections) {
    await writer.putSelection(record, { modelSha256: model?.sha256 ?? null, image });
  }
  await writer.keepAnnotations(annotations);
  for (const set of annotations) await writer.putAnnotations(set);
  await saveObjects(store, info, annotations, writer);
  await writer.putMetadata(metadata);
  await writer.putTagStyles(tagStyles);
  await writer.putQuality(info.quality ?? defaultQuality);
  await writer.rename(info.name);
  progress({ done: 2 * total, total: 2 * total });
}

/** An embedding of not more than `total` images with what follows from it. */
async function saveEmbedding(store: DerivedValues, space: string, total: number, writer: ProjectWriter): Promise<void> {
  const embedding = await readEmbedding(store);
  if (embedding === null || embedding.embeddings.rows > total) return;
  await writer.putEmbedding(embedding, space);
  const graph = await readGraph(store, derivationOf(embedding));
  if (graph) await writer.putGraph(graph, space);
  for (const method of mapMethods) {
    const map = await readMap(store, derivationOf(embedding), method);
    if (map) await writer.putMap(method, map, mapSeed, space);
  }
}

/** Every further embedding, as far as it has been filled. */
async function saveSpaces(
  store: ProjectStore,
  { spaces = [] }: ProjectInfo,
  total: number,
  writer: ProjectWriter,
): Promise<void> {
  await writer.keepSpaces(spaces.map(({ id }) => id));
  for (const { id, name, model, featureCount: features, signed: signed_features } of spaces) {
    const space = store.space(id);
    const rows = Math.min(total, await space.rows());
    const parts = async function* (): AsyncGenerator<Uint16Array> {
      for await (const { key, value } of space.features()) {
        if (key >= rows) return;
        yield value.data.subarray(0, Math.min(value.rows, rows - key) * value.cols);
      }
    };
    await writer.putSpace({ id, name, model, features, signed_features, rows }, parts());
    await saveEmbedding(space, id, rows, writer);
  }
}

/** The features of all objects that are embedded. */
async function saveObjects(
  store: ProjectStore,
  { spaces = [] }: ProjectInfo,
  annotations: readonly AnnotationSet[],
  writer: ProjectWriter,
): Promise<void> {
  const entries: ObjectsEntry[] = [];
  for (const set of objectSets(annotations)) {
    for (const space of ["", ...spaces.map(({ id }) => id)]) {
      const objects = new ObjectStore(store.space(space), set.id);
      const parts = await objects.parts();
      if (parts.length === 0) continue;
      const featuresOf = (part: number): Promise<Uint16Array> => objects.features(part);
      const features = (await featuresOf(0)).length / (parts[0]!.boxes.length / 4);
      const entry = { set: set.id, space, features };
      entries.push(entry);
      const rows = instanceRows(set, new KnownObjects(parts), featuresOf, features);
      await writer.putObjects(entry, set.classOf.length, rows);
    }
  }
  await writer.keepObjects(entries);
}

/** The writer of a folder that holds nothing yet. */
export const newFolder = (
  files: FolderWriter,
  info: ProjectInfo,
  { programVersion, model }: ProjectView,
): ProjectWriter =>
  ProjectWriter.create(files, {
    name: info.name,
    createdAt: info.createdAt,
    programVersion,
    model,
    signedFeatures: info.signedFeatures ?? false,
  });

function* storedImages(
  images: ImageTable,
  tags: ReadonlyMap<string, RowSet>,
  labels: AnnotationSet | null,
  total: number,
): Generator<StoredImage> {
  const named = [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
  for (let row = 0; row < total; row++) {
    const own = named.filter(([, rows]) => rows.has(row)).map(([tag]) => tag);
    yield { record: images.at(row), tags: own, label: labelText(labels, row) };
  }
}

/**
 * The writer of a folder that holds an earlier state of a project, so that saving into it loses nothing: made at the
 * same time, and all its images are the project's first. Null for every other folder.
 */
export async function earlierState(
  files: FolderReader & FolderWriter,
  info: ProjectInfo,
  images: ImageTable,
): Promise<ProjectWriter | null> {
  if ((await files.open(filePaths.manifest)) === null) return null;
  const reader = await ProjectReader.open(files);
  const { manifest, rows } = reader;
  if (Date.parse(manifest.created) !== info.createdAt || rows > images.length) return null;
  for await (const page of reader.images()) {
    for (const { record } of page) if (images.at(record.row).sha256 !== record.sha256) return null;
  }
  return new ProjectWriter(files, manifest);
}

/**
 * Saves a project in a folder of its own inside the picked directory, or in that directory when it holds an earlier
 * state of it; without a directory as a zip.
 * @returns the name of what was written; null when the person closed the save dialog
 */
export async function saveProjectFolder(
  store: ProjectStore,
  info: ProjectInfo,
  view: ProjectView,
  to: Destination,
  supervision: Supervision,
): Promise<string | null> {
  const name = `${safeName(info.name)}.winnow`;
  if (to.kind === "zip") {
    const chunks = zippedFolder(name, [filePaths.manifest], (files) =>
      saveProject(store, info, view, newFolder(files, info, view), supervision),
    );
    return (await saveStream(`${name}.zip`, "application/zip", chunks)) === "saved" ? `${name}.zip` : null;
  }
  const { handle } = to;
  const here = await earlierState(directoryFiles(handle), info, view.images);
  if (here) {
    await saveProject(store, info, view, here, supervision);
    return handle.name;
  }
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${safeName(info.name)} (${number}).winnow`;
    const taken = await childFolder(handle, free);
    const earlier = taken && (await earlierState(directoryFiles(taken), info, view.images));
    if (taken && !earlier) continue;
    const files = directoryFiles(taken ?? (await newChildFolder(handle, free)));
    await saveProject(store, info, view, earlier ?? newFolder(files, info, view), supervision);
    return `${handle.name}/${free}`;
  }
}

const directoryFiles = (directory: FileSystemDirectoryHandle): FolderReader & FolderWriter => ({
  ...sourceReader(fromDirectoryHandle(directory)),
  ...directoryWriter(directory),
});

import { type HeldMetadata, type HeldSet, labelText, primaryLabels } from "../core/annotations/heldSet.ts";
import { isWinnowError, WinnowError } from "../core/errors.ts";
import { filePaths, mapMethods } from "../core/projectFolder/filePaths.ts";
import type { FolderWriter } from "../core/projectFolder/folderFiles.ts";
import type { StoredImage } from "../core/projectFolder/imagesParquet.ts";
import type { ProjectWriter } from "../core/projectFolder/projectWriter.ts";
import {
  columnOf,
  embeddingOf,
  mapOf,
  type PublicationChoice,
  publishedRecord,
  setOf,
} from "../core/publication/publicationParts.ts";
import { defaultQuality } from "../core/quality/qualitySettings.ts";
import { mapSeed } from "../core/reduce/embeddingMap.ts";
import { childFolder, directoryWriter, newChildFolder } from "../export/directoryWriter.ts";
import { saveStream } from "../export/saveStream.ts";
import { zippedFolder } from "../export/zippedFolder.ts";
import { listingPath, type OwnFiles, ownFiles } from "../sources/ownFiles.ts";
import { derivationOf, readEmbedding, readGraph, readMap } from "../store/derived.ts";
import type { ProjectStore } from "../store/projectStore.ts";
import type { ProjectInfo } from "../store/schema.ts";
import type { Supervision } from "./analyst.ts";
import { type Destination, safeName } from "./destination.ts";
import { newFolder, type ProjectView } from "./projectSave.ts";

const rowsPerRead = 1_024;
/** Names the project to the page beside it (src/publishedAddress). */
const publication = "publication.json";
const projectFolder = "project/";

/** A project as it is published. */
export interface Publication extends ProjectView {
  /** Of the images, ascending. */
  rows: Uint32Array;
  annotations: readonly HeldSet[];
  metadata: readonly HeldMetadata[];
  choice: PublicationChoice;
  /** Reads an image's file; rejects as `ProjectSources.original`. */
  original(path: string): Promise<Blob>;
  /** A picture of a file without anything that a camera wrote into it. */
  picture(file: Blob): Promise<Uint8Array>;
  /** Called with the path of an image whose original is not to be had. */
  onMissing(path: string): void;
}

/** Bytes of a publication's parts; those of the images are of all images of the project. */
export interface PublicationSizes {
  app: number;
  thumbnails: number;
  embedding: number;
  /** The images' files. */
  files: number;
}

export async function publicationSizes(store: ProjectStore, info: ProjectInfo): Promise<PublicationSizes> {
  const features = info.imageCount > 0 ? (await store.featuresOf(0)).byteLength * info.imageCount : 0;
  const embedding = await readEmbedding(store);
  const images = await store.images.table(info.imageCount);
  let files = 0;
  for (let row = 0; row < images.length; row++) files += images.at(row).bytes;
  return {
    files,
    app: (await ownFiles(pageFolder())).bytes,
    thumbnails: Math.max(0, info.storedBytes - features),
    embedding: embedding?.embeddings.data.byteLength ?? 0,
  };
}

/**
 * Writes the page and a project folder that it opens: into a new folder inside the picked one, otherwise as a zip.
 * @returns the name of what was written; null when the person closed the save dialog
 */
export async function publishProject(
  store: ProjectStore,
  info: ProjectInfo,
  published: Publication,
  to: Destination,
  supervision: Supervision,
): Promise<string | null> {
  const app = await ownFiles(pageFolder());
  const name = `${safeName(info.name)}-site`;
  const fill = async (files: FolderWriter): Promise<void> => {
    await writeProject(store, info, published, within(files, projectFolder), supervision);
    await writePage(app, files, supervision.signal);
  };
  if (to.kind === "zip") {
    const chunks = zippedFolder(name, [projectFolder + filePaths.manifest], fill);
    return (await saveStream(`${name}.zip`, "application/zip", chunks)) === "saved" ? `${name}.zip` : null;
  }
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name} (${number})`;
    if (await childFolder(to.handle, free)) continue;
    await fill(directoryWriter(await newChildFolder(to.handle, free)));
    return `${to.handle.name}/${free}`;
  }
}

async function writeProject(
  store: ProjectStore,
  info: ProjectInfo,
  published: Publication,
  files: FolderWriter,
  { signal, progress }: Supervision,
): Promise<void> {
  const { rows, choice, images, tagStyles } = published;
  const writer = newFolder(files, info, published);
  const isWhole = rows.length === info.imageCount;
  await writer.putThumbnails(
    0,
    thumbnailsOf(store, rows, (done) => {
      throwIfAborted(signal);
      progress({ done, total: rows.length });
    }),
  );
  await writer.putImages(storedImages(published), rows.length, null, [], 0);
  await writeOriginals(published, writer, { signal, progress });
  const embedding = choice.embedding ? await readEmbedding(store) : null;
  if (embedding !== null && embedding.embeddings.rows === info.imageCount) {
    await writer.putEmbedding(embeddingOf(embedding, rows));
    throwIfAborted(signal);
    // Neighbours of a part may lie outside it: they are found again where they are wanted.
    const graph = isWhole ? await readGraph(store, derivationOf(embedding)) : null;
    if (graph) await writer.putGraph(graph);
    for (const method of mapMethods) {
      const map = await readMap(store, derivationOf(embedding), method);
      if (map) await writer.putMap(method, mapOf(map, rows), mapSeed);
    }
  }
  throwIfAborted(signal);
  if (choice.selections && isWhole) {
    const image = (row: number) => publishedRecord(images.at(row), row, rows.length, choice);
    for (const record of await store.selections()) {
      await writer.putSelection(record, { modelSha256: published.model?.sha256 ?? null, image });
    }
  }
  if (choice.annotations) {
    for (const set of published.annotations) await writer.putAnnotations(setOf(set, rows, choice.paths));
  }
  const columns = published.metadata.filter(({ key }) => choice.metadata.includes(key));
  await writer.putMetadata(columns.map((column) => columnOf(column, rows)));
  if (choice.tags) await writer.putTagStyles(tagStyles);
  await writer.putQuality(info.quality ?? defaultQuality);
}

/** Originals of the images, as far as they are where they were. */
async function writeOriginals(
  { rows, images, choice, original, picture, onMissing }: Publication,
  writer: ProjectWriter,
  { signal, progress }: Supervision,
): Promise<void> {
  const kind = choice.originals;
  if (kind === "none") return;
  for (const [i, row] of rows.entries()) {
    throwIfAborted(signal);
    const record = publishedRecord(images.at(row), i, rows.length, choice);
    const { path } = images.at(row);
    try {
      const file = await original(path);
      const bytes = kind === "pictures" ? await picture(file) : new Uint8Array(await file.arrayBuffer());
      await writer.putOriginal(kind, i, record.path, bytes);
    } catch (error) {
      if (!isWinnowError(error, "vanished") && !isWinnowError(error, "unreadable")) throw error;
      onMissing(path);
    }
    progress({ done: i + 1, total: rows.length });
  }
  await writer.noteOriginals(kind);
}

/** Thumbnails of some rows, in their order. */
async function* thumbnailsOf(
  store: ProjectStore,
  rows: Uint32Array,
  step: (done: number) => void,
): AsyncGenerator<Uint8Array | null> {
  for (let i = 0; i < rows.length; ) {
    step(i);
    const first = rows[i]!;
    const some = await store.thumbnails(first, first + rowsPerRead);
    for (; i < rows.length && rows[i]! < first + rowsPerRead; i++) yield some[rows[i]! - first]!;
  }
}

function* storedImages({ rows, images, tags, annotations, choice }: Publication): Generator<StoredImage> {
  const named = choice.tags ? [...tags].sort(([a], [b]) => (a < b ? -1 : 1)) : [];
  const labels = choice.annotations ? primaryLabels(annotations) : null;
  for (const [i, row] of rows.entries()) {
    yield {
      record: publishedRecord(images.at(row), i, rows.length, choice),
      tags: named.filter(([, tagged]) => tagged.has(row)).map(([tag]) => tag),
      label: labelText(labels, row),
    };
  }
}

/** Copies the page; the copy knows its project, also without a network. */
async function writePage(app: OwnFiles, files: FolderWriter, signal: AbortSignal): Promise<void> {
  const content = `${JSON.stringify({ project: projectFolder })}\n`;
  for (const path of app.paths) {
    throwIfAborted(signal);
    if (path === publication) await files.write(path, [content]);
    else await files.write(path, [new Uint8Array(await (await app.read(path)).arrayBuffer())]);
  }
  await files.write(listingPath, [await app.listingWith(publication, content)]);
}

const pageFolder = (): URL => new URL("./", document.baseURI);

const within = (files: FolderWriter, folder: string): FolderWriter => ({
  write: (path, chunks) => files.write(folder + path, chunks),
  remove: (path) => files.remove(folder + path),
});

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
}

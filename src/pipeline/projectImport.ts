import { headOf } from "../core/annotations/heldSet.ts";
import { columnsOf } from "../core/annotations/setColumns.ts";
import { isWinnowError, toWinnowError, WinnowError } from "../core/errors.ts";
import { encodeFloat16 } from "../core/float16.ts";
import { partsOfRows } from "../core/objects/objectRows.ts";
import type { EmbeddingReader } from "../core/projectFolder/embeddingReader.ts";
import { filePaths, mapMethods } from "../core/projectFolder/filePaths.ts";
import type { StoredImage } from "../core/projectFolder/imagesParquet.ts";
import { tagStylesFromJson } from "../core/projectFolder/manifest.ts";
import { ProjectReader } from "../core/projectFolder/projectReader.ts";
import { qualityFromJson } from "../core/projectFolder/qualityJson.ts";
import type { RowsFile } from "../core/projectFolder/rowsFile.ts";
import { thumbnailsPerPack, thumbnailType } from "../core/projectFolder/thumbnailPack.ts";
import { objectSets } from "../core/selection/inputFields.ts";
import type { Source } from "../sources/source.ts";
import { sourceReader } from "../sources/sourceReader.ts";
import { readAnnotations } from "../store/annotations.ts";
import { type DerivedValues, derivationOf, putEmbedding, putGraph, putMap } from "../store/derived.ts";
import { ObjectStore } from "../store/objectStore.ts";
import type { ProjectStore, StoredThumbnail } from "../store/projectStore.ts";
import type { ProjectInfo } from "../store/schema.ts";
import type { Supervision } from "./analyst.ts";

/**
 * The project folder that a source is, or null when it is one of images.
 * @throws WinnowError `unsupported` for one of a newer version, `shape` for a damaged project.json
 */
export async function projectIn(source: Source): Promise<ProjectReader | null> {
  const reader = sourceReader(source);
  const file = await reader.open(filePaths.manifest);
  if (file === null) return null;
  // A folder of images may hold a project.json of something else.
  const isOurs = /"winnow-project"/.test(await file.text()) || (await reader.open(filePaths.images)) !== null;
  return isOurs ? await ProjectReader.open(reader) : null;
}

/** The record of a project that is about to be filled from its folder. */
export function importedInfo({ manifest }: ProjectReader, id: string, now: number): ProjectInfo {
  return {
    id,
    name: manifest.name,
    createdAt: Date.parse(manifest.created),
    updatedAt: now,
    modelId: manifest.model?.id ?? "",
    model: manifest.model,
    signedFeatures: manifest.signed_features,
    imageCount: 0,
    storedBytes: 0,
    ignoredCount: manifest.counts.ignored,
    unfinished: false,
    sources: [],
    quality: qualityFromJson(manifest.quality),
  };
}

/**
 * Fills an empty project from its folder. What is damaged and can be done without is left out.
 * @returns a sentence for each part that was left out
 * @throws WinnowError `shape` when the table of images is damaged, `cancelled`, `storage-full`
 */
export async function importProject(
  reader: ProjectReader,
  store: ProjectStore,
  now: () => number,
  { signal, progress }: Supervision,
): Promise<string[]> {
  const { found, unlessDamaged } = damageList();
  const features = await unlessDamaged(() => reader.features());
  const tags = new Map<string, number[]>();
  let first = 0;
  for await (const images of rowsOfPacks(reader)) {
    if (signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
    const pack = await unlessDamaged(() => reader.thumbnailPack(first / thumbnailsPerPack));
    const thumbnails = images.map((_, i) => storedThumbnail(pack?.[i] ?? null));
    const chunk = features
      ? { rows: images.length, cols: features.cols, data: await halves(features, first, first + images.length) }
      : { rows: images.length, cols: 0, data: new Uint16Array(0) };
    await store.append(
      { firstRow: first, records: images.map(({ record }) => record), features: chunk, thumbnails },
      now(),
    );
    noteTags(tags, images);
    first += images.length;
    progress({ done: first, total: reader.rows });
  }
  await importAdditions(reader, store, tags, now(), unlessDamaged);
  await importEmbedding(reader.own, store, unlessDamaged);
  await importSpaces(reader, store, unlessDamaged);
  await importObjects(reader, store, unlessDamaged);
  return found;
}

/** Further embeddings; one whose features are damaged is there without any, and can be filled from the originals. */
async function importSpaces(reader: ProjectReader, store: ProjectStore, unlessDamaged: UnlessDamaged): Promise<void> {
  for (const entry of reader.manifest.spaces ?? []) {
    const { id, name, model, features: featureCount, signed_features: signed, rows } = entry;
    // A folder of somebody else may name one twice.
    if ((await store.info())?.spaces?.some((space) => space.id === id)) continue;
    const found = reader.space(entry);
    const file = await unlessDamaged(() => found.features());
    const space = store.space(id);
    for (let first = 0; file && first < rows; first += thumbnailsPerPack) {
      const end = Math.min(rows, first + thumbnailsPerPack);
      const data = await unlessDamaged(() => halves(file, first, end));
      // What follows a damaged part cannot be placed.
      if (data === null) break;
      await space.append(first, { rows: end - first, cols: featureCount, data });
    }
    await store.updateInfo((info) => ({
      ...info,
      spaces: [...(info.spaces ?? []), { id, name, model, featureCount, signed }],
    }));
    await importEmbedding(found, space, unlessDamaged);
  }
}

/** Features of objects; where their file is damaged they can be made anew from the originals. */
async function importObjects(reader: ProjectReader, store: ProjectStore, unlessDamaged: UnlessDamaged): Promise<void> {
  const { objects = [], spaces = [] } = reader.manifest;
  if (objects.length === 0) return;
  const { annotations } = await readAnnotations(store);
  for (const entry of objects) {
    const set = objectSets(annotations).find(({ id }) => id === entry.set);
    // A folder of somebody else may name what is not there.
    if (!set || (entry.space !== "" && !spaces.some(({ id }) => id === entry.space))) continue;
    const kept = new ObjectStore(store.space(entry.space), set.id);
    if ((await kept.parts()).length > 0) continue;
    await unlessDamaged(async () => {
      const file = await reader.objectFeatures(entry, set.classOf.length);
      const read = async (from: number, to: number): Promise<Uint16Array> => (await file.read(from, to)) as Uint16Array;
      let place = 0;
      for await (const { part, features } of partsOfRows(set, read, entry.features)) {
        await kept.add(place++, part, features);
      }
      return null;
    });
  }
}

/** What reads a part of a folder: null when its file is damaged. */
export type UnlessDamaged = <T>(read: () => Promise<T | null>) => Promise<T | null>;

/** A list of what is damaged, in sentences, and the way to read parts that fills it. */
export function damageList(): { found: string[]; unlessDamaged: UnlessDamaged } {
  const found: string[] = [];
  return {
    found,
    unlessDamaged: async (read) => {
      try {
        return await read();
      } catch (error) {
        if (!isWinnowError(error, "shape")) throw error;
        found.push(error.message);
        return null;
      }
    },
  };
}

/** Adds the rows of images to those of their tags. */
export function noteTags(tags: Map<string, number[]>, images: readonly StoredImage[]): void {
  for (const { record, tags: own } of images) {
    for (const tag of own) {
      const rows = tags.get(tag);
      if (rows) rows.push(record.row);
      else tags.set(tag, [record.row]);
    }
  }
}

/** Stores what was added to the images of a folder: tags, selections, labels and metadata, and what could not be read. */
export async function importAdditions(
  reader: ProjectReader,
  store: ProjectStore,
  tags: ReadonlyMap<string, readonly number[]>,
  now: number,
  unlessDamaged: UnlessDamaged,
): Promise<void> {
  await store.edit({
    tags: new Map([...tags].map(([name, rows]) => [name, Uint32Array.from(rows)])),
    tagStyles: tagStylesFromJson(reader.manifest.tags ?? [], tags),
  });
  for (const problem of (await unlessDamaged(() => reader.problems())) ?? []) await store.putProblem(problem);
  for (const file of reader.manifest.selections) {
    const record = await unlessDamaged(() => reader.selection(file));
    if (record) await store.edit({ selections: new Map([[record.id, record]]) });
  }
  await importAnnotations(reader, store, now, unlessDamaged);
}

/** Stores an embedding of a folder with its neighbours and maps. */
export async function importEmbedding(
  reader: EmbeddingReader,
  store: DerivedValues,
  unlessDamaged: UnlessDamaged,
): Promise<void> {
  const embedding = await unlessDamaged(() => reader.embedding());
  if (embedding) {
    await putEmbedding(store, embedding);
    const graph = await unlessDamaged(() => reader.graph(embedding.embeddings));
    if (graph) await putGraph(store, derivationOf(embedding), graph);
    for (const method of mapMethods) {
      const map = await unlessDamaged(() => reader.map(method));
      if (map) await putMap(store, derivationOf(embedding), method, map);
    }
  }
}

/** Labels, predictions and metadata of the folder. */
async function importAnnotations(
  reader: ProjectReader,
  store: ProjectStore,
  since: number,
  unlessDamaged: UnlessDamaged,
): Promise<void> {
  for (const file of reader.annotationFiles) {
    const set = await unlessDamaged(() => reader.annotations(file));
    if (set === null) continue;
    const content = crypto.randomUUID();
    const head = headOf({ ...set, content, since, corrections: set.corrections ?? [] });
    await store.edit({
      annotations: new Map([[set.id, head]]),
      contents: new Map([[content, { kind: "set", columns: columnsOf(set) }]]),
    });
  }
  for (const column of (await unlessDamaged(() => reader.metadata())) ?? []) {
    const content = crypto.randomUUID();
    await store.edit({
      metadata: new Map([[column.key, content]]),
      contents: new Map([[content, { kind: "metadata", column: { ...column, content } }]]),
    });
  }
}

/** Images in runs of as many as a pack of thumbnails holds. */
async function* rowsOfPacks(reader: ProjectReader): AsyncGenerator<StoredImage[]> {
  let waiting: StoredImage[] = [];
  for await (const page of reader.images()) {
    waiting.push(...page);
    while (waiting.length >= thumbnailsPerPack) {
      yield waiting.slice(0, thumbnailsPerPack);
      waiting = waiting.slice(thumbnailsPerPack);
    }
  }
  if (waiting.length > 0) yield waiting;
}

async function halves(features: RowsFile, first: number, end: number): Promise<Uint16Array> {
  const values = await features.read(first, end);
  if (values instanceof Uint16Array) return values;
  if (values instanceof Float32Array) return encodeFloat16(values);
  throw toWinnowError(new Error("features are neither f16 nor f32"));
}

const storedThumbnail = (bytes: Uint8Array<ArrayBuffer> | null): StoredThumbnail | null =>
  bytes && { type: thumbnailType(bytes), bytes: bytes.buffer };

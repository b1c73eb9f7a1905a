import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import type { Embedding } from "../core/linalg/adapt.ts";
import type { ObjectPart } from "../core/objects/objectPart.ts";
import type { ObjectPoints } from "../core/objects/objectPoints.ts";
import { partsOfRows } from "../core/objects/objectRows.ts";
import type { ProjectReader } from "../core/projectFolder/projectReader.ts";
import type { SelectionConfig } from "../core/selection/config.ts";
import { type ObjectSet, setOfObjects } from "../core/selection/inputFields.ts";
import { runToEnd } from "../core/task.ts";
import type { Kernels } from "../kernels/load.ts";
import { ObjectEmbeddings } from "../store/objectEmbeddings.ts";
import { ObjectStore } from "../store/objectStore.ts";

/** The objects that strategies go by, embedded like the images. */
export async function objectsNamed(
  { strategies }: SelectionConfig,
  sets: readonly AnnotationSet[],
  reader: ProjectReader,
  space: string,
  embedding: Embedding,
  kernels: Kernels,
): Promise<Map<string, ObjectPoints>> {
  const named = new Map<string, ObjectPoints>();
  for (const { input } of strategies) {
    if (input.type !== "EMBEDDINGS" || input.task === undefined) continue;
    const set = setOfObjects(sets, input.task);
    const values = memoryValues();
    await readParts(reader, space, set, new ObjectStore(values, set.id));
    const objects = new ObjectEmbeddings(Promise.resolve(kernels));
    named.set(set.id, await objects.points({ ...values, id: "" }, embedding, set, async (task) => runToEnd(task)));
  }
  return named;
}

/** The objects of a set that the folder holds for an embedding ("": its own), put into a store. */
export async function readParts(
  reader: ProjectReader,
  space: string,
  set: ObjectSet,
  store: ObjectStore,
): Promise<ObjectPart[]> {
  const entry = reader.manifest.objects?.find((one) => one.set === set.id && one.space === space);
  if (!entry) return [];
  const file = await reader.objectFeatures(entry, set.classOf.length);
  const read = async (from: number, to: number): Promise<Uint16Array> => (await file.read(from, to)) as Uint16Array;
  let place = 0;
  for await (const { part, features } of partsOfRows(set, read, entry.features)) {
    await store.add(place++, part, features);
  }
  return await store.parts();
}

/** Values that are gone with the process. */
export function memoryValues() {
  const values = new Map<string, unknown>();
  return {
    derived: async (key: string): Promise<unknown> => values.get(key) ?? null,
    putDerived: async (key: string, value: unknown): Promise<unknown> => values.set(key, value),
  };
}

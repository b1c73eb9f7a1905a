import { availableParallelism } from "node:os";
import { isWinnowError, WinnowError } from "../../core/errors.ts";
import { countObjects, KnownObjects } from "../../core/objects/objectPart.ts";
import { instanceRows } from "../../core/objects/objectRows.ts";
import { type ObjectSet, objectSets, setOfObjects } from "../../core/selection/inputFields.ts";
import { Gate } from "../../pipeline/gate.ts";
import { embedObjects } from "../../pipeline/objectEmbedding.ts";
import { ObjectStore } from "../../store/objectStore.ts";
import { chosenSpace } from "../chosenSpace.ts";
import { cropWithSharp } from "../decodeWithSharp.ts";
import { NodeModel } from "../nodeModel.ts";
import { diskSource } from "../nodeSource.ts";
import { withProject } from "../openProject.ts";
import { contentsOf } from "../projectContents.ts";
import { requireSameModel } from "../sameModel.ts";
import { memoryValues, readParts } from "../storedObjects.ts";
import type { Surroundings } from "../surroundings.ts";

export interface ObjectsOptions {
  set?: string;
  /** Of a further embedding; the project's own when left out. */
  space?: string;
  model?: string;
  preprocessing?: string;
  size?: number;
  threads?: number;
}

/** What `--json` prints. */
export interface ObjectsResult {
  /** Id of the set. */
  set: string;
  objects: number;
  /** Embedded in this run. */
  embedded: number;
  /** Embedded before. */
  known: number;
  /** Images that are not in the folders, or have changed since they were embedded. */
  missing: number;
}

/**
 * `winnow objects`: crops the boxes of a set of labels or predictions from the images and embeds them. What is embedded
 * when it is interrupted is kept, and the next run goes on there.
 */
export async function objects(
  project: string,
  folders: readonly string[],
  options: ObjectsOptions,
  { terminal, signal, modelFile }: Surroundings,
): Promise<ObjectsResult> {
  const source = await diskSource(folders);
  const threads = options.threads ?? availableParallelism();
  const { set: asked, space, model: file, ...choice } = options;
  const model = await NodeModel.load({ ...choice, file, threads, bundled: modelFile });
  return await withProject(project, terminal, async ({ reader, writer }) => {
    const chosen = chosenSpace(reader, space);
    requireSameModel({ model: chosen.model, counts: writer.manifest.counts }, model);
    const { images, sets } = await contentsOf(reader);
    const set = oneSet(sets, asked);
    const store = new ObjectStore(memoryValues(), set.id);
    const before = await readParts(reader, chosen.id, set, store);
    const counts = countObjects(set, new KnownObjects(before));
    const known = counts.objects - counts.unknownObjects;
    const write = async (): Promise<number> => {
      const parts = await store.parts();
      const all = new KnownObjects(parts);
      if (parts.length > 0) {
        const features = (await store.features(0)).length / (parts[0]!.boxes.length / 4);
        const rows = instanceRows(set, all, (part) => store.features(part), features);
        await writer.putObjects({ set: set.id, space: chosen.id, features }, set.classOf.length, rows);
      }
      return counts.unknownObjects - countObjects(set, all).unknownObjects;
    };
    terminal.start("Embedding objects");
    try {
      const { missing } = await embedObjects({
        set,
        images: Array.from(counts.unknownRows, (row) => images.at(row)),
        original: async (path) => await (await source.find(path)).open(),
        store,
        parts: before.length,
        engine: {
          size: model.manifest.spec.size,
          use: (work) =>
            work(
              { size: threads, run: (use) => use({ crops: cropWithSharp }) },
              { parallel: 1, embed: (all) => model.embed(all) },
            ),
        },
        gate: new Gate(signal),
        signal,
        progress: ({ done, total }) => terminal.progress({ done, total }, "objects"),
      });
      return { set: set.id, objects: counts.objects, embedded: await write(), known, missing };
    } catch (error) {
      // What is embedded stays.
      await write();
      throw isWinnowError(error, "cancelled") ? new WinnowError("cancelled", "Interrupted.") : error;
    } finally {
      await model.close();
    }
  });
}

function oneSet<T extends Parameters<typeof objectSets>[0][number]>(sets: readonly T[], asked?: string): ObjectSet {
  if (asked !== undefined) return setOfObjects(sets, asked);
  const [only, ...others] = objectSets(sets);
  if (only && others.length === 0) return only;
  const names = objectSets(sets).map(({ id }) => id);
  throw new WinnowError(
    "config",
    only
      ? `Say which boxes, with --set: ${names.join(", ")}.`
      : "The project has no labels or predictions with boxes. Bring some in with “winnow import” or “winnow predict”.",
  );
}

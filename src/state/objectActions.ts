import type { ObjectCounts } from "../core/objects/objectPart.ts";
import type { Session } from "./session.ts";

/** What can be done with the objects in images. */
export interface ObjectActions {
  /** How many objects a set has, and how many are embedded where the page looks; null when that cannot be found out. */
  objectCounts(set: string): Promise<ObjectCounts | null>;
  /** Embeds what of a set's objects is not embedded yet, as a job; call it from a click. */
  embedObjects(set: string): void;
  /** Ranks images by their object that is most similar to one. @param index which of the row's instances, from 0 */
  findSimilarObjects(set: string, row: number, index: number): void;
}

/** What does the work is loaded when it is wanted. */
export const objectActions = (
  inSession: (work: (session: Session) => Promise<unknown>) => Promise<void>,
): ObjectActions => ({
  objectCounts: async (set) => {
    let counts: ObjectCounts | null = null;
    await inSession(async (open) => {
      counts = await (await import("./objects.ts")).countsOf(open, set);
    });
    return counts;
  },
  embedObjects: (set) => void inSession(async (open) => (await import("./objects.ts")).embedObjectsOf(open, set)),
  findSimilarObjects: (set, row, index) =>
    void inSession(async (open) => {
      await open.atlas.ensureCurrent();
      await open.searching.byObject({ set, row, index });
    }),
});

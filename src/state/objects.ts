import { isWinnowError, WinnowError } from "../core/errors.ts";
import { countObjects, KnownObjects, type ObjectCounts } from "../core/objects/objectPart.ts";
import { setOfObjects } from "../core/selection/inputFields.ts";
import { Gate } from "../pipeline/gate.ts";
import { embedObjects } from "../pipeline/objectEmbedding.ts";
import { embeddingNote } from "./embeddingNote.ts";
import type { Session } from "./session.ts";

type ObjectSession = Pick<Session, "desk" | "project">;

/** How many objects a set has, and how many of them are embedded in the space that is looked at. */
export async function countsOf({ desk, project }: ObjectSession, setId: string): Promise<ObjectCounts> {
  const set = setOfObjects(desk.store.getState().annotations, setId);
  return countObjects(set, new KnownObjects(await project.spaces.objects(setId).parts()));
}

/** Embeds the objects of a set that are not embedded yet, as a job that can be cancelled and goes on where it was. */
export async function embedObjectsOf(session: ObjectSession, setId: string): Promise<void> {
  const { desk, project } = session;
  const { images, jobs } = desk.store.getState();
  const set = setOfObjects(desk.store.getState().annotations, setId);
  const name = `Embedding objects of ${set.name}`;
  if (jobs.some((job) => job.name === name && (job.status === "running" || job.status === "paused"))) return;
  if (!(project.info.space || project.model.isBundled)) {
    throw new WinnowError(
      "model",
      `The images were embedded with ${project.model.name}, which is not in this browser. Add the model's file on the Models screen, look at that embedding, and embed the objects there.`,
    );
  }
  const abort = new AbortController();
  const gate = new Gate(abort.signal);
  const job = desk.jobs.start({
    name,
    unit: "objects",
    cancel: () => abort.abort(),
    pause: () => gate.pause(),
    resume: () => gate.resume(),
  });
  try {
    const engine = await project.spaces.engineInUse();
    await project.sources.reconnect();
    const store = project.spaces.objects(setId);
    const parts = await store.parts();
    const { unknownRows, objects, unknownObjects } = countObjects(set, new KnownObjects(parts));
    const before = objects - unknownObjects;
    const { missing } = await embedObjects({
      set,
      images: Array.from(unknownRows, (row) => images.at(row)),
      original: (path) => project.sources.original(path),
      store,
      parts: parts.length,
      engine: { size: engine.manifest.spec.size, use: (work) => engine.use(work) },
      gate,
      signal: abort.signal,
      progress: ({ done, missing: gone }) =>
        job.update({
          done: before + done,
          total: objects,
          worked: done,
          note: embeddingNote(engine.runsOn, { missing: gone }),
        }),
    });
    job.finish();
    if (desk.isOpen()) tell(session, missing);
  } catch (error) {
    job.fail(error);
    if (!isWinnowError(error, "cancelled") && desk.isOpen()) desk.notices.error(error);
  } finally {
    desk.store.setState(({ objectsVersion }) => ({ objectsVersion: objectsVersion + 1 }));
  }
}

function tell({ desk }: ObjectSession, missing: number): void {
  if (missing === 0) {
    desk.notices.info("The objects are embedded: Details finds similar ones, and strategies of Select can go by them.");
    return;
  }
  const images = missing === 1 ? "1 image is" : `${missing.toLocaleString("en")} images are`;
  desk.notices.info(
    `${images} not where they were or have changed, and thumbnails are too small to crop from: their objects are not embedded. Choose the folder again, then go on.`,
  );
}

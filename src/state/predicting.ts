import { isWinnowError } from "../core/errors.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import { type OwnModel, spaceId } from "../core/model/ownModel.ts";
import { setOfPredictions } from "../core/model/predictedRows.ts";
import type { Engine } from "../pipeline/engine.ts";
import { Gate } from "../pipeline/gate.ts";
import { predictingEngine } from "../pipeline/ownModels.ts";
import { PredictedParts, predictImages, unpredicted } from "../pipeline/predicting.ts";
import { freeId, putAnnotations } from "./annotating.ts";
import { embeddingNote } from "./embeddingNote.ts";
import type { Editing } from "./history.ts";
import type { ModelSession } from "./modelSession.ts";
import { madeHere, predictionsOf } from "./predictionTasks.ts";

/**
 * Runs a classifier or detector over the project, as a job: over the images that it has said nothing of yet. What it
 * says becomes a prediction task, in one undoable step; a run that was cancelled goes on where it was.
 */
export async function predictWith(
  session: ModelSession & Editing,
  model: Pick<OwnModel, "sha256" | "name">,
  spec: ModelSpec,
): Promise<void> {
  const { desk, project } = session;
  const { predicts } = spec;
  if (!predicts) return;
  const { images, jobs } = desk.store.getState();
  const name = model.name.replace(/\.onnx$/i, "");
  const jobName = `Predicting with ${name}`;
  if (jobs.some((job) => job.name === jobName && (job.status === "running" || job.status === "paused"))) return;
  const abort = new AbortController();
  const gate = new Gate(abort.signal);
  const job = desk.jobs.start({
    name: jobName,
    unit: "images",
    cancel: () => abort.abort(),
    pause: () => gate.pause(),
    resume: () => gate.resume(),
  });
  const id = spaceId(model.sha256, spec);
  const count = images.length;
  let engine: Engine | null = null;
  try {
    engine = await predictingEngine(project.spaces.ownEngine, model, spec);
    await project.sources.reconnect();
    const parts = await PredictedParts.open(project.computed, model, spec);
    const rows = unpredicted(count, predictionsOf(desk.store.getState(), model.name), parts.parts, id);
    const before = count - rows.length;
    const { fromThumbnails } = await predictImages({
      spec: { ...spec, predicts },
      images: Array.from(rows, (row) => images.at(row)),
      imageCount: count,
      original: (path) => project.sources.original(path),
      thumbnail: (row) => project.thumbnail(row),
      engine,
      parts,
      gate,
      signal: abort.signal,
      progress: ({ done, fromThumbnails: small }) =>
        job.update({
          done: before + done,
          total: count,
          worked: done,
          note: embeddingNote(engine?.runsOn ?? "", { fromThumbnails: small }),
        }),
    });
    if (parts.parts.length > 0) {
      const earlier = predictionsOf(desk.store.getState(), model.name);
      const about = {
        id: earlier?.id ?? freeId(desk.store.getState(), name),
        name: earlier?.name ?? name,
        source: { format: madeHere, file: model.name, at: desk.now(), model: id },
      };
      const set = setOfPredictions(parts.parts, predicts, about);
      await putAnnotations(session, `predictions of “${name}”`, [set]);
      await parts.clear();
      if (desk.isOpen()) desk.notices.info(saidText(name, set.classOf.length, predicts.kind === "detector", count));
    }
    job.finish();
    if (fromThumbnails > 0 && desk.isOpen()) {
      desk.notices.info(
        `${fromThumbnails} images are not where they were or have changed; “${name}” looked at their thumbnails instead.`,
      );
    }
  } catch (error) {
    job.fail(error);
    if (!isWinnowError(error, "cancelled") && desk.isOpen()) desk.notices.error(error);
  } finally {
    engine?.close();
  }
}

function saidText(name: string, instances: number, isDetector: boolean, images: number): string {
  const what = isDetector ? "boxes" : "classes";
  return `“${name}” says ${instances.toLocaleString("en")} ${what} of ${images.toLocaleString("en")} images. They are a prediction task: see Labels. Undo takes it back.`;
}

import { WinnowError } from "../core/errors.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import type { ModelTrial } from "../core/model/ownModel.ts";
import { className, type Predicts } from "../core/model/predicts.ts";
import { Random } from "../core/random.ts";
import {
  type PredictionTrial,
  type TrialImage,
  type TriedFile,
  tryModel,
  tryPredicting,
} from "../pipeline/modelTrial.ts";
import type { ModelSession } from "./modelSession.ts";

/** Images of the project among which a trial looks for neighbours. */
const trialSample = 32;
const neighboursShown = 5;
const trialSeed = 1;
/** Classes or boxes that a trial shows. */
const instancesShown = 50;

/** What a trial of an embedding model shows. */
export interface TriedEmbedding {
  kind: "embedding";
  trial: ModelTrial;
  /** The image that was looked at. */
  thumbnail: Blob;
  /** The images of the sample that are most like it, nearest first. */
  near: readonly { row: number; cosine: number }[];
  sampled: number;
}

/** What a trial of a classifier or detector shows. */
export interface TriedPredictions extends Pick<PredictionTrial, "width" | "height" | "output" | "msPerImage"> {
  kind: "predictions";
  /** The image that was looked at. */
  thumbnail: Blob;
  /** The surest first. `box`: x, y, width, height in pixels of the image. */
  said: readonly { name: string; score: number; box: readonly number[] | null }[];
}

export type TriedModel = TriedEmbedding | TriedPredictions;

/**
 * Shows what a model makes of an image, before it runs over the whole project.
 * @param image a row of the project, or a file from outside
 */
export async function tryOn(
  session: ModelSession,
  model: TriedFile,
  spec: ModelSpec,
  image: number | File,
  signal: AbortSignal,
): Promise<TriedModel> {
  const { desk, project } = session;
  const thumbnail = typeof image === "number" ? await thumbnailOf(session, image) : image;
  const path = typeof image === "number" ? desk.store.getState().images.path(image) : image.name;
  const file = typeof image === "number" ? await project.sources.original(path).catch(() => thumbnail) : image;
  const job = desk.jobs.start({ name: "Trying the model", unit: "images" });
  try {
    const query = { name: path, file };
    const tried = spec.predicts
      ? await triedPredictions(session, model, { ...spec, predicts: spec.predicts }, query, signal)
      : await triedEmbedding(session, model, spec, query, image, { signal, progress: job.update });
    job.finish();
    return { ...tried, thumbnail };
  } catch (error) {
    job.fail(error);
    throw error;
  }
}

/** How many numbers a model gives, and whether they can be negative: measured, not believed. */
export async function trialOf(
  session: ModelSession,
  model: TriedFile,
  spec: ModelSpec,
  signal: AbortSignal,
): Promise<ModelTrial> {
  const tried = await tryOn(session, model, spec, 0, signal);
  if (tried.kind === "embedding") return tried.trial;
  throw new WinnowError("model", `“${model.name}” is set up as a classifier or detector: choose the kind “embedding”.`);
}

async function thumbnailOf({ desk, project }: ModelSession, row: number): Promise<Blob> {
  const blob = await project.thumbnail(row);
  if (blob) return blob;
  const path = desk.store.getState().images.path(row);
  throw new WinnowError("empty", `“${path}” has no thumbnail: drop an image file instead.`);
}

async function triedPredictions(
  { project }: ModelSession,
  model: TriedFile,
  spec: ModelSpec & { predicts: Predicts },
  query: TrialImage,
  signal: AbortSignal,
): Promise<Omit<TriedPredictions, "thumbnail">> {
  const { said, ...rest } = await tryPredicting(project.spaces.ownEngine, model, spec, query, signal);
  const shown = Array.from(said.classOf.subarray(0, instancesShown), (id, at) => ({
    name: className(spec.predicts, id),
    score: said.scores[at]!,
    box: said.boxes && Array.from(said.boxes.subarray(4 * at, 4 * at + 4)),
  }));
  return { kind: "predictions", said: shown, ...rest };
}

async function triedEmbedding(
  session: ModelSession,
  model: TriedFile,
  spec: ModelSpec,
  query: TrialImage,
  image: number | File,
  trying: Parameters<typeof tryModel>[4],
): Promise<Omit<TriedEmbedding, "thumbnail">> {
  const { images } = session.desk.store.getState();
  const sample = new Random(trialSeed).sample(images.length, trialSample + 1);
  const rows = Array.from(sample)
    .filter((row) => row !== image)
    .slice(0, trialSample);
  const others = await Promise.all(
    rows.map(async (row) => ({ name: images.path(row), file: await thumbnailOf(session, row) })),
  );
  const { trial, features } = await tryModel(session.project.spaces.ownEngine, model, spec, [query, ...others], trying);
  const cosines = centredCosines(features, trial.featureCount);
  const near = rows
    .map((row, i) => ({ row, cosine: cosines[i + 1]! }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, neighboursShown);
  return { kind: "embedding", trial, near, sampled: rows.length };
}

/** Cosines of all rows to the first, after the mean of all has been taken away. */
function centredCosines(features: Float32Array, cols: number): number[] {
  const rows = features.length / cols;
  const mean = Float64Array.from({ length: cols }, (_, c) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += features[row * cols + c]!;
    return sum / rows;
  });
  const at = (row: number, c: number): number => features[row * cols + c]! - mean[c]!;
  return Array.from({ length: rows }, (_, row) => {
    let [dot, own, first] = [0, 0, 0];
    for (let c = 0; c < cols; c++) {
      dot += at(row, c) * at(0, c);
      own += at(row, c) ** 2;
      first += at(0, c) ** 2;
    }
    return own > 0 && first > 0 ? dot / Math.sqrt(own * first) : 0;
  });
}

import { classOfRow } from "../core/annotations/annotationSet.ts";
import { isWinnowError, WinnowError } from "../core/errors.ts";
import type { EmbeddingComparison } from "../core/model/compareEmbeddings.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import type { ModelTrial, OwnModel } from "../core/model/ownModel.ts";
import { Random } from "../core/random.ts";
import { Gate } from "../pipeline/gate.ts";
import {
  addModel,
  bundledModel,
  changeSpec,
  deleteModel,
  listModels,
  readSpec,
  spaceInfo,
  tryModel,
} from "../pipeline/ownModels.ts";
import type { Project } from "../pipeline/project.ts";
import type { Atlas } from "./atlas.ts";
import type { Desk, ProjectDesk } from "./desk.ts";
import type { Exploring } from "./exploring.ts";
import type { SpaceSummary } from "./modelSummaries.ts";
import type { Searching } from "./searching.ts";

/** Images of the project among which a trial looks for neighbours. */
const trialSample = 32;
const neighboursShown = 5;
const trialSeed = 1;

/** What of the open project's session models work with. */
export interface ModelSession {
  readonly desk: ProjectDesk;
  readonly project: Project;
  readonly atlas: Pick<Atlas, "reopen" | "stopLayingOut">;
  readonly searching: Pick<Searching, "clear">;
  readonly exploring: Pick<Exploring, "forget">;
  /** Spaces whose images are being embedded. */
  readonly fillingSpaces: Set<string>;
  explore(): void;
}

/** What a trial shows. */
export interface TriedModel {
  trial: ModelTrial;
  /** The image that was looked at. */
  thumbnail: Blob;
  /** The images of the sample that are most like it, nearest first. */
  near: readonly { row: number; cosine: number }[];
  sampled: number;
}

/** Reads which models this browser has. */
export async function loadModels({ store }: Desk): Promise<void> {
  store.setState({ models: await listModels(), bundledModel });
}

/**
 * Keeps a model with the files that belong to it; for JSON alone, feeds `selected` as it says.
 * @returns the model's hash
 */
export async function addModelFiles(desk: Desk, files: readonly File[], selected: string | null): Promise<string> {
  const [only] = files;
  const model = desk.store.getState().models?.find(({ sha256 }) => sha256 === selected);
  if (only && files.length === 1 && model && /\.json$/i.test(only.name)) {
    await changeSpec(model, await readSpec(model, only));
    await loadModels(desk);
    return model.sha256;
  }
  const added = await addModel(files, desk.now());
  await loadModels(desk);
  return added.sha256;
}

export async function changeModelSpec(desk: Desk, sha256: string, spec: ModelSpec): Promise<void> {
  const model = desk.store.getState().models?.find((one) => one.sha256 === sha256);
  if (!model) return;
  await changeSpec(model, spec);
  await loadModels(desk);
}

export async function forgetModel(desk: Desk, sha256: string): Promise<void> {
  await deleteModel(sha256);
  await loadModels(desk);
}

/**
 * Shows what a model makes of an image, before the whole project is embedded with it.
 * @param image a row of the project, or a file from outside
 */
export async function tryOn(
  { desk, project }: ModelSession,
  model: Pick<OwnModel, "sha256" | "name"> & { file: OwnModel["file"] | null },
  spec: ModelSpec,
  image: number | File,
  signal: AbortSignal,
): Promise<TriedModel> {
  const { images } = desk.store.getState();
  const sample = new Random(trialSeed).sample(images.length, trialSample + 1);
  const rows = Array.from(sample)
    .filter((row) => row !== image)
    .slice(0, trialSample);
  const thumbnailOf = async (row: number): Promise<Blob> => {
    const blob = await project.thumbnail(row);
    if (blob) return blob;
    throw new WinnowError("empty", `“${images.path(row)}” has no thumbnail: drop an image file instead.`);
  };
  const thumbnail = typeof image === "number" ? await thumbnailOf(image) : image;
  const file =
    typeof image === "number" ? await project.sources.original(images.path(image)).catch(() => thumbnail) : image;
  const job = desk.jobs.start({ name: "Trying the model", unit: "images" });
  try {
    const all = [
      { name: typeof image === "number" ? images.path(image) : image.name, file },
      ...(await Promise.all(rows.map(async (row) => ({ name: images.path(row), file: await thumbnailOf(row) })))),
    ];
    const engine = project.spaces.ownEngine;
    const { trial, features } = await tryModel(engine, model, spec, all, { signal, progress: job.update });
    job.finish();
    const cosines = centredCosines(features, trial.featureCount);
    const near = rows
      .map((row, i) => ({ row, cosine: cosines[i + 1]! }))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, neighboursShown);
    return { trial, thumbnail, near, sampled: rows.length };
  } catch (error) {
    job.fail(error);
    throw error;
  }
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

/** Notes the project's spaces in the state. */
export async function tellSpaces({ desk, project }: ModelSession): Promise<void> {
  const spaces = (await project.spaces.list()).map(
    ({ info, rows }): SpaceSummary => ({
      id: info.id,
      name: info.name,
      sha256: info.model.sha256,
      spec: info.model.preprocessing.spec,
      featureCount: info.featureCount,
      rows,
    }),
  );
  const ownSpaceName = project.modelName;
  if (desk.isOpen()) desk.store.setState({ spaces, space: project.info.space ?? "", ownSpaceName });
}

/** Embeds the project with a further model, as a job, and then looks at the result. */
export async function addSpace(
  session: ModelSession,
  model: Pick<OwnModel, "sha256" | "name"> & { file: OwnModel["file"] | null },
  spec: ModelSpec,
): Promise<void> {
  const { desk, project } = session;
  // How many numbers it gives, and whether they can be negative, is measured, not believed.
  const { trial } = await tryOn(session, model, spec, 0, new AbortController().signal);
  const info = spaceInfo(model, spec, trial);
  await project.spaces.add(info);
  await tellSpaces(session);
  if (await fillSpace(session, info.id)) await switchSpace(session, info.id);
  else if (desk.isOpen()) desk.notices.info(`“${info.name}” is not whole yet; go on with it on the Models screen.`);
}

/** Embeds the images that a space lacks, as a job, and fits its head. True when it has all of them then. */
export async function fillSpace(session: ModelSession, id: string): Promise<boolean> {
  const { desk, project } = session;
  const space = project.spaces.find(id);
  if (space === null || session.fillingSpaces.has(id)) return false;
  session.fillingSpaces.add(id);
  const abort = new AbortController();
  const gate = new Gate(abort.signal);
  const job = desk.jobs.start({
    name: `Embedding with ${space.name}`,
    unit: "images",
    cancel: () => abort.abort(),
    pause: () => gate.pause(),
    resume: () => gate.resume(),
  });
  try {
    await project.sources.reconnect();
    const { images } = desk.store.getState();
    const counts = await project.spaces.fill(space, (row) => images.at(row), {
      signal: abort.signal,
      gate,
      progress: ({ done, total, fromThumbnails }) =>
        job.update({ done, total, ...(fromThumbnails > 0 && { note: `${fromThumbnails} from thumbnails` }) }),
    });
    await fitHead(session, id, abort.signal);
    job.finish();
    if (counts.fromThumbnails > 0) {
      desk.notices.info(
        `${counts.fromThumbnails} images are not where they were or have changed; their thumbnails were embedded with “${space.name}” instead.`,
      );
    }
    return true;
  } catch (error) {
    job.fail(error);
    if (!isWinnowError(error, "cancelled") && desk.isOpen()) desk.notices.error(error);
    return false;
  } finally {
    session.fillingSpaces.delete(id);
    if (desk.isOpen()) await tellSpaces(session);
  }
}

/** So that it can be compared, and is there when it is looked at. The space in use has its own way. */
async function fitHead({ desk, project }: ModelSession, id: string, signal: AbortSignal): Promise<void> {
  if (project.info.space === id) return;
  const analyst = project.spaces.analyst(id);
  try {
    const { settings } = desk.store.getState().head;
    await analyst.adapt(settings, { signal, progress: () => undefined });
  } finally {
    analyst.close();
  }
}

/** Work that a switch does not hurt: it looks at no embedding, or at one that can be had again. */
const goesOn = (job: string): boolean =>
  job.startsWith("Embedding with") || ["Exploring", "UMAP", "t-SNE", "Measuring"].includes(job);

/** Looks at another of the project's embeddings; "": at the first. */
export async function switchSpace(session: ModelSession, id: string): Promise<void> {
  const { desk, project } = session;
  const { spaces, jobs, images } = desk.store.getState();
  if ((project.info.space ?? "") === id) return;
  const space = spaces.find((one) => one.id === id);
  if (id !== "" && (!space || space.rows < images.length)) {
    throw new WinnowError("empty", `“${space?.name ?? id}” lacks images: embed them with it first.`);
  }
  const runs = jobs.find(({ name, status }) => status === "running" && !goesOn(name));
  if (runs) throw new WinnowError("empty", `“${runs.name}” still runs: wait for it or cancel it, then switch.`);
  session.searching.clear();
  session.exploring.forget();
  session.atlas.stopLayingOut();
  await project.switchSpace(id);
  desk.store.setState({
    space: id,
    xy: null,
    mapQuality: null,
    mapEmpty: "The map is being made.",
    computed: [],
    duplicates: null,
    // Both looked at the other embedding.
    probe: null,
    labelIssues: null,
    head: { ...desk.store.getState().head, fitted: null },
  });
  await session.atlas.reopen();
  session.explore();
}

export async function deleteSpace(session: ModelSession, id: string): Promise<void> {
  if (session.project.info.space === id) await switchSpace(session, "");
  await session.project.spaces.delete(id);
  await tellSpaces(session);
}

/** After new images: every further space gets them too; one that is looked at and cannot have them is left. */
export async function fillSpaces(session: ModelSession): Promise<void> {
  const { desk, project } = session;
  await tellSpaces(session);
  const inUse = project.info.space ?? "";
  const lacking = desk.store.getState().spaces.filter(({ rows }) => rows < project.info.imageCount);
  // The one that is looked at first.
  for (const { id } of lacking.sort((a, b) => Number(b.id === inUse) - Number(a.id === inUse))) {
    if (!desk.isOpen()) return;
    const whole = await fillSpace(session, id);
    if (whole || id !== inUse || !desk.isOpen()) continue;
    desk.notices.info("This embedding lacks the new images, so the first one is shown. Go on with it on Models.");
    await switchSpace(session, "");
  }
}

/** How far two of the project's embeddings agree, and which knows a set of labels better. */
export async function compareSpaces(
  { desk, project }: ModelSession,
  spaces: readonly [string, string],
  labels: string | null,
): Promise<EmbeddingComparison> {
  const { annotations, images } = desk.store.getState();
  const set = annotations.find(({ id }) => id === labels);
  const classes = set ? Int32Array.from({ length: images.length }, (_, row) => classOfRow(set, row)) : null;
  const abort = new AbortController();
  const job = desk.jobs.start({ name: "Comparing", unit: "images", cancel: () => abort.abort() });
  try {
    const found = await project.analysis.compare(spaces, classes, { signal: abort.signal, progress: job.update });
    job.finish();
    return found;
  } catch (error) {
    job.fail(error);
    throw error;
  }
}

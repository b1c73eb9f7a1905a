import { classOfRow } from "../core/annotations/annotationSet.ts";
import { isWinnowError, WinnowError } from "../core/errors.ts";
import type { EmbeddingComparison } from "../core/model/compareEmbeddings.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import type { OwnModel } from "../core/model/ownModel.ts";
import { sortModelFiles } from "../pipeline/chosenModelFiles.ts";
import { Gate } from "../pipeline/gate.ts";
import {
  addModel,
  addTextTower,
  bundledModel,
  changeSpec,
  deleteModel,
  listModels,
  readSpec,
  spaceInfo,
} from "../pipeline/ownModels.ts";
import type { Desk } from "./desk.ts";
import { embeddingNote } from "./embeddingNote.ts";
import type { ModelSession } from "./modelSession.ts";
import type { SpaceSummary } from "./modelSummaries.ts";
import { trialOf } from "./modelTrials.ts";

/** Reads which models this browser has. */
export async function loadModels({ store }: Desk): Promise<void> {
  store.setState({ models: await listModels(), bundledModel });
}

/**
 * Keeps a model with the files that belong to it; JSON or class names alone say how `selected` is fed and read, a text
 * tower or a tokenizer without an image model belongs to it too.
 * @returns the model's hash
 */
export async function addModelFiles(desk: Desk, files: readonly File[], selected: string | null): Promise<string> {
  const model = desk.store.getState().models?.find(({ sha256 }) => sha256 === selected);
  const chosen = await sortModelFiles(files);
  const { image, text, tokenizer, tokenizerConfig } = chosen;
  if (!image && model) {
    if (text || tokenizer || tokenizerConfig) await addTextTower(model, chosen);
    else await changeSpec(model, await readSpec(model, chosen));
    await loadModels(desk);
    return model.sha256;
  }
  const added = await addModel(chosen, desk.now());
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
  const { name: ownSpaceName, isDraft } = project.model;
  const ownSpaceId = project.model.spaceId ?? "";
  if (desk.isOpen()) {
    desk.store.setState({ spaces, space: project.info.space ?? "", ownSpaceName, ownSpaceId, isDraft });
  }
}

/** To be called when the text tower of some model has become another one, or has gone. */
export async function renewTextTower({ desk, project }: ModelSession): Promise<void> {
  project.spaces.endTexts();
  const textTower = await project.spaces.textTower();
  if (desk.isOpen()) desk.store.setState({ textTower });
}

/** Embeds the project with a further model, as a job, and then looks at the result. */
export async function addSpace(
  session: ModelSession,
  model: Pick<OwnModel, "sha256" | "name"> & { file: OwnModel["file"] | null },
  spec: ModelSpec,
): Promise<void> {
  const { desk, project } = session;
  const trial = await trialOf(session, model, spec, new AbortController().signal);
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
    const engine = await project.spaces.engineOf(space);
    const { images } = desk.store.getState();
    const counts = await project.spaces.fill(space, (row) => images.at(row), {
      signal: abort.signal,
      gate,
      progress: ({ done, total, fromThumbnails }) =>
        job.update({ done, total, note: embeddingNote(engine.runsOn, { fromThumbnails }) }),
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
    textTower: await project.spaces.textTower(),
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

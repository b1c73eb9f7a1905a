import { tuningText } from "../core/model/arrangement.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import { type OwnModel, spaceId } from "../core/model/ownModel.ts";
import type { Engine, KeptTuning } from "../pipeline/engine.ts";
import { bundledModel, predictingEngine } from "../pipeline/ownModels.ts";
import type { ModelSession } from "./modelSession.ts";

/** Measures how a model is best run on this machine, as a job. */
export async function measureSpeed(
  { desk, project }: Pick<ModelSession, "desk" | "project">,
  model: Pick<OwnModel, "sha256" | "name">,
  spec: ModelSpec,
): Promise<KeptTuning | null> {
  const abort = new AbortController();
  const job = desk.jobs.start({ name: "Measuring speed", unit: "images", cancel: () => abort.abort() });
  const { ownEngine } = project.spaces;
  const space = project.spaces.find(spaceId(model.sha256, spec));
  let passing: Engine | null = null;
  try {
    let engine: Engine;
    if (model.sha256 === bundledModel.sha256) engine = ownEngine.withSpec(spec);
    else if (space) engine = await project.spaces.engineOf(space);
    else engine = passing = await predictingEngine(ownEngine, model, spec);
    const tuning = await engine.measure(abort.signal);
    job.finish(tuning ? tuningText(tuning) : "");
    return tuning;
  } catch (error) {
    job.fail(error);
    throw error;
  } finally {
    passing?.close();
  }
}

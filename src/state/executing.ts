import type { StoreApi } from "zustand/vanilla";
import { tuningText } from "../core/model/arrangement.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import type { OwnModel } from "../core/model/ownModel.ts";
import type { Engine, KeptTuning } from "../pipeline/engine.ts";
import type { Actions } from "./actions.ts";
import type { Session } from "./session.ts";
import type { WinnowState } from "./state.ts";

type ExecutingActions = Pick<Actions, "embedInFull" | "setDraftMode" | "speedOf" | "measureSpeed">;

/** The engine that embeds what is dropped next: that of the open project, or that of a new one. */
export const engineOfNext = (engine: Engine, session: Session | null, { draftMode }: WinnowState): Engine =>
  session ? session.project.model.engine : draftMode ? engine.asDraft() : engine;

/** How models run: drafts, and how fast they are here. */
export const executingActions = (
  store: StoreApi<WinnowState>,
  engine: Engine,
  inSession: (work: (session: Session) => Promise<unknown>) => Promise<void>,
): ExecutingActions => ({
  embedInFull: () => void inSession(async (open) => (await import("./drafts.ts")).embedInFull(open)),
  setDraftMode: (draftMode) => store.setState({ draftMode }),
  speedOf: ({ sha256 }, { size }) => speedText(engine.tuningOf(sha256, size)),
  measureSpeed: async (model: Pick<OwnModel, "sha256" | "name">, spec: ModelSpec) => {
    let text: string | null = null;
    await inSession(async (open) => {
      text = speedText(await (await import("./measuringSpeed.ts")).measureSpeed(open, model, spec));
    });
    return text;
  },
});

const speedText = (tuning: KeptTuning | null): string | null =>
  tuning && `${tuning.provider === "webgpu" ? "WebGPU" : "WASM"} · ${tuningText(tuning)}`;

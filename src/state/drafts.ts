import { spaceId } from "../core/model/ownModel.ts";
import { bundledModel } from "../pipeline/ownModels.ts";
import type { ModelSession } from "./modelSession.ts";
import { addSpace, tellSpaces } from "./models.ts";

/** After a draft has been made or has grown: its full embedding is one click away. */
export async function offerFull(session: ModelSession): Promise<void> {
  const { desk } = session;
  await tellSpaces(session);
  const full = spaceId(bundledModel.sha256, bundledModel.spec);
  if (!desk.isOpen() || desk.store.getState().spaces.some(({ id }) => id === full)) return;
  desk.notices.offer("This is a draft, made of small images. Embed them in full whenever you like: both stay.", {
    label: "Embed in full",
    run: () => void embedInFull(session).catch((error) => desk.notices.error(error)),
  });
}

/** Embeds a draft's images at full size, as a further embedding. */
export async function embedInFull(session: ModelSession): Promise<void> {
  const { sha256, name, spec } = bundledModel;
  await addSpace(session, { sha256, name, file: null }, spec);
}

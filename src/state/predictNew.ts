import { automaticFormat } from "../core/classifier/automaticTags.ts";
import { WinnowError } from "../core/errors.ts";
import { spaceId } from "../core/model/ownModel.ts";
import { listModels } from "../pipeline/ownModels.ts";
import { tagNewImages } from "./automaticTagging.ts";
import type { Editing } from "./history.ts";
import type { ModelSession } from "./modelSession.ts";
import { predictWith } from "./predicting.ts";
import { canPredictMore, leftOut } from "./predictionTasks.ts";

const countOf = (count: number): string => `${count.toLocaleString("en")} new ${count === 1 ? "image" : "images"}`;

/**
 * Says with the model of a prediction task what it has not said yet: of images that came after it was made.
 * @throws WinnowError `model` when that model is not here, or is fed in another way now
 */
export async function predictNew(session: ModelSession & Editing, id: string): Promise<void> {
  const set = session.desk.store.getState().annotations.find((one) => one.id === id);
  if (!set) return;
  const { format, file, model: made, threshold } = set.source;
  if (format === automaticFormat) return await tagNewImages(session, threshold);
  const models = await listModels();
  const model = models.find(({ sha256, spec }) => spaceId(sha256, spec) === made);
  if (model) return await predictWith(session, model, model.spec);
  const isHere = models.some(({ sha256 }) => made?.startsWith(sha256.slice(0, 12)));
  throw new WinnowError(
    "model",
    isHere
      ? `“${set.name}” was made with “${file}” in another way than it is set up now: set it up as before on Models, or predict all images with it anew there.`
      : `“${set.name}” was made with “${file}”, which is not in this browser: choose its file on Models, then predict again.`,
  );
}

/** After new images: offers to bring every prediction task to them. Nothing happens unasked. */
export function offerPredictions(session: ModelSession & Editing): void {
  const { store, notices, isOpen } = session.desk;
  const { annotations, images } = store.getState();
  const tasks = annotations.filter((set) => {
    const left = leftOut(set, images.length);
    return canPredictMore(set) && left > 0 && left < images.length;
  });
  const [first] = tasks;
  if (first === undefined || !isOpen()) return;
  const most = Math.max(...tasks.map((set) => leftOut(set, images.length)));
  const who = tasks.length === 1 ? `“${first.name}” says` : `${tasks.length} prediction tasks say`;
  notices.offer(`${who} nothing of the ${countOf(most)} yet.`, {
    label: "Predict them",
    run: () =>
      void predictAll(
        session,
        tasks.map(({ id }) => id),
      ),
  });
}

/** One task after the other; one that cannot be does not keep the others from it. */
async function predictAll(session: ModelSession & Editing, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    if (!session.desk.isOpen()) return;
    try {
      await predictNew(session, id);
    } catch (error) {
      if (session.desk.isOpen()) session.desk.notices.error(error);
    }
  }
}

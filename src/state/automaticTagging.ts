import {
  automaticFormat,
  automaticId,
  automaticName,
  automaticTags,
  type LikeliestClasses,
  usualTagThreshold,
} from "../core/classifier/automaticTags.ts";
import { WinnowError } from "../core/errors.ts";
import { putAnnotations } from "./annotating.ts";
import type { Editing } from "./history.ts";
import type { WinnowState } from "./state.ts";

/** What the bundled model takes the images for; null while it is not known, and for features of another model. */
export function likeliestClasses({ computed }: Pick<WinnowState, "computed">): LikeliestClasses | null {
  const prediction = computed.find(({ id }) => id === "prediction");
  const confidence = computed.find(({ id }) => id === "confidence");
  if (prediction?.kind !== "category" || confidence?.kind !== "number") return null;
  return { names: prediction.names, ofRow: prediction.ofRow, confidence: confidence.values };
}

/** Makes a prediction task of what the bundled model is sure enough of, or brings it up to date; undoable. */
export async function tagAutomatically(session: Editing, threshold: number): Promise<void> {
  const { store, now } = session.desk;
  const likeliest = likeliestClasses(store.getState());
  if (likeliest === null) {
    throw new WinnowError("empty", "The bundled model's classes of these images are not known: explore them first.");
  }
  const before = store.getState().annotations.find(({ id }) => id === automaticId);
  const source = { format: automaticFormat, file: "", at: now(), threshold };
  const set = automaticTags(likeliest, threshold, {
    id: automaticId,
    name: before?.name ?? automaticName,
    source,
  });
  if (set.classOf.length === 0) {
    throw new WinnowError("empty", "No image is that likely to be of any class: take a lower threshold.");
  }
  await putAnnotations(session, before ? "automatic tags anew" : "automatic tags", [set]);
}

/** Waits until the classes of all images are known, then tags with the threshold of last time. */
export async function tagNewImages(session: Editing, threshold = usualTagThreshold): Promise<void> {
  const { store, isOpen } = session.desk;
  const ready = (state: WinnowState): boolean =>
    !isOpen() || likeliestClasses(state)?.ofRow.length === state.images.length;
  await new Promise<void>((resolve) => {
    const stop = store.subscribe((state) => {
      if (!ready(state)) return;
      stop();
      resolve();
    });
    if (!ready(store.getState())) return;
    stop();
    resolve();
  });
  if (isOpen()) await tagAutomatically(session, threshold);
}

import type { HeldSet } from "../core/annotations/heldSet.ts";
import { automaticFormat } from "../core/classifier/automaticTags.ts";
import type { WinnowState } from "./state.ts";

/** What says of a set that a model made it here. */
export const madeHere = "model";

/** The prediction task that a model's file made in this project, in whichever way it was read; null: none. */
export const predictionsOf = ({ annotations }: Pick<WinnowState, "annotations">, file: string): HeldSet | null =>
  annotations.find(({ source }) => source.format === madeHere && source.file === file) ?? null;

/** Whether a set is a prediction task that this page can bring to further images. */
export const canPredictMore = ({ role, source }: HeldSet): boolean =>
  role === "predictions" && (source.format === madeHere || source.format === automaticFormat);

/** Images that a set says nothing of. */
export const leftOut = ({ known }: HeldSet, images: number): number =>
  images - known.subarray(0, images).reduce((sum, one) => sum + one, 0);

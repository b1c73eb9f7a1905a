import type { HeldSet } from "../core/annotations/heldSet.ts";
import type { WinnowState } from "./state.ts";

/** What says of a set that a model made it here. */
export const madeHere = "model";

/** The prediction task that a model's file made in this project, in whichever way it was read; null: none. */
export const predictionsOf = ({ annotations }: Pick<WinnowState, "annotations">, file: string): HeldSet | null =>
  annotations.find(({ source }) => source.format === madeHere && source.file === file) ?? null;

import { classOfRow } from "../../core/annotations/annotationSet.ts";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import type { WinnowState } from "../../state/state.ts";

/** Labels that give an image one class: what a probe can learn from. */
export const trainable = ({ annotations }: WinnowState): readonly HeldSet[] =>
  annotations.filter(({ role, type }) => role === "labels" && type === "classification");

/** The class of an image in some labels; null: none. */
export const labelAt = (set: HeldSet | undefined, row: number): string | null =>
  set ? (set.classes[classOfRow(set, row)] ?? null) : null;

/** “87.3 %”. */
export const formatShare = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–");

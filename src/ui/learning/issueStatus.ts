import type { HeldSet } from "../../core/annotations/heldSet.ts";
import type { LabelIssue } from "../../state/learned.ts";
import type { WinnowState } from "../../state/state.ts";
import { labelAt } from "./labelSets.ts";

/** What has become of a suspicious label; it follows from labels and tags, so that undo takes it back. */
export type IssueStatus = "open" | "accepted" | "changed" | "kept" | "excluded";

export const statusWords: Readonly<Record<IssueStatus, string>> = {
  open: "",
  accepted: "accepted",
  changed: "changed",
  kept: "kept",
  excluded: "excluded",
};

export function issueStatus(
  { row, given, suggested }: LabelIssue,
  set: HeldSet,
  tags: WinnowState["tags"],
): IssueStatus {
  if (tags.get("excluded")?.has(row)) return "excluded";
  const now = labelAt(set, row);
  if (now === suggested) return "accepted";
  if (now !== given) return "changed";
  return tags.get("label checked")?.has(row) ? "kept" : "open";
}

import { canReopen } from "../sources/fromRef.ts";
import { handlesOf, permissionOf } from "../sources/permission.ts";
import type { SourceRef } from "../sources/source.ts";

/** Whether a project's sources can be read right now. */
export type Access = "granted" | "prompt" | "gone";

/** Whether it can be read right now, after a click, or not at all. */
export async function accessTo(ref: SourceRef): Promise<Access> {
  if (!canReopen(ref)) return "gone";
  return (await permissionOf(ref)) === "granted" ? "granted" : "prompt";
}

export const nameOf = (ref: SourceRef, fallback: string): string =>
  ref.kind === "directory" ? ref.handle.name : ref.kind === "files" || ref.kind === "zip" ? ref.name : fallback;

/** The same folder or files, as far as the browser says. */
export async function sameRef(a: SourceRef, b: SourceRef): Promise<boolean> {
  if (a.kind === "sample" || b.kind === "sample") return a.kind === b.kind;
  const [left, right] = [handlesOf(a) ?? [], handlesOf(b) ?? []];
  if (left.length === 0 || left.length !== right.length) return false;
  const same = await Promise.all(left.map((handle, i) => handle.isSameEntry(right[i]!)));
  return !same.includes(false);
}

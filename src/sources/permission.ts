import type { SourceRef } from "./source.ts";

/** `prompt`: a click and {@link askPermission} will do. `denied`: the person must choose the source again. */
export type SourcePermission = "granted" | "prompt" | "denied";

/** Whether a stored source may be read now, without asking. A source that cannot be found again is `denied`. */
export function permissionOf(ref: SourceRef): Promise<SourcePermission> {
  return overall(ref, (handle) => handle.queryPermission?.({ mode: "read" }));
}

/** Asks the person. Must be called from a click, or the browser refuses (`SecurityError`). */
export function askPermission(ref: SourceRef): Promise<SourcePermission> {
  return overall(ref, (handle) => handle.requestPermission?.({ mode: "read" }));
}

/** The handles that a stored source needs; null when it holds none and cannot be found again. */
export function handlesOf(ref: SourceRef): readonly FileSystemHandle[] | null {
  switch (ref.kind) {
    case "directory":
      return [ref.handle];
    case "handles":
      return ref.handles;
    case "zip":
      return ref.handle === null ? null : [ref.handle];
    case "files":
      return null;
    case "sample":
      return [];
  }
}

async function overall(
  ref: SourceRef,
  ask: (handle: FileSystemHandle) => Promise<PermissionState> | undefined,
): Promise<SourcePermission> {
  const handles = handlesOf(ref);
  if (handles === null) return "denied";
  let worst: SourcePermission = "granted";
  for (const handle of handles) {
    // Where handles exist without permissions (the private file system of Firefox and Safari) they are always granted.
    const state = (await ask(handle)) ?? "granted";
    if (state === "denied") return "denied";
    if (state === "prompt") worst = "prompt";
  }
  return worst;
}

import { WinnowError } from "../core/errors.ts";
import { fromHandles } from "./openSource.ts";
import { handlesOf } from "./permission.ts";
import { fromSample } from "./sample.ts";
import type { Source, SourceRef } from "./source.ts";

/** True when {@link fromRef} can open the source without the person choosing it again. */
export function canReopen(ref: SourceRef): boolean {
  return handlesOf(ref) !== null;
}

/**
 * A stored source, opened again; check `permissionOf` first. `sampleUrl` is where the sample's zip lies. Throws
 * `permission` when the source cannot be found again ({@link canReopen}): the person must choose it once more.
 */
export function fromRef(ref: SourceRef, sampleUrl: string): Source {
  if (ref.kind === "sample") return fromSample(sampleUrl);
  const handles = handlesOf(ref);
  if (handles === null) {
    const name = "name" in ref ? ref.name : "";
    throw new WinnowError("permission", `Please choose “${name}” again: the browser cannot find it by itself.`, {
      name,
    });
  }
  return fromHandles(handles);
}

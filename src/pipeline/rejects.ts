import { WinnowError } from "../core/errors.ts";
import { holds, type MoveOutcome, moveBack, movedFiles, moveToRejects } from "../export/rejects.ts";
import type { SourceRef } from "../sources/source.ts";
import type { Supervision } from "./analyst.ts";

/** The folders among a project's sources that the person lets be written. Call it from a click. */
async function writableFolders(refs: readonly SourceRef[]): Promise<FileSystemDirectoryHandle[]> {
  const folders = refs.flatMap((ref) => (ref.kind === "directory" ? [ref.handle] : []));
  if (folders.length === 0) {
    throw new WinnowError(
      "permission",
      "Files can only be moved in a folder that was dropped or opened with Open folder in a browser with folder access, such as Chrome or Edge. Export the cleaned set instead.",
    );
  }
  const granted: FileSystemDirectoryHandle[] = [];
  for (const folder of folders) {
    // Where handles exist without permissions they are always granted.
    const state = (await folder.requestPermission?.({ mode: "readwrite" })) ?? "granted";
    if (state === "granted") granted.push(folder);
  }
  if (granted.length > 0) return granted;
  throw new WinnowError("permission", "The browser was not allowed to write into the folder; nothing was moved.");
}

/** Moves images' files into `winnow-rejects` of the folder they came from. Call it from a click. */
export async function moveImages(
  refs: readonly SourceRef[],
  images: readonly { path: string; sha256: string }[],
  now: number,
  { signal, progress }: Supervision,
): Promise<MoveOutcome> {
  const all: MoveOutcome = { moved: 0, failures: [] };
  let done = 0;
  const onFile = (): void => progress({ done: ++done, total: images.length });
  let left = images;
  for (const folder of await writableFolders(refs)) {
    const there = await Promise.all(left.map(({ path }) => holds(folder, path)));
    const own = left.filter((_, i) => there[i]);
    left = left.filter((_, i) => !there[i]);
    const { moved, failures } = await moveToRejects(folder, own, new Date(now).toISOString(), { signal, onFile });
    all.moved += moved;
    all.failures.push(...failures);
  }
  const reason = "It is in no folder that may be written.";
  all.failures.push(...left.map(({ path }) => ({ path, reason })));
  return all;
}

/** Moves back what was moved last in each folder. Null: nothing was. Call it from a click. */
export async function moveImagesBack(
  refs: readonly SourceRef[],
  { signal, progress }: Supervision,
): Promise<MoveOutcome | null> {
  const folders = await writableFolders(refs);
  const counts = await Promise.all(folders.map(movedFiles));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const all: MoveOutcome = { moved: 0, failures: [] };
  let done = 0;
  for (const folder of folders) {
    const back = await moveBack(folder, { signal, onFile: () => progress({ done: ++done, total }) });
    all.moved += back?.moved ?? 0;
    all.failures.push(...(back?.failures ?? []));
  }
  return all;
}

import * as v from "valibot";
import { WinnowError } from "../core/errors.ts";
import { rejectsFolder } from "../core/format/rejectsFolder.ts";
import type { Problem } from "../core/records.ts";
import { writeError } from "./outgoing.ts";
import { sameBytes } from "./sameBytes.ts";

/** A file and where it was moved to; paths from the root of the source. */
export interface MovedFile {
  from: string;
  to: string;
  bytes: number;
  sha256: string;
}

export interface MoveOutcome {
  moved: number;
  failures: Problem[];
}

export interface MoveOptions {
  signal: AbortSignal;
  /** Called after every file. */
  onFile: () => void;
}

const logSchema = v.object({
  format: v.literal("winnow-moved-files"),
  undone: v.boolean(),
  files: v.array(v.object({ from: v.string(), to: v.string(), bytes: v.number(), sha256: v.string() })),
});
type MoveLog = v.InferOutput<typeof logSchema>;

/** Files between two writes of the log: a crash leaves at most these in both places, and the log names them. */
const filesPerLog = 25;
const logName = /^moved-[\w-]+\.json$/;

/** Whether a folder holds a file of this path. */
export async function holds(root: FileSystemDirectoryHandle, path: string): Promise<boolean> {
  return (await fileAt(root, path)) !== null;
}

/**
 * Moves files into `winnow-rejects` below their root, with their subfolders. Copies first, writes the log, removes last.
 * A file that has changed since it was read stays where it is; nothing is overwritten.
 * @param at ISO time, for the log's name
 */
export async function moveToRejects(
  root: FileSystemDirectoryHandle,
  files: readonly { path: string; sha256: string }[],
  at: string,
  { signal, onFile }: MoveOptions,
): Promise<MoveOutcome> {
  const outcome: MoveOutcome = { moved: 0, failures: [] };
  const log: MoveLog = { format: "winnow-moved-files", undone: false, files: [] };
  const name = `moved-${at.replace(/[^\w-]/g, "-")}.json`;
  for (let first = 0; first < files.length && !signal.aborted; first += filesPerLog) {
    const copied: MovedFile[] = [];
    for (const { path, sha256 } of files.slice(first, first + filesPerLog)) {
      if (signal.aborted) break;
      try {
        copied.push(await copyToRejects(root, path, sha256));
      } catch (error) {
        outcome.failures.push({ path, reason: writeError(error, path).message });
      }
      onFile();
    }
    if (copied.length === 0) continue;
    log.files.push(...copied);
    await writeLog(root, name, log);
    for (const { from } of copied) {
      await removeAt(root, from);
      outcome.moved++;
    }
  }
  return outcome;
}

/** Moves back what the newest log that is not undone names. Null: there is none. */
export async function moveBack(root: FileSystemDirectoryHandle, options: MoveOptions): Promise<MoveOutcome | null> {
  const found = await newestLog(root);
  if (found === null) return null;
  const { name, log } = found;
  const outcome: MoveOutcome = { moved: 0, failures: [] };
  const left: MovedFile[] = [];
  for (const entry of log.files) {
    try {
      if (options.signal.aborted) left.push(entry);
      else {
        await returnFile(root, entry);
        outcome.moved++;
      }
    } catch (error) {
      left.push(entry);
      outcome.failures.push({ path: entry.from, reason: writeError(error, entry.from).message });
    }
    options.onFile();
  }
  await writeLog(root, name, { ...log, files: left.length > 0 ? left : log.files, undone: left.length === 0 });
  return outcome;
}

/** How many files the newest log that is not undone names; 0 for none. */
export async function movedFiles(root: FileSystemDirectoryHandle): Promise<number> {
  return (await newestLog(root))?.log.files.length ?? 0;
}

async function copyToRejects(root: FileSystemDirectoryHandle, path: string, sha256: string): Promise<MovedFile> {
  const file = await fileAt(root, path);
  if (file === null) throw new WinnowError("vanished", `“${path}” is not there any more.`, { path });
  if ((await sha256Of(file)) !== sha256) {
    throw new WinnowError("vanished", `“${path}” has changed since it was read, so it stays where it is.`, { path });
  }
  const to = `${rejectsFolder}/${await freePath(root, path, file)}`;
  await writeAt(root, to, file);
  const copy = await fileAt(root, to);
  if (copy === null || !(await sameBytes(copy, file))) {
    throw new WinnowError("storage", `“${path}” could not be copied whole, so it stays where it is.`, { path });
  }
  return { from: path, to, bytes: file.size, sha256 };
}

/** The path itself, or one with a number where another file has it; the same bytes may stand there already. */
async function freePath(root: FileSystemDirectoryHandle, path: string, file: File): Promise<string> {
  const dot = path.lastIndexOf(".");
  const [stem, end] = dot > path.lastIndexOf("/") + 1 ? [path.slice(0, dot), path.slice(dot)] : [path, ""];
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : `${stem} (${number})${end}`;
    const there = await fileAt(root, `${rejectsFolder}/${candidate}`);
    if (there === null || (await sameBytes(there, file))) return candidate;
  }
}

async function returnFile(root: FileSystemDirectoryHandle, { from, to }: MovedFile): Promise<void> {
  const [file, original] = [await fileAt(root, to), await fileAt(root, from)];
  if (file === null) {
    // An undo that was cut short has brought it back already.
    if (original !== null) return;
    throw new WinnowError("vanished", `“${to}” is not there any more.`, { path: to });
  }
  if (original === null) await writeAt(root, from, file);
  else if (!(await sameBytes(original, file))) {
    throw new WinnowError("storage", `Another file is at “${from}” by now; it is not overwritten.`, { path: from });
  }
  await removeAt(root, to);
}

async function newestLog(root: FileSystemDirectoryHandle): Promise<{ name: string; log: MoveLog } | null> {
  const folder = await folderAt(root, [rejectsFolder], false);
  if (folder === null) return null;
  const names: string[] = [];
  for await (const handle of folder.values()) if (logName.test(handle.name)) names.push(handle.name);
  for (const name of names.sort().reverse()) {
    const file = await fileAt(root, `${rejectsFolder}/${name}`);
    const parsed = v.safeParse(logSchema, parsedJson((await file?.text()) ?? ""));
    if (parsed.success && !parsed.output.undone && parsed.output.files.length > 0) return { name, log: parsed.output };
  }
  return null;
}

/** Not ours when it is no JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const writeLog = (root: FileSystemDirectoryHandle, name: string, log: MoveLog): Promise<void> =>
  writeAt(root, `${rejectsFolder}/${name}`, new Blob([`${JSON.stringify(log, null, 2)}\n`]));

async function sha256Of(file: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Null where a part of it is missing. A log is somebody's text: a path that leads out of the root is no path. */
async function folderAt(
  root: FileSystemDirectoryHandle,
  parts: readonly string[],
  create: boolean,
): Promise<FileSystemDirectoryHandle | null> {
  let folder = root;
  for (const part of parts) {
    try {
      folder = await folder.getDirectoryHandle(part, { create });
    } catch (error) {
      if (error instanceof DOMException && /^(NotFound|TypeMismatch)Error$/.test(error.name)) return null;
      throw error;
    }
  }
  return folder;
}

async function fileAt(root: FileSystemDirectoryHandle, path: string): Promise<File | null> {
  const parts = path.split("/");
  const folder = await folderAt(root, parts.slice(0, -1), false);
  try {
    return (await (await folder?.getFileHandle(parts.at(-1)!))?.getFile()) ?? null;
  } catch (error) {
    if (error instanceof DOMException && /^(NotFound|TypeMismatch)Error$/.test(error.name)) return null;
    throw error;
  }
}

/** A file appears under its name only when it is complete: the browser writes aside. */
async function writeAt(root: FileSystemDirectoryHandle, path: string, content: Blob): Promise<void> {
  const parts = path.split("/");
  const folder = await folderAt(root, parts.slice(0, -1), true);
  if (folder === null) throw new WinnowError("storage", `“${path}” cannot be made: a file has the name of its folder.`);
  const writable = await (await folder.getFileHandle(parts.at(-1)!, { create: true })).createWritable();
  try {
    await writable.write(content);
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => undefined);
    throw error;
  }
}

async function removeAt(root: FileSystemDirectoryHandle, path: string): Promise<void> {
  const parts = path.split("/");
  const folder = await folderAt(root, parts.slice(0, -1), false);
  await folder?.removeEntry(parts.at(-1)!);
}

import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { WinnowError } from "../core/errors.ts";
import type { FileBytes, FileChunks, FolderReader, FolderWriter } from "../core/projectFolder/folderFiles.ts";

/** A project folder on disk. Files are written aside (`*.writing-…`), flushed and renamed into place. */
export class NodeFolder implements FolderReader, FolderWriter {
  constructor(readonly root: string) {}

  async open(path: string): Promise<FileBytes | null> {
    const file = join(this.root, path);
    let size: number;
    try {
      size = (await stat(file)).size;
    } catch (error) {
      if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
      throw fileError(error, file);
    }
    return {
      size,
      slice: (start, end) => readPart(file, start, Math.min(end, size)),
      text: () => readFile(file, "utf8"),
    };
  }

  /** Names of the files directly inside a subfolder, in code-unit order; empty when there is none. */
  async list(folder: string): Promise<string[]> {
    try {
      return (await readdir(join(this.root, folder))).sort();
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw fileError(error, folder);
    }
  }

  async write(path: string, chunks: FileChunks): Promise<void> {
    await writeWhole(join(this.root, path), chunks);
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.root, path), { force: true, recursive: true });
  }
}

/** Writes a file aside and renames it into place; after a failure the old file is untouched and nothing is left over. */
export async function writeWhole(path: string, chunks: FileChunks): Promise<void> {
  const aside = `${path}.writing-${randomUUID().slice(0, 8)}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(aside, "w");
    try {
      for await (const chunk of chunks) await handle.writeFile(chunk);
      // Without this a power cut after the rename could leave an empty file under the name.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw fileError(error, path);
  }
}

async function readPart(file: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file);
    const bytes = new Uint8Array(Math.max(0, end - start));
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) throw new WinnowError("shape", `“${file}” ended while it was read.`, { file });
      at += bytesRead;
    }
    return bytes;
  } catch (error) {
    throw fileError(error, file);
  } finally {
    await handle?.close();
  }
}

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException)?.code ?? "";

/** What the operating system refused, in words. */
export function fileError(error: unknown, path: string): WinnowError {
  if (error instanceof WinnowError) return error;
  const made = (code: "vanished" | "unreadable" | "storage-full" | "storage", message: string): WinnowError =>
    new WinnowError(code, message, { path }, { cause: error });
  switch (codeOf(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return made("vanished", `“${path}” is not there.`);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return made("unreadable", `“${path}” may not be read or written: the operating system refuses it.`);
    case "ENOSPC":
    case "EDQUOT":
      return made("storage-full", `There is no room left for “${path}”. Free disk space and run this again.`);
    default:
      return made("storage", `“${path}”: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

import { mkdir, open, readFile, rm, rmdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { version } from "../../package.json";
import { WinnowError } from "../core/errors.ts";
import { filePaths } from "../core/projectFolder/filePaths.ts";
import { ProjectReader } from "../core/projectFolder/projectReader.ts";
import { type NewProject, ProjectWriter } from "../core/projectFolder/projectWriter.ts";
import { IncomingImages } from "./incomingImages.ts";
import { codeOf, fileError, NodeFolder } from "./nodeFolder.ts";
import type { Terminal } from "./terminal.ts";

const lockFile = ".winnow-lock";

/** A project folder that this process alone works on. */
export interface OpenProject {
  folder: NodeFolder;
  reader: ProjectReader;
  writer: ProjectWriter;
}

/** Locks a folder, which is made when it is missing, for the length of some work. */
export async function withFolder<T>(path: string, work: (folder: NodeFolder) => Promise<T>): Promise<T> {
  const root = resolve(path);
  try {
    await mkdir(root, { recursive: true });
  } catch (error) {
    throw fileError(error, root);
  }
  const lock = join(root, lockFile);
  await takeLock(lock, path);
  try {
    return await work(new NodeFolder(root));
  } finally {
    await rm(lock, { force: true });
    // Nothing was written: leave no empty folder behind. One that holds something stays.
    await rmdir(root).catch(() => undefined);
  }
}

/**
 * Opens a project for some work, after taking in what an interrupted run left.
 * @throws WinnowError `vanished` when it is not there
 */
export async function withProject<T>(
  path: string,
  terminal: Terminal,
  work: (project: OpenProject) => Promise<T>,
): Promise<T> {
  if ((await new NodeFolder(resolve(path)).open(filePaths.manifest)) === null) {
    const waiting = await new NodeFolder(resolve(path)).list("incoming");
    throw new WinnowError(
      "vanished",
      waiting.length > 0
        ? `“${path}” is of an interrupted run: run the same “winnow embed” again first.`
        : `“${path}” is not a Winnow project: it has no project.json. Make one with “winnow embed”.`,
    );
  }
  return await withFolder(path, async (folder) => {
    let reader = await ProjectReader.open(folder);
    const writer = new ProjectWriter(folder, reader.manifest);
    if ((await folder.list("incoming")).length > 0) {
      const incoming = await IncomingImages.open(folder, reader);
      terminal.say(`Taking in ${incoming.waiting} images of an interrupted run.`);
      await incoming.takeIn(writer, reader.manifest.counts.ignored);
      reader = await ProjectReader.open(folder);
    }
    return await work({ folder, reader, writer });
  });
}

/** What a new project is made with: its folder's name without `.winnow`. */
export const newProject = (path: string, about: Pick<NewProject, "model" | "signedFeatures">): NewProject => ({
  name: basename(resolve(path)).replace(/\.winnow$/i, ""),
  createdAt: Date.now(),
  programVersion: version,
  ...about,
});

/** @throws WinnowError `storage` while another process that is alive holds it */
async function takeLock(lock: string, path: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(lock, "wx");
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw fileError(error, lock);
      const owner = Number(await readFile(lock, "utf8").catch(() => ""));
      if (attempt > 0 || (owner > 0 && owner !== process.pid && isAlive(owner))) {
        throw new WinnowError(
          "storage",
          `Process ${owner || "unknown"} is working on “${path}”. Wait for it, or delete ${lock} if there is none.`,
        );
      }
      // Its owner has died.
      await rm(lock, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

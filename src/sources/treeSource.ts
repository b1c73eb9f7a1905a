import { isWinnowError, WinnowError } from "../core/errors.ts";
import { Pace } from "./pace.ts";
import { readError } from "./readError.ts";
import type { Source, SourceFile, SourceRef } from "./source.ts";
import { type FileFacts, type FileNode, type FolderNode, orderedChildren } from "./tree.ts";

/**
 * Sizes asked for ahead of the consumer: hides the browser's round trips. 256 were no faster (20,000 files in about 10 s
 * on a busy machine) and their answers came in bursts that held the page for 100 ms.
 */
const FACTS_AHEAD = 32;

const UNKNOWN: FileFacts = { bytes: 0, modifiedAt: 0 };

/**
 * A source over a tree. `granted` tells whether the browser still allows reading: a refusal while it does is the
 * operating system's, and concerns one file only.
 */
export function treeSource(root: FolderNode, name: string, ref: SourceRef, granted: () => Promise<boolean>): Source {
  let folder: FolderNode | null = root;
  const open = (): FolderNode => {
    if (folder === null) throw new WinnowError("internal", `The source “${name}” is closed.`);
    return folder;
  };
  const explain: Explain = async (error, path) => readError(error, path || name, await granted());

  return {
    name,
    ref,
    list: (signal) => walk(open(), "", new Pace(signal), explain),
    find: async (path) => {
      const parts = path.split("/");
      let place = open();
      try {
        for (const part of parts.slice(0, -1)) {
          const next = await place.child(part, "folder");
          if (next?.kind !== "folder") throw gone(path);
          place = next;
        }
        const file = await place.child(parts[parts.length - 1]!, "file");
        if (file?.kind !== "file") throw gone(path);
        return sourceFile(file, path, await file.facts(), explain);
      } catch (error) {
        throw await explain(error, path);
      }
    },
    close: async () => {
      folder = null;
    },
  };
}

type Explain = (error: unknown, path: string) => Promise<WinnowError>;

async function* walk(folder: FolderNode, path: string, pace: Pace, explain: Explain): AsyncGenerator<SourceFile> {
  let children: Awaited<ReturnType<typeof orderedChildren>>;
  try {
    children = await orderedChildren(folder, pace);
  } catch (error) {
    const reason = await explain(error, path);
    if (path === "" || endsListing(reason)) throw reason;
    yield unreadableFile(path, UNKNOWN, reason);
    return;
  }
  const prefix = path === "" ? "" : `${path}/`;
  const facts: Promise<FileFacts | { error: unknown }>[] = [];
  for (const [index, child] of children.entries()) {
    while (facts.length < Math.min(index + FACTS_AHEAD, children.length)) {
      const next = children[facts.length]!;
      facts.push(next.kind === "file" ? next.facts().catch((error: unknown) => ({ error })) : Promise.resolve(UNKNOWN));
    }
    const childPath = prefix + child.name;
    if (child.kind === "folder") {
      yield* walk(child, childPath, pace, explain);
    } else {
      const found = await facts[index]!;
      if ("error" in found) {
        const reason = await explain(found.error, childPath);
        if (endsListing(reason)) throw reason;
        yield unreadableFile(childPath, UNKNOWN, reason);
      } else {
        yield sourceFile(child, childPath, found, explain);
      }
    }
    await pace.rest();
  }
}

/** Every file that follows would fail in the same way. */
function endsListing(reason: WinnowError): boolean {
  return isWinnowError(reason, "permission") || isWinnowError(reason, "cancelled");
}

function sourceFile(file: FileNode, path: string, facts: FileFacts, explain: Explain): SourceFile {
  return {
    path,
    bytes: facts.bytes,
    modifiedAt: facts.modifiedAt,
    open: () =>
      file.open().catch(async (error: unknown) => {
        throw await explain(error, path);
      }),
  };
}

function unreadableFile(path: string, facts: FileFacts, reason: WinnowError): SourceFile {
  return { path, bytes: facts.bytes, modifiedAt: facts.modifiedAt, open: () => Promise.reject(reason) };
}

function gone(path: string): WinnowError {
  return new WinnowError("vanished", `“${path}” is not there any more.`, { path });
}

import { UniqueNames } from "../core/format/uniqueNames.ts";
import { sortedByName } from "./byName.ts";
import type { Pace } from "./pace.ts";

export interface FileFacts {
  bytes: number;
  /** Milliseconds since 1970; 0 when unknown. */
  modifiedAt: number;
}

/** A file of any origin. Its methods reject with whatever the browser throws; {@link FolderNode} likewise. */
export interface FileNode {
  readonly kind: "file";
  readonly name: string;
  facts(): Promise<FileFacts>;
  open(): Promise<Blob>;
}

/** A folder of any origin: on disk, in a zip, or only a common beginning of paths. */
export interface FolderNode {
  readonly kind: "folder";
  readonly name: string;
  /** In any order; no two of the same kind share a name. */
  children(pace: Pace): Promise<readonly TreeNode[]>;
  /** Null when there is none. */
  child(name: string, kind: TreeNode["kind"]): Promise<TreeNode | null>;
}

export type TreeNode = FileNode | FolderNode;

/** A folder in memory, filled path by path. */
export class MemoryFolder implements FolderNode {
  readonly kind = "folder";
  private readonly files = new Map<string, FileNode>();
  private readonly folders = new Map<string, FolderNode>();
  private readonly names = new UniqueNames();

  constructor(readonly name: string) {}

  /** Adds a file below this folder. A second file of the same path gets a number: `a (2).jpg`. */
  addFile(path: string, file: (name: string) => FileNode): void {
    const parts = path.split("/");
    let folder: MemoryFolder = this;
    for (const part of parts.slice(0, -1)) folder = folder.subfolder(part);
    folder.addNode(file(folder.names.claim(parts[parts.length - 1]!)));
  }

  /** Adds a finished node directly into this folder; its name must be free. */
  addNode(node: TreeNode): void {
    if (node.kind === "file") this.files.set(node.name, node);
    else this.folders.set(node.name, node);
  }

  async children(): Promise<readonly TreeNode[]> {
    return [...this.files.values(), ...this.folders.values()];
  }

  async child(name: string, kind: TreeNode["kind"]): Promise<TreeNode | null> {
    return (kind === "file" ? this.files : this.folders).get(name) ?? null;
  }

  private subfolder(name: string): MemoryFolder {
    const existing = this.folders.get(name);
    if (existing instanceof MemoryFolder) return existing;
    const made = new MemoryFolder(name);
    this.folders.set(name, made);
    return made;
  }
}

/** A folder whose content is found out on first use. A failed attempt is made again on the next use. */
export function lazyFolder(name: string, load: () => Promise<FolderNode>): FolderNode {
  let loading: Promise<FolderNode> | null = null;
  const loaded = (): Promise<FolderNode> => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
  return {
    kind: "folder",
    name,
    children: async (pace) => (await pace.orAborted(loaded())).children(pace),
    child: async (childName, kind) => (await loaded()).child(childName, kind),
  };
}

/** A folder's children in the order of every listing. */
export async function orderedChildren(folder: FolderNode, pace: Pace): Promise<TreeNode[]> {
  return sortedByName(await folder.children(pace), pace);
}

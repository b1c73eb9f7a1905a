/** One folder of the tree that the filters show. */
export interface Folder {
  /** Whole path, as in the field. */
  path: string;
  /** What is shown: the last part, or several parts where folders hold nothing but one folder. */
  name: string;
  children: Folder[];
  /** Indices of the field's names that are this folder or lie below it. */
  indices: number[];
  /** Index of the name that is this folder, where images lie directly in it beside further folders; otherwise null. */
  own: number | null;
}

/** More lines than this at the first sight would push everything else out of view. */
const mostOpenLines = 30;

/**
 * The tree of some folder paths, each level in the order of people (2 before 10). A folder that only leads to another
 * one is joined with it: “2024/05” rather than “2024” with one entry.
 * @param names whole paths; "" is the folder that holds everything
 */
export function folderTree(names: readonly string[]): Folder {
  const root: Folder = { path: "", name: "", children: [], indices: [], own: null };
  const known = new Map<string, Folder>([["", root]]);
  const own = new Set<string>(names);
  for (const [index, name] of names.entries()) {
    root.indices.push(index);
    let above = root;
    if (name === "") {
      root.own = index;
      continue;
    }
    let end = -1;
    do {
      end = name.indexOf("/", end + 1);
      const path = end < 0 ? name : name.slice(0, end);
      let folder = known.get(path);
      if (folder === undefined) {
        folder = { path, name: path.slice(path.lastIndexOf("/") + 1), children: [], indices: [], own: null };
        known.set(path, folder);
        above.children.push(folder);
      }
      folder.indices.push(index);
      above = folder;
    } while (end >= 0);
    above.own = index;
  }
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const tidy = (folder: Folder): void => {
    while (folder.children.length === 1 && !own.has(folder.path)) {
      const [only] = folder.children as [Folder];
      folder.name = folder === root ? "" : `${folder.name}/${only.name}`;
      folder.path = only.path;
      folder.children = only.children;
      folder.own = only.own;
    }
    folder.children.sort((a, b) => compare(a.name, b.name));
    for (const child of folder.children) tidy(child);
    if (folder.children.length === 0 && folder !== root) folder.own = null;
  };
  tidy(root);
  // A project of one folder still has a line to click.
  if (root.children.length === 0 && names.length > 0) {
    const { path, indices } = root;
    root.children.push({ path, name: path || "top folder", children: [], indices, own: null });
    root.own = null;
  }
  return root;
}

/** Whether the first level is open at once: when all of its folders' folders still fit. */
export const openAtFirst = (root: Folder): boolean =>
  root.children.reduce((lines, { children }) => lines + 1 + children.length, 0) <= mostOpenLines;

/** What images that lie directly in a folder are called beside those of its folders. */
export const directlyText = (path: string): string =>
  `directly in ${path.slice(path.lastIndexOf("/") + 1) || "the top folder"}`;

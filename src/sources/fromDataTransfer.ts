import { WinnowError } from "../core/errors.ts";
import { fromHandles, refOf } from "./openSource.ts";
import type { Source } from "./source.ts";
import { entryItem, fileItem, nameTogether, rootOf, type TopItem } from "./topItem.ts";
import { treeSource } from "./treeSource.ts";

interface Dropped {
  handle: Promise<FileSystemHandle | null | undefined> | null;
  entry: FileSystemEntry | null;
  file: File | null;
}

/**
 * What was dropped: folders, files and zips in any mixture. Must be called synchronously inside the `drop` handler; the
 * browser empties `data` as soon as the handler returns, so everything is taken before the first await. Files are
 * listed through entries, because Chromium's handles silently leave out names that Windows would not allow (`a?.jpg`);
 * handles, which can be stored, are what a later visit continues with. Rejects with `empty` when nothing readable was
 * dropped (text, a link).
 */
export function fromDataTransfer(data: DataTransfer): Promise<Source> {
  const dropped: Dropped[] = [];
  for (const item of data.items) {
    if (item.kind !== "file") continue;
    dropped.push({
      // Missing in Firefox and Safari, rejected outside a secure page, undefined for a file made by a script.
      handle: item.getAsFileSystemHandle?.().catch(() => null) ?? null,
      entry: item.webkitGetAsEntry(),
      file: item.getAsFile(),
    });
  }
  return gather(dropped);
}

async function gather(dropped: readonly Dropped[]): Promise<Source> {
  const handles = (await Promise.all(dropped.map(({ handle }) => handle))).filter((handle) => handle != null);
  const storable = handles.length > 0 && handles.length === dropped.length;
  const items = dropped.map(({ entry, file }) => asItem(entry, file)).filter((item) => item !== null);
  if (items.length === 0 && storable) return fromHandles(handles);
  if (items.length === 0) {
    throw new WinnowError("empty", "Nothing that can be read was dropped. Drop a folder, image files or a zip.");
  }
  const name = nameTogether(items);
  return treeSource(rootOf(items), name, storable ? refOf(handles) : { kind: "files", name }, async () => true);
}

function asItem(entry: FileSystemEntry | null, file: File | null): TopItem | null {
  if (entry !== null) return entryItem(entry);
  return file === null ? null : fileItem(file);
}

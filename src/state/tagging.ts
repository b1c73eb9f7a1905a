import { RowSet } from "../core/rowSet.ts";
import type { ProjectDesk } from "./desk.ts";

/** Adds a tag to rows, or takes it away; undoable. Names are trimmed; an empty name does nothing. */
export async function changeTag(
  desk: ProjectDesk,
  name: string,
  rows: Iterable<number>,
  how: "add" | "remove",
): Promise<void> {
  const tag = name.trim().normalize("NFC");
  const given = RowSet.of(rows);
  if (tag === "" || given.size === 0) return;
  const before = desk.store.getState().tags.get(tag) ?? RowSet.empty;
  const after = how === "add" ? before.union(given) : before.without(given);
  if (after.size === before.size) return;
  await desk.undo.do({ apply: () => putTag(desk, tag, after), revert: () => putTag(desk, tag, before) });
}

async function putTag({ project, store }: ProjectDesk, name: string, rows: RowSet): Promise<void> {
  await project.putTag(name, rows.rows);
  store.setState(({ tags }) => {
    const changed = new Map(tags);
    if (rows.size === 0) changed.delete(name);
    else changed.set(name, rows);
    return { tags: changed };
  });
}

import type { Edit } from "../core/changes.ts";
import { RowSet } from "../core/rowSet.ts";
import { nextTagStyle, type TagStyle, tagName, tagOfKey } from "../core/tags.ts";
import { tagEdit } from "./history.ts";
import type { Session } from "./session.ts";
import type { WinnowState } from "./state.ts";

const isEdit = (edit: Edit | null): edit is Edit => edit !== null;
const imagesOf = (count: number): string => (count === 1 ? "1 image" : `${count.toLocaleString("en")} images`);

/** A tag that is new gets a colour and a key. */
function newStyle({ tagStyles }: WinnowState, name: string): Edit[] {
  return tagStyles.has(name) ? [] : [{ kind: "tag-style", name, before: null, after: nextTagStyle(tagStyles) }];
}

/** Adds a tag to rows, or takes it away; undoable. An empty name does nothing. */
export async function changeTag(
  { desk, history }: Session,
  typed: string,
  rows: Iterable<number>,
  how: "add" | "remove",
): Promise<void> {
  const name = tagName(typed);
  const given = RowSet.of(rows);
  if (name === "") return;
  const state = desk.store.getState();
  const edit =
    how === "add" ? tagEdit(state.tags, name, given, RowSet.empty) : tagEdit(state.tags, name, RowSet.empty, given);
  if (edit?.kind !== "tag") return;
  const title =
    how === "add"
      ? `tag “${name}” on ${imagesOf(edit.added.length)}`
      : `tag “${name}” off ${imagesOf(edit.removed.length)}`;
  await history.do({ title, edits: [...(how === "add" ? newStyle(state, name) : []), edit] });
}

/** Gives all of a tag's rows to another name; when there is a tag of that name, the two become one. */
export async function renameTag({ desk, history }: Session, from: string, typed: string): Promise<void> {
  const to = tagName(typed);
  const state = desk.store.getState();
  const rows = state.tags.get(from);
  if (rows === undefined || to === "" || to === from) return;
  const style = state.tagStyles.get(from) ?? null;
  const merged = state.tags.has(to);
  const styles: Edit[] = [
    { kind: "tag-style", name: from, before: style, after: null },
    ...(merged ? [] : [{ kind: "tag-style" as const, name: to, before: null, after: style }]),
  ];
  await history.do({
    title: `${merged ? "merge" : "rename"} tag “${from}” ${merged ? "into" : "to"} “${to}”`,
    edits: [
      ...styles,
      tagEdit(state.tags, to, rows, RowSet.empty),
      tagEdit(state.tags, from, RowSet.empty, rows),
    ].filter(isEdit),
  });
}

/** Takes a tag off every image. */
export async function deleteTag({ desk, history }: Session, name: string): Promise<void> {
  const { tags, tagStyles } = desk.store.getState();
  const rows = tags.get(name);
  if (rows === undefined) return;
  await history.do({
    title: `delete tag “${name}”`,
    edits: [
      { kind: "tag-style" as const, name, before: tagStyles.get(name) ?? null, after: null },
      tagEdit(tags, name, RowSet.empty, rows),
    ].filter(isEdit),
  });
}

/** Changes colour or key of a tag; a key that another tag has goes over to this one. */
export async function styleTag({ desk, history }: Session, name: string, change: Partial<TagStyle>): Promise<void> {
  const { tagStyles } = desk.store.getState();
  const before = tagStyles.get(name);
  if (before === undefined) return;
  const after = { ...before, ...change };
  if (after.colour === before.colour && after.key === before.key) return;
  const holder = change.key ? tagOfKey(tagStyles, change.key) : null;
  const edits: Edit[] = [{ kind: "tag-style", name, before, after }];
  if (holder !== null && holder !== name) {
    const held = tagStyles.get(holder)!;
    edits.unshift({ kind: "tag-style", name: holder, before: held, after: { ...held, key: null } });
  }
  await history.do({ title: `${"colour" in change ? "colour" : "key"} of tag “${name}”`, edits });
}

/** Gives the tag of a digit key to the marked images, or to the focused one; takes it off when all of them have it. */
export async function toggleTagOfKey(session: Session, key: number): Promise<void> {
  const { store, notices } = session.desk;
  const { tagStyles, tags, marked, focused } = store.getState();
  const name = tagOfKey(tagStyles, key);
  const rows = marked.size > 0 ? marked.rows : focused >= 0 ? Uint32Array.of(focused) : new Uint32Array(0);
  if (name === null) notices.info(`No tag has the key ${key} yet. Add a tag, or set its key under Tags.`);
  else if (rows.length === 0) notices.info(`Mark an image first, then ${key} tags it “${name}”.`);
  else {
    const has = tags.get(name) ?? RowSet.empty;
    await changeTag(session, name, rows, rows.every((row) => has.has(row)) ? "remove" : "add");
  }
}

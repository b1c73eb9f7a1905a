import type { Change, Edit } from "../core/changes.ts";
import { RowSet } from "../core/rowSet.ts";
import { excludedTag, keptTag, nextTagStyle, type TagStyle, tagName, tagOfKey } from "../core/tags.ts";
import { tagEdit } from "./history.ts";
import type { Session } from "./session.ts";
import type { WinnowState } from "./state.ts";

const isEdit = (edit: Edit | null): edit is Edit => edit !== null;
const imagesOf = (count: number): string => (count === 1 ? "1 image" : `${count.toLocaleString("en")} images`);

/** A tag that is new gets a colour and a key. */
function newStyle({ tagStyles }: WinnowState, name: string, key = nextTagStyle(tagStyles).key): Edit[] {
  if (tagStyles.has(name)) return [];
  return [{ kind: "tag-style", name, before: null, after: { ...nextTagStyle(tagStyles), key } }];
}

/** Adds a tag to rows, or takes it away; undoable. An empty name does nothing. */
export function changeTag(
  { history }: Session,
  typed: string,
  rows: Iterable<number>,
  how: "add" | "remove",
): Promise<void> {
  const name = tagName(typed);
  const given = RowSet.of(rows);
  return history.do((state) => (name === "" ? null : tagChange(state, name, given, how)));
}

function tagChange(state: WinnowState, name: string, rows: RowSet, how: "add" | "remove"): Change | null {
  const [plus, minus] = how === "add" ? [rows, RowSet.empty] : [RowSet.empty, rows];
  const edit = tagEdit(state.tags, name, plus, minus);
  if (edit?.kind !== "tag") return null;
  const title =
    how === "add"
      ? `tag “${name}” on ${imagesOf(edit.added.length)}`
      : `tag “${name}” off ${imagesOf(edit.removed.length)}`;
  return { title, edits: [...(how === "add" ? newStyle(state, name) : []), edit] };
}

/** Gives all of a tag's rows to another name; when there is a tag of that name, the two become one. */
export function renameTag({ history }: Session, from: string, typed: string): Promise<void> {
  const to = tagName(typed);
  return history.do(({ tags, tagStyles }) => {
    const rows = tags.get(from);
    if (rows === undefined || to === "" || to === from) return null;
    const style = tagStyles.get(from) ?? null;
    const merged = tags.has(to);
    const styles: Edit[] = [
      { kind: "tag-style", name: from, before: style, after: null },
      ...(merged ? [] : [{ kind: "tag-style" as const, name: to, before: null, after: style }]),
    ];
    return {
      title: `${merged ? "merge" : "rename"} tag “${from}” ${merged ? "into" : "to"} “${to}”`,
      edits: [...styles, tagEdit(tags, to, rows, RowSet.empty), tagEdit(tags, from, RowSet.empty, rows)].filter(isEdit),
    };
  });
}

/** Takes a tag off every image. */
export function deleteTag({ history }: Session, name: string): Promise<void> {
  return history.do(({ tags, tagStyles }) => {
    const rows = tags.get(name);
    if (rows === undefined) return null;
    const style: Edit = { kind: "tag-style", name, before: tagStyles.get(name) ?? null, after: null };
    return { title: `delete tag “${name}”`, edits: [style, tagEdit(tags, name, RowSet.empty, rows)].filter(isEdit) };
  });
}

/** Changes colour or key of a tag; a key that another tag has goes over to this one. */
export function styleTag({ history }: Session, name: string, change: Partial<TagStyle>): Promise<void> {
  return history.do(({ tagStyles }) => {
    const before = tagStyles.get(name);
    if (before === undefined) return null;
    const after = { ...before, ...change };
    if (after.colour === before.colour && after.key === before.key) return null;
    const holder = change.key ? tagOfKey(tagStyles, change.key) : null;
    const edits: Edit[] = [{ kind: "tag-style", name, before, after }];
    if (holder !== null && holder !== name) {
      const held = tagStyles.get(holder)!;
      edits.unshift({ kind: "tag-style", name: holder, before: held, after: { ...held, key: null } });
    }
    return { title: `${"colour" in change ? "colour" : "key"} of tag “${name}”`, edits };
  });
}

/** Gives a tag to the marked images, or to the focused one; takes it off when all of them have it. */
function toggleTag({ desk, history }: Session, name: string, hint: string): Promise<void> {
  const { marked, focused } = desk.store.getState();
  const rows = marked.size > 0 ? marked.rows : focused >= 0 ? Uint32Array.of(focused) : new Uint32Array(0);
  if (rows.length === 0) {
    desk.notices.info(hint);
    return Promise.resolve();
  }
  return history.do((state) => {
    const has = state.tags.get(name) ?? RowSet.empty;
    return tagChange(state, name, RowSet.of(rows), rows.every((row) => has.has(row)) ? "remove" : "add");
  });
}

/** Toggles the tag of a digit key. */
export async function toggleTagOfKey(session: Session, key: number): Promise<void> {
  const name = tagOfKey(session.desk.store.getState().tagStyles, key);
  if (name !== null) return await toggleTag(session, name, `Mark an image first, then ${key} tags it “${name}”.`);
  session.desk.notices.info(`No tag has the key ${key} yet. Add a tag, or set its key under Tags.`);
}

export const toggleExcluded = (session: Session): Promise<void> =>
  toggleTag(session, excludedTag, `Mark an image first, then x tags it “${excludedTag}”.`);

/** Decides about duplicates: some are excluded, the others stay and are known to have been looked at. One change. */
export function sortOut({ history }: Session, keep: Iterable<number>, exclude: Iterable<number>): Promise<void> {
  const [kept, out] = [RowSet.of(keep), RowSet.of(exclude)];
  return history.do((state) => {
    const { tags } = state;
    const edits = [
      ...(out.size > 0 ? newStyle(state, excludedTag) : []),
      tagEdit(tags, excludedTag, out, kept),
      // The digit keys are for tags that a person gives.
      ...(kept.size > 0 ? newStyle(state, keptTag, null) : []),
      tagEdit(tags, keptTag, kept, out),
    ].filter(isEdit);
    const title = out.size === 0 ? `keep all ${imagesOf(kept.size)}` : `exclude ${imagesOf(out.size)} as duplicates`;
    return { title, edits };
  });
}

import type { SelectionRecord } from "./records.ts";
import { RowSet } from "./rowSet.ts";
import type { TagStyle, TagStyles } from "./tags.ts";

/** Rows that a tag gained and lost; never a row that had been there, or missing, before. */
export interface TagEdit {
  kind: "tag";
  name: string;
  added: Uint32Array;
  removed: Uint32Array;
}

/** Null: there was none, there is none. */
export interface TagStyleEdit {
  kind: "tag-style";
  name: string;
  before: TagStyle | null;
  after: TagStyle | null;
}

export interface SelectionEdit {
  kind: "selection";
  id: string;
  before: SelectionRecord | null;
  after: SelectionRecord | null;
}

/** Which selection is shown, by id. */
export interface ShownEdit {
  kind: "shown";
  before: string | null;
  after: string | null;
}

export interface NameEdit {
  kind: "name";
  before: string;
  after: string;
}

export type Edit = TagEdit | TagStyleEdit | SelectionEdit | ShownEdit | NameEdit;

/** Something that a person did, as data: it can be taken back and done again, also after a reload. */
export interface Change {
  /** For people, in lower case: “tag “cat” on 3 images”. */
  title: string;
  edits: readonly Edit[];
}

/** What a person can change of a project. */
export interface Editable {
  name: string;
  tags: ReadonlyMap<string, RowSet>;
  tagStyles: TagStyles;
  /** Oldest first. */
  selections: readonly SelectionRecord[];
  shownId: string | null;
}

/** The project after some edits, or, with `reverse`, before them. What no edit names keeps its identity. */
export function edited(project: Editable, edits: readonly Edit[], reverse = false): Editable {
  return (reverse ? [...edits].reverse() : edits).reduce((now, edit) => one(now, edit, reverse), project);
}

function one(project: Editable, edit: Edit, reverse: boolean): Editable {
  switch (edit.kind) {
    case "tag": {
      const [plus, minus] = reverse ? [edit.removed, edit.added] : [edit.added, edit.removed];
      const before = project.tags.get(edit.name) ?? RowSet.empty;
      const rows = before.union(RowSet.of(plus)).without(RowSet.of(minus));
      return { ...project, tags: withEntry(project.tags, edit.name, rows.size === 0 ? null : rows) };
    }
    case "tag-style":
      return { ...project, tagStyles: withEntry(project.tagStyles, edit.name, reverse ? edit.before : edit.after) };
    case "selection": {
      const record = reverse ? edit.before : edit.after;
      const others = project.selections.filter(({ id }) => id !== edit.id);
      const selections = record ? [...others, record].sort((a, b) => a.createdAt - b.createdAt) : others;
      return { ...project, selections };
    }
    case "shown":
      return { ...project, shownId: reverse ? edit.before : edit.after };
    case "name":
      return { ...project, name: reverse ? edit.before : edit.after };
  }
}

function withEntry<T>(map: ReadonlyMap<string, T>, name: string, value: T | null): ReadonlyMap<string, T> {
  const changed = new Map(map);
  if (value === null) changed.delete(name);
  else changed.set(name, value);
  return changed;
}

import {
  type Correction,
  type HeldMetadata,
  type HeldSet,
  heldSet,
  inOrder,
  type SetHead,
} from "./annotations/heldSet.ts";
import type { KeptBox } from "./annotations/keptBox.ts";
import { columnsOf, type SetColumns, withRows } from "./annotations/setColumns.ts";
import { WinnowError } from "./errors.ts";
import type { QualitySettings } from "./quality/qualitySettings.ts";
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

/** A set of annotations that comes, goes, or is called otherwise. Its columns are named, not held. */
export interface AnnotationsEdit {
  kind: "annotations";
  id: string;
  before: SetHead | null;
  after: SetHead | null;
}

/** What a set says of some rows. */
export interface LabelEdit {
  kind: "label";
  set: string;
  /** Ascending. */
  rows: Uint32Array;
  before: SetColumns;
  after: SetColumns;
  /** Classes that the set did not have. */
  newClasses: readonly string[];
  content: { before: string; after: string };
  correction: Correction;
}

/** A box of some labels that a person found right. */
export interface KeptBoxEdit {
  kind: "kept-box";
  set: string;
  box: KeptBox;
}

/** A column of metadata, by the names of its contents. */
export interface MetadataEdit {
  kind: "metadata";
  key: string;
  before: string | null;
  after: string | null;
}

export type Edit =
  | TagEdit
  | TagStyleEdit
  | SelectionEdit
  | ShownEdit
  | NameEdit
  | AnnotationsEdit
  | LabelEdit
  | KeptBoxEdit
  | MetadataEdit
  | QualityEdit;

/** The large part of a set or of a column of metadata, which edits only name. */
export type Content = { kind: "set"; columns: SetColumns } | { kind: "metadata"; column: HeldMetadata };
export type Contents = ReadonlyMap<string, Content>;
const noContents: Contents = new Map();
/** What is set of the checks: thresholds. */
export interface QualityEdit {
  kind: "quality";
  before: QualitySettings;
  after: QualitySettings;
}

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
  /** In order. */
  annotations: readonly HeldSet[];
  metadata: readonly HeldMetadata[];
  quality: QualitySettings;
}

/**
 * The project after some edits, or, with `reverse`, before them. What no edit names keeps its identity.
 * @param contents those that {@link contentsWanted} names
 */
export function edited(project: Editable, edits: readonly Edit[], reverse = false, contents = noContents): Editable {
  return (reverse ? [...edits].reverse() : edits).reduce((now, edit) => one(now, edit, reverse, contents), project);
}

/** The contents that some edits bring back into a project and that it does not have. */
export function contentsWanted(
  { annotations, metadata }: Editable,
  edits: readonly Edit[],
  reverse: boolean,
): string[] {
  const held = new Set([...annotations, ...metadata].map(({ content }) => content));
  return edits
    .flatMap((edit) => {
      const target =
        edit.kind === "annotations" || edit.kind === "metadata" ? edit[reverse ? "before" : "after"] : null;
      return target === null ? [] : [typeof target === "string" ? target : target.content];
    })
    .filter((content) => !held.has(content));
}

/** The contents that some edits may bring back at some time. */
export const contentsNamed = (edits: readonly Edit[]): string[] =>
  edits.flatMap((edit) => {
    if (edit.kind === "annotations") return [edit.before, edit.after].flatMap((head) => head?.content ?? []);
    return edit.kind === "metadata" ? [edit.before, edit.after].flatMap((content) => content ?? []) : [];
  });

function one(project: Editable, edit: Edit, reverse: boolean, contents: Contents): Editable {
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
    case "annotations":
      return withSet(project, edit.id, reverse ? edit.before : edit.after, contents);
    case "label": {
      const annotations = project.annotations.map((set) => (set.id === edit.set ? labelled(set, edit, reverse) : set));
      return { ...project, annotations };
    }
    case "kept-box": {
      const annotations = project.annotations.map((set) => (set.id === edit.set ? withKept(set, edit, reverse) : set));
      return { ...project, annotations };
    }
    case "metadata":
      return withMetadata(project, edit.key, reverse ? edit.before : edit.after, contents);
    case "quality":
      return { ...project, quality: reverse ? edit.before : edit.after };
  }
}

function withSet(project: Editable, id: string, head: SetHead | null, contents: Contents): Editable {
  const now = project.annotations.find((set) => set.id === id);
  const others = project.annotations.filter((set) => set !== now);
  if (head === null) return { ...project, annotations: others };
  const columns = now?.content === head.content ? columnsOf(now) : given(contents, head.content, "set").columns;
  return { ...project, annotations: inOrder([...others, heldSet(head, columns)]) };
}

function withMetadata(project: Editable, key: string, content: string | null, contents: Contents): Editable {
  const others = project.metadata.filter((column) => column.key !== key);
  const metadata = content === null ? others : [...others, given(contents, content, "metadata").column];
  return { ...project, metadata: metadata.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

function given<K extends Content["kind"]>(contents: Contents, name: string, kind: K): Extract<Content, { kind: K }> {
  const content = contents.get(name);
  if (content?.kind !== kind) throw new WinnowError("internal", `the ${kind} content “${name}” is not there`);
  return content as Extract<Content, { kind: K }>;
}

function labelled(set: HeldSet, edit: LabelEdit, reverse: boolean): HeldSet {
  const { rows, newClasses, before, after, content, correction } = edit;
  const classes = reverse
    ? set.classes.slice(0, set.classes.length - newClasses.length)
    : [...set.classes, ...newClasses];
  return {
    ...set,
    classes: newClasses.length > 0 ? classes : set.classes,
    content: reverse ? content.before : content.after,
    corrections: reverse ? set.corrections.slice(0, -1) : [...set.corrections, correction],
    ...withRows(columnsOf(set), rows, reverse ? before : after, classes.length),
  };
}

function withKept(set: HeldSet, { box }: KeptBoxEdit, reverse: boolean): HeldSet {
  const { keptBoxes: before = [], ...others } = set;
  const keptBoxes = reverse ? before.slice(0, -1) : [...before, box];
  return keptBoxes.length > 0 ? { ...others, keptBoxes } : others;
}

function withEntry<T>(map: ReadonlyMap<string, T>, name: string, value: T | null): ReadonlyMap<string, T> {
  const changed = new Map(map);
  if (value === null) changed.delete(name);
  else changed.set(name, value);
  return changed;
}

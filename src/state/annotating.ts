import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import { classOfRow } from "../core/annotations/annotationSet.ts";
import { type HeldMetadata, type HeldSet, headOf } from "../core/annotations/heldSet.ts";
import type { MetadataField } from "../core/annotations/metadataField.ts";
import { columnsOf, emptyColumns, type SetColumns, takeRows } from "../core/annotations/setColumns.ts";
import { updatedSet } from "../core/annotations/updatedSet.ts";
import type { Content, Edit, LabelEdit } from "../core/changes.ts";
import { RowSet } from "../core/rowSet.ts";
import type { Editing, NewChange } from "./history.ts";
import type { WinnowState } from "./state.ts";

const imagesOf = (count: number): string => (count === 1 ? "1 image" : `${count.toLocaleString("en")} images`);

const setOf = ({ annotations }: WinnowState, id: string): HeldSet | undefined =>
  annotations.find((set) => set.id === id);

/**
 * Brings sets and columns of metadata into the project; a set or column of the same name is brought up to date.
 * Undoable in one step.
 */
export function putAnnotations(
  session: Editing,
  title: string,
  sets: readonly AnnotationSet[],
  metadata: readonly MetadataField[] = [],
): Promise<void> {
  return session.history.do((state) => putting(state, title, sets, metadata, session.desk.now()));
}

/** The change that brings sets and columns in. */
export function putting(
  state: WinnowState,
  title: string,
  sets: readonly AnnotationSet[],
  metadata: readonly MetadataField[],
  now: number,
): NewChange {
  const contents = new Map<string, Content>();
  const edits: Edit[] = [];
  for (const set of sets) {
    const before = setOf(state, set.id) ?? null;
    const content = crypto.randomUUID();
    const updated = before ? updatedSet(before, set) : set;
    const about = { content, since: before?.since ?? now, corrections: before?.corrections ?? [] };
    const kept = before?.keptBoxes && { keptBoxes: before.keptBoxes };
    const after = headOf({ ...updated, ...about, ...kept });
    contents.set(content, { kind: "set", columns: columnsOf(updated) });
    edits.push({ kind: "annotations", id: set.id, before: before && headOf(before), after });
  }
  for (const column of metadata) {
    const before = state.metadata.find(({ key }) => key === column.key)?.content ?? null;
    const held: HeldMetadata = { ...column, content: crypto.randomUUID() };
    contents.set(held.content, { kind: "metadata", column: held });
    edits.push({ kind: "metadata", key: column.key, before, after: held.content });
  }
  return { title, edits, contents };
}

/** Labels from the names of the folders that images lie in. @returns the id of the set; "" where none lies in one */
export async function labelsFromFolders(session: Editing): Promise<string> {
  const { readFolderLabels } = await import("../core/format/annotations/folderLabels.ts");
  const { images } = session.desk.store.getState();
  if (!images.paths.some((path) => path.includes("/"))) {
    session.desk.notices.info("No image lies in a folder, so there is no name to take for a label.");
    return "";
  }
  const { sets } = readFolderLabels({ images, choices: {}, at: session.desk.now() });
  await putAnnotations(session, "labels from folder names", sets);
  return sets[0]?.id ?? "";
}

/** Labels without an image yet, to be given by hand. The id is free and belongs to them at once. */
export function createLabels(session: Editing, name: string, classes: readonly string[]): string {
  const { store, now } = session.desk;
  const id = freeId(store.getState(), name);
  const source = { format: "hand", file: "", at: now() };
  const set: AnnotationSet = { id, name, role: "labels", type: "classification", classes, source, ...emptyColumns(0) };
  void putAnnotations(session, `new labels “${name}”`, [set]);
  return id;
}

/** An id for a new set that no other has. */
export function freeId({ annotations }: WinnowState, name: string): string {
  const taken = new Set(annotations.map(({ id }) => id));
  const plain = name.replace(/[^A-Za-z0-9_.-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "") || "labels";
  for (let number = 1; ; number++) {
    const id = number === 1 ? plain : `${plain}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/**
 * Gives each of some images its class, in the place of what the labels said of it; undoable, and noted as a correction.
 * @param classes one for all, or one a row in the order of `rows`; null takes the label away
 * @param by what suggested it, for people; “” for nothing
 */
export function setLabels(
  session: Editing,
  id: string,
  rows: readonly number[],
  classes: string | null | readonly (string | null)[],
  by = "",
): Promise<void> {
  const wanted = new Map(
    rows.map((row, i) => [row, typeof classes === "object" && classes ? (classes[i] ?? null) : classes] as const),
  );
  return session.history.do((state) => {
    const set = setOf(state, id);
    return set?.role === "labels" && set.type === "classification"
      ? relabelled(set, wanted, by, session.desk.now())
      : null;
  });
}

/** The change that gives rows their classes by name, null takes a label away; null when nothing would change. */
export function relabelled(
  set: HeldSet,
  wanted: ReadonlyMap<number, string | null>,
  by: string,
  at: number,
): NewChange | null {
  const idOf = new Map(set.classes.map((name, id) => [name, id]));
  const changed = [...wanted].filter(([row, name]) => {
    const several = (set.first[row + 1] ?? 0) - (set.first[row] ?? 0) > 1;
    return several || (name === null ? set.known[row] === 1 : (idOf.get(name) ?? -2) !== classOfRow(set, row));
  });
  if (changed.length === 0) return null;
  const { rows } = RowSet.of(changed.map(([row]) => row));
  const newClasses = [...new Set(changed.flatMap(([, name]) => (name !== null && !idOf.has(name) ? [name] : [])))];
  for (const name of newClasses) idOf.set(name, idOf.size);
  const after = Int32Array.from(rows, (row) => idOf.get(wanted.get(row) ?? "") ?? -1);
  const edit: LabelEdit = {
    kind: "label",
    set: set.id,
    rows,
    before: takeRows(columnsOf(set), rows),
    after: singleClasses(after),
    newClasses,
    content: { before: set.content, after: crypto.randomUUID() },
    correction: { rows, before: Int32Array.from(rows, (row) => classOfRow(set, row)), after, by, at },
  };
  const names = new Set(changed.map(([, name]) => name));
  const [name] = names;
  const what = names.size > 1 ? "labels" : name === null ? "no label" : `label “${name}”`;
  return { title: `${what} on ${imagesOf(rows.length)}`, edits: [edit] };
}

/** One class a row; where it is −1 nothing is said. */
function singleClasses(classes: Int32Array): SetColumns {
  const first = new Uint32Array(classes.length + 1);
  for (const [i, id] of classes.entries()) first[i + 1] = first[i]! + Number(id >= 0);
  return {
    ...emptyColumns(classes.length),
    known: Uint8Array.from(classes, (id) => Number(id >= 0)),
    first,
    classOf: Uint32Array.from(classes.filter((id) => id >= 0)),
  };
}

/** Another name for a set; its id, which configurations name, stays. */
export function renameAnnotations({ history }: Editing, id: string, typed: string): Promise<void> {
  const name = typed.trim();
  return history.do((state) => {
    const set = setOf(state, id);
    if (set === undefined || name === "" || name === set.name) return null;
    const before = headOf(set);
    return {
      title: `rename “${set.name}” to “${name}”`,
      edits: [{ kind: "annotations", id, before, after: { ...before, name } }],
    };
  });
}

export function deleteAnnotations({ history }: Editing, id: string): Promise<void> {
  return history.do((state) => {
    const set = setOf(state, id);
    return set
      ? { title: `delete “${set.name}”`, edits: [{ kind: "annotations", id, before: headOf(set), after: null }] }
      : null;
  });
}

export function deleteMetadata({ history }: Editing, key: string): Promise<void> {
  return history.do(({ metadata }) => {
    const column = metadata.find((one) => one.key === key);
    return column
      ? { title: `delete “${key}”`, edits: [{ kind: "metadata", key, before: column.content, after: null }] }
      : null;
  });
}

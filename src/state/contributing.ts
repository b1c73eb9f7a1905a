import { type AnnotationSet, classOfRow } from "../core/annotations/annotationSet.ts";
import { AnnotationSetBuilder } from "../core/annotations/setBuilder.ts";
import type { Edit } from "../core/changes.ts";
import {
  type FieldValue,
  largestChangesFile,
  readChanges,
  type StartedLabels,
} from "../core/collaboration/changesFile.ts";
import {
  afterImport,
  type Contribution,
  type ContributionPlan,
  type Contributions,
  planOf,
  withChanges,
} from "../core/collaboration/contributions.ts";
import { WinnowError } from "../core/errors.ts";
import { readForeignSelection } from "../core/projectFolder/selectionJson.ts";
import type { SelectionRecord } from "../core/records.ts";
import { RowSet } from "../core/rowSet.ts";
import { nextTagStyle, tagName } from "../core/tags.ts";
import { putting, relabelled } from "./annotating.ts";
import { type Editing, tagEdit } from "./history.ts";
import type { WinnowState } from "./state.ts";

interface ChangesFile {
  path: string;
  blob: Blob;
}

/** Reads visitors' files and shows what importing them would do. */
export async function beginContributions({ desk }: Editing, files: readonly ChangesFile[]): Promise<void> {
  const { store, project } = desk;
  let merged = await project.contributions.contributions();
  const sent: { value: unknown; path: string }[] = [];
  const begun: StartedLabels[] = [];
  for (const { path, blob } of files) {
    if (blob.size > largestChangesFile) {
      throw new WinnowError("too-large", `“${path}” is larger than ${largestChangesFile >> 20} MB.`, { file: path });
    }
    const changes = readChanges(await blob.text(), path);
    merged = withChanges(merged, changes, path);
    for (const value of changes.selections) sent.push({ value, path });
    begun.push(...changes.labels);
  }
  const state = store.getState();
  const rows = rowsById(state);
  const started = newLabels(state, begun);
  const { changes, conflicts } = plan(state, rows, started, merged);
  const fields = [...changes.keys()].map((key) => merged.get(key)!);
  const labelled = new Set([...fields, ...conflicts.map(({ field }) => field)].map(({ of }) => of));
  if (!desk.isOpen()) return;
  store.setState({
    contributing: {
      files: files.map(({ path }) => path),
      merged,
      selections: newSelections(state, rows, sent),
      started: new Map([...started].filter(([id]) => labelled.has(id))),
      tags: fields.filter(({ kind }) => kind === "tag").length,
      labels: fields.filter(({ kind }) => kind === "label").length,
      images: new Set(fields.map(({ image }) => image)).size,
      conflicts: conflicts.map((conflict) => ({ ...conflict, row: rows.get(conflict.field.image)![0]! })),
      strange: [...merged.values()].filter((field) => heldBy(state, rows, started, field) === undefined).length,
    },
  });
}

/**
 * Imports what is shown, in one undoable step.
 * @param chosen values that a person chose for fields in conflict
 */
export async function finishContributions(
  { desk, history }: Editing,
  chosen: ReadonlyMap<string, FieldValue>,
): Promise<void> {
  const { store, project } = desk;
  const draft = store.getState().contributing;
  if (draft === null) return;
  store.setState({ contributing: null });
  let after: Contributions = draft.merged;
  await history.do((state) => {
    const rows = rowsById(state);
    const { changes, conflicts } = plan(state, rows, draft.started, draft.merged);
    const values = new Map(changes);
    for (const { key, preset, current } of conflicts) {
      // Null, no label, is a choice too.
      const wanted = chosen.has(key) ? (chosen.get(key) ?? null) : preset;
      if (wanted !== current) values.set(key, wanted);
    }
    after = afterImport(
      draft.merged,
      values,
      conflicts.map(({ key }) => key),
    );
    const known = new Set(state.selections.map(({ id }) => id));
    const edits = [
      ...draft.selections
        .filter(({ id }) => !known.has(id))
        .map((after): Edit => ({ kind: "selection", id: after.id, before: null, after })),
      ...tagEdits(state, rows, draft.merged, values),
    ];
    const wanted = labelsOf(rows, draft.merged, values);
    for (const set of state.annotations) {
      const classes = wanted.get(set.id);
      if (classes) edits.push(...(relabelled(set, classes, "visitors", desk.now())?.edits ?? []));
    }
    const added = [...draft.started].flatMap(([id, name]) => {
      const classes = wanted.get(id);
      return classes && !state.annotations.some((set) => set.id === id)
        ? [labelSet(id, name, classes, draft.files.join(", "), desk.now())]
        : [];
    });
    const title = `changes of visitors from ${draft.files.length === 1 ? "1 file" : `${draft.files.length} files`}`;
    const sets = putting(state, title, added, [], desk.now());
    return { ...sets, edits: [...edits, ...sets.edits] };
  });
  await project.contributions.putContributions(after);
}

/** Selections of visitors that the project does not have and of which some picks are here, each once. */
function newSelections(
  { selections }: WinnowState,
  rows: ReadonlyMap<string, number[]>,
  sent: readonly { value: unknown; path: string }[],
): SelectionRecord[] {
  const known = new Set(selections.map(({ id }) => id));
  const found: SelectionRecord[] = [];
  for (const { value, path } of sent) {
    const record = readForeignSelection(value, path, (id) => rows.get(id)?.[0]);
    if (known.has(record.id) || record.rows.length === 0) continue;
    known.add(record.id);
    found.push(record);
  }
  return found;
}

/** Rows of each image's id: equal files have equal ids. */
function rowsById({ images }: WinnowState): ReadonlyMap<string, number[]> {
  const rows = new Map<string, number[]>();
  for (let row = 0; row < images.length; row++) {
    const { id } = images.at(row);
    const same = rows.get(id);
    if (same) same.push(row);
    else rows.set(id, [row]);
  }
  return rows;
}

/** Names of labels that visitors began and the project does not have, by id; the same in any order of files. */
function newLabels({ annotations }: WinnowState, begun: readonly StartedLabels[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { id, name } of begun) {
    const known = names.get(id);
    if (!annotations.some((set) => set.id === id) && (known === undefined || name < known)) names.set(id, name);
  }
  return names;
}

const plan = (
  state: WinnowState,
  rows: ReadonlyMap<string, number[]>,
  started: ReadonlyMap<string, string>,
  merged: Contributions,
): ContributionPlan => planOf(merged, (field) => heldBy(state, rows, started, field));

function heldBy(
  { tags, annotations }: WinnowState,
  rows: ReadonlyMap<string, number[]>,
  started: ReadonlyMap<string, string>,
  { image, kind, of }: Contribution,
): FieldValue | undefined {
  const row = rows.get(image)?.[0];
  if (row === undefined) return undefined;
  if (kind === "tag") return tagName(of) === of ? (tags.get(of)?.has(row) ?? false) : undefined;
  const set = annotations.find(({ id, role, type }) => id === of && role === "labels" && type === "classification");
  if (set === undefined && started.has(of) && !annotations.some(({ id }) => id === of)) return null;
  return set && (set.classes[classOfRow(set, row)] ?? null);
}

function tagEdits(
  { tags, tagStyles }: WinnowState,
  rows: ReadonlyMap<string, number[]>,
  merged: Contributions,
  values: ReadonlyMap<string, FieldValue>,
): Edit[] {
  const byName = new Map<string, { plus: number[]; minus: number[] }>();
  for (const [key, value] of values) {
    const { image, kind, of } = merged.get(key)!;
    if (kind !== "tag") continue;
    const wanted = byName.get(of) ?? { plus: [], minus: [] };
    byName.set(of, wanted);
    wanted[value === true ? "plus" : "minus"].push(...rows.get(image)!);
  }
  const styles = new Map(tagStyles);
  return [...byName].flatMap(([name, { plus, minus }]) => {
    const edit = tagEdit(tags, name, RowSet.of(plus), RowSet.of(minus));
    if (edit === null) return [];
    if (styles.has(name)) return [edit];
    const style = nextTagStyle(styles);
    styles.set(name, style);
    return [{ kind: "tag-style" as const, name, before: null, after: style }, edit];
  });
}

/** By labels, the classes that images get; null takes one away. */
function labelsOf(
  rows: ReadonlyMap<string, number[]>,
  merged: Contributions,
  values: ReadonlyMap<string, FieldValue>,
): ReadonlyMap<string, ReadonlyMap<number, string | null>> {
  const bySet = new Map<string, Map<number, string | null>>();
  for (const [key, value] of values) {
    const { image, kind, of } = merged.get(key)!;
    if (kind !== "label") continue;
    const wanted = bySet.get(of) ?? new Map<number, string | null>();
    bySet.set(of, wanted);
    for (const row of rows.get(image)!) wanted.set(row, typeof value === "string" ? value : null);
  }
  return bySet;
}

function labelSet(
  id: string,
  name: string,
  classes: ReadonlyMap<number, string | null>,
  file: string,
  at: number,
): AnnotationSet {
  const builder = new AnnotationSetBuilder();
  for (const [row, label] of classes) if (label !== null) builder.add(row, { class: builder.classOf(label) });
  return builder.finish({
    id,
    name,
    role: "labels",
    type: "classification",
    source: { format: "visitors", file, at },
  });
}

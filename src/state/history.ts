import { headOf } from "../core/annotations/heldSet.ts";
import { columnsOf } from "../core/annotations/setColumns.ts";
import {
  type Change,
  type Content,
  type Contents,
  contentsNamed,
  contentsWanted,
  type Edit,
  type Editable,
  edited,
} from "../core/changes.ts";
import { RowSet } from "../core/rowSet.ts";
import { styledTags } from "../core/tags.ts";
import { askToKeepStorage } from "../pipeline/keepingStorage.ts";
import type { ProjectDesk } from "./desk.ts";
import { shownState } from "./showing.ts";
import type { WinnowState } from "./state.ts";

/** More steps back than anyone takes; older ones are forgotten. */
const mostChanges = 200;

/** A change that brings in labels, predictions or metadata: its edits name what is in `contents`. */
export interface NewChange extends Change {
  contents?: Contents;
}

/** What whoever changes the open project works with. */
export interface Editing {
  readonly desk: ProjectDesk;
  readonly history: History;
}

/** Everything that a person did to the open project: does it, takes it back, does it again; kept with the project. */
export class History {
  /** By number, oldest first; those taken back come last. */
  private changes = new Map<number, Change & { undone: boolean }>();
  private tail: Promise<void> = Promise.resolve();
  /** The names of the contents that are stored. */
  private stored = new Set<string>();

  constructor(private readonly desk: ProjectDesk) {}

  /** Reads what was done in earlier visits. */
  async open(): Promise<void> {
    const { project } = this.desk;
    [this.changes, this.stored] = await Promise.all([project.history(), project.contentNames()]);
    this.publish();
  }

  /**
   * Does something new; what was taken back before can no longer be done again. What it is follows from the state once
   * everything asked for earlier is done. Without edits nothing happens.
   */
  do(changeOf: (state: WinnowState) => NewChange | null): Promise<void> {
    return this.queue(async () => {
      const asked = changeOf(this.desk.store.getState());
      if (asked === null || asked.edits.length === 0) return;
      const { contents = new Map(), ...change } = asked;
      const kept = [...this.changes].filter(([, { undone }]) => !undone);
      const number = (kept.at(-1)?.[0] ?? 0) + 1;
      const changes = new Map(kept.slice(-mostChanges + 1)).set(number, { ...change, undone: false });
      await this.perform(change.edits, false, changes, contents);
    });
  }

  undo(): Promise<void> {
    return this.queue(() =>
      this.turn(
        [...this.changes].findLast(([, { undone }]) => !undone),
        true,
      ),
    );
  }

  redo(): Promise<void> {
    return this.queue(() =>
      this.turn(
        [...this.changes].find(([, { undone }]) => undone),
        false,
      ),
    );
  }

  private async turn(entry: [number, Change] | undefined, undone: boolean): Promise<void> {
    if (entry === undefined) return;
    const [number, change] = entry;
    await this.perform(change.edits, undone, new Map(this.changes).set(number, { ...change, undone }));
  }

  /** Stores the edits and the history together, then shows them. */
  private async perform(
    edits: readonly Edit[],
    reverse: boolean,
    changes: typeof this.changes,
    given: Contents = new Map(),
  ): Promise<void> {
    const { store, project, isOpen } = this.desk;
    const before = editableOf(store.getState());
    const contents = new Map(given);
    for (const name of contentsWanted(before, edits, reverse)) {
      if (!contents.has(name)) contents.set(name, await project.storedContent(name));
    }
    const after = edited(before, edits, reverse, contents);
    const contentChanges = this.contentChanges(after, changes);
    await project.edit({
      annotations: differences(setsById(before), setsById(after), headOf),
      metadata: differences(byKey(before), byKey(after), ({ content }) => content),
      contents: contentChanges,
      tags: differences(before.tags, after.tags, ({ rows }) => rows),
      tagStyles: differences(before.tagStyles, after.tagStyles, (style) => style),
      selections: differences(byId(before), byId(after), (record) => record),
      history: differences(this.changes, changes, (change) => change),
    });
    if (after.name !== before.name) await project.rename(after.name);
    if (after.quality !== before.quality) await project.setQuality(after.quality);
    this.changes = changes;
    for (const [name, content] of contentChanges) content ? this.stored.add(name) : this.stored.delete(name);
    if (isOpen()) store.setState((state) => shownOf(state, before, after));
    void askToKeepStorage();
  }

  /** What is not stored yet, and null for what neither the project nor the history names any more. */
  private contentChanges(after: Editable, changes: typeof this.changes): Map<string, Content | null> {
    const held = contentsOf(after);
    const named = new Set([...held.keys(), ...[...changes.values()].flatMap(({ edits }) => contentsNamed(edits))]);
    const fresh = [...held].filter(([name]) => !this.stored.has(name));
    const gone = [...this.stored].filter((name) => !named.has(name));
    return new Map<string, Content | null>([...fresh, ...gone.map((name) => [name, null] as const)]);
  }

  private queue(work: () => Promise<void>): Promise<void> {
    this.tail = this.tail
      .then(work)
      .catch((error) => this.desk.notices.error(error))
      .then(() => this.publish());
    return this.tail;
  }

  private publish(): void {
    if (!this.desk.isOpen()) return;
    const changes = [...this.changes.values()];
    this.desk.store.setState({
      undoTitle: changes.findLast(({ undone }) => !undone)?.title ?? null,
      redoTitle: changes.find(({ undone }) => undone)?.title ?? null,
    });
  }
}

const editableOf = (state: WinnowState): Editable => {
  const { project, tags, tagStyles, selections, shown, annotations, metadata, quality } = state;
  return {
    annotations,
    metadata,
    name: project?.name ?? "",
    tags,
    tagStyles,
    selections,
    shownId: shown?.id ?? null,
    quality,
  };
};

const byId = ({ selections }: Editable) => new Map(selections.map((record) => [record.id, record]));

const setsById = ({ annotations }: Editable) => new Map(annotations.map((set) => [set.id, set]));
const byKey = ({ metadata }: Editable) => new Map(metadata.map((column) => [column.key, column]));

const contentsOf = ({ annotations, metadata }: Editable): Map<string, Content> =>
  new Map<string, Content>([
    ...annotations.map((set) => [set.content, { kind: "set", columns: columnsOf(set) }] as const),
    ...metadata.map((column) => [column.content, { kind: "metadata", column }] as const),
  ]);

function shownOf(state: WinnowState, before: Editable, after: Editable): Partial<WinnowState> {
  const shown = after.selections.find(({ id }) => id === after.shownId) ?? null;
  return {
    ...(state.project && { project: { ...state.project, name: after.name } }),
    tags: after.tags,
    tagStyles: styledTags(after.tags.keys(), after.tagStyles),
    selections: after.selections,
    annotations: after.annotations,
    metadata: after.metadata,
    quality: after.quality,
    ...(shown !== state.shown && shownState(shown, after.shownId !== before.shownId)),
  };
}

/** By key the new value of what is different, null for what is gone. */
function differences<K, V, S>(
  before: ReadonlyMap<K, V>,
  after: ReadonlyMap<K, V>,
  toStored: (value: V) => S,
): Map<K, S | null> {
  const changed = new Map<K, S | null>();
  for (const [key, value] of after) if (before.get(key) !== value) changed.set(key, toStored(value));
  for (const key of before.keys()) if (!after.has(key)) changed.set(key, null);
  return changed;
}

/** The edit that gives a tag to rows, or takes it away; null when that changes nothing. */
export function tagEdit(tags: Editable["tags"], name: string, plus: RowSet, minus: RowSet): Edit | null {
  const before = tags.get(name) ?? RowSet.empty;
  const added = plus.without(before).rows;
  const removed = minus.rows.filter((row) => before.has(row));
  return added.length + removed.length === 0 ? null : { kind: "tag", name, added, removed };
}

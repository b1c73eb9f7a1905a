import { type Change, type Edit, type Editable, edited } from "../core/changes.ts";
import { RowSet } from "../core/rowSet.ts";
import { styledTags } from "../core/tags.ts";
import type { ProjectDesk } from "./desk.ts";
import { shownState } from "./showing.ts";
import type { WinnowState } from "./state.ts";

/** More steps back than anyone takes; older ones are forgotten. */
const mostChanges = 200;

/** Everything that a person did to the open project: does it, takes it back, does it again; kept with the project. */
export class History {
  /** By number, oldest first; those taken back come last. */
  private changes = new Map<number, Change & { undone: boolean }>();
  private tail: Promise<void> = Promise.resolve();

  constructor(private readonly desk: ProjectDesk) {}

  /** Reads what was done in earlier visits. */
  async open(): Promise<void> {
    this.changes = await this.desk.project.history();
    this.publish();
  }

  /**
   * Does something new; what was taken back before can no longer be done again. What it is follows from the state once
   * everything asked for earlier is done. Without edits nothing happens.
   */
  do(changeOf: (state: WinnowState) => Change | null): Promise<void> {
    return this.queue(async () => {
      const change = changeOf(this.desk.store.getState());
      if (change === null || change.edits.length === 0) return;
      const kept = [...this.changes].filter(([, { undone }]) => !undone);
      const number = (kept.at(-1)?.[0] ?? 0) + 1;
      const changes = new Map(kept.slice(-mostChanges + 1)).set(number, { ...change, undone: false });
      await this.perform(change.edits, false, changes);
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
  private async perform(edits: readonly Edit[], reverse: boolean, changes: typeof this.changes): Promise<void> {
    const { store, project, isOpen } = this.desk;
    const before = editableOf(store.getState());
    const after = edited(before, edits, reverse);
    await project.edit({
      tags: differences(before.tags, after.tags, ({ rows }) => rows),
      tagStyles: differences(before.tagStyles, after.tagStyles, (style) => style),
      selections: differences(byId(before), byId(after), (record) => record),
      history: differences(this.changes, changes, (change) => change),
    });
    if (after.name !== before.name) await project.rename(after.name);
    this.changes = changes;
    if (isOpen()) store.setState((state) => shownOf(state, before, after));
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

const editableOf = ({ project, tags, tagStyles, selections, shown }: WinnowState): Editable => ({
  name: project?.name ?? "",
  tags,
  tagStyles,
  selections,
  shownId: shown?.id ?? null,
});

const byId = ({ selections }: Editable) => new Map(selections.map((record) => [record.id, record]));

function shownOf(state: WinnowState, before: Editable, after: Editable): Partial<WinnowState> {
  const shown = after.selections.find(({ id }) => id === after.shownId) ?? null;
  return {
    ...(state.project && { project: { ...state.project, name: after.name } }),
    tags: after.tags,
    tagStyles: styledTags(after.tags.keys(), after.tagStyles),
    selections: after.selections,
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

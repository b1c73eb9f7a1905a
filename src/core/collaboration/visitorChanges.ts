import { classOfRow } from "../annotations/annotationSet.ts";
import type { HeldSet } from "../annotations/heldSet.ts";
import { RowSet } from "../rowSet.ts";
import type { FieldChange } from "./changesFile.ts";
import { fieldKey } from "./contributions.ts";

/** A published project in a visitor's browser. */
export interface VisitedProject {
  /** Rows of each tag, as published and now. */
  published: ReadonlyMap<string, RowSet>;
  tags: ReadonlyMap<string, RowSet>;
  /** Labels of now; whatever was corrected in published ones was corrected by the visitor. */
  annotations: readonly HeldSet[];
  /** Ids of labels that the visitor began; all that they say is the visitor's. */
  started: ReadonlySet<string>;
  /** An image's id. */
  idOf(row: number): string;
}

/**
 * What a visitor changed since the project was published, one entry for each field of each image.
 * @param sent what was saved before: an entry that still holds keeps its time, one that was taken back says so
 * @param at milliseconds since 1970
 */
export function visitorChanges(
  { published, tags, annotations, started, idOf }: VisitedProject,
  sent: readonly FieldChange[],
  at: number,
): FieldChange[] {
  const found = new Map<string, FieldChange>();
  const note = (change: FieldChange): void => {
    found.set(fieldKey(change), change);
  };
  for (const name of new Set([...published.keys(), ...tags.keys()])) {
    const before = published.get(name) ?? RowSet.empty;
    const now = tags.get(name) ?? RowSet.empty;
    for (const row of now.without(before).rows) {
      note({ image: idOf(row), kind: "tag", of: name, before: false, after: true, at });
    }
    for (const row of before.without(now).rows) {
      note({ image: idOf(row), kind: "tag", of: name, before: true, after: false, at });
    }
  }
  for (const set of annotations) {
    if (set.role !== "labels" || set.type !== "classification") continue;
    for (const [row, before] of started.has(set.id) ? labelledRows(set) : correctedRows(set)) {
      const after = className(set, classOfRow(set, row));
      if (after !== before) note({ image: idOf(row), kind: "label", of: set.id, before, after, at });
    }
  }
  for (const earlier of sent) {
    const key = fieldKey(earlier);
    const now = found.get(key);
    if (now === undefined) {
      found.set(key, { ...earlier, after: earlier.before, at: earlier.after === earlier.before ? earlier.at : at });
    } else if (now.after === earlier.after) found.set(key, { ...now, at: earlier.at });
  }
  return [...found.values()];
}

const className = (set: HeldSet, id: number): string | null => set.classes[id] ?? null;

/** What was published of each row that was corrected since. */
function correctedRows(set: HeldSet): Map<number, string | null> {
  const first = new Map<number, string | null>();
  for (const { rows, before } of set.corrections) {
    for (const [i, row] of rows.entries()) if (!first.has(row)) first.set(row, className(set, before[i]!));
  }
  return first;
}

const labelledRows = ({ known }: HeldSet): Map<number, null> =>
  new Map([...known].flatMap((is, row) => (is === 1 ? [[row, null] as const] : [])));

import { createLabels, setLabels } from "./annotating.ts";
import type { Session } from "./session.ts";

/**
 * Labels whose classes are some tags. An image with none of them, or with several, gets no label.
 * @returns the id of the new labels
 */
export function labelsFromTags(session: Session, names: readonly string[]): string {
  const { tags } = session.desk.store.getState();
  const classOf = new Map<number, string | null>();
  for (const name of names) {
    for (const row of tags.get(name)?.rows ?? []) classOf.set(row, classOf.has(row) ? null : name);
  }
  const id = createLabels(session, "Tags", names);
  const rows = [...classOf.keys()].filter((row) => classOf.get(row) !== null).sort((a, b) => a - b);
  const classes = rows.map((row) => classOf.get(row) ?? null);
  void setLabels(session, id, rows, classes, "tags");
  return id;
}

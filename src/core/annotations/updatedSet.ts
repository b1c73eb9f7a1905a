import type { AnnotationSet } from "./annotationSet.ts";
import { columnsOf, type SetColumns, withRows } from "./setColumns.ts";

/**
 * A set after another file or model has said something of the same things: rows that the new one knows are as it says,
 * the others stay. Labels of another type, and predictions over other classes, replace what was there: scores of
 * different classes cannot be compared.
 */
export function updatedSet(before: AnnotationSet, after: AnnotationSet): AnnotationSet {
  const sameClasses =
    before.classes.length === after.classes.length && before.classes.every((name, i) => name === after.classes[i]);
  const joins = before.role === after.role && before.type === after.type && (before.role === "labels" || sameClasses);
  if (!joins) return after;
  const classes = [...before.classes];
  const ids = new Map(classes.map((name, id) => [name, id]));
  const idOf = Uint32Array.from(after.classes, (name) => {
    const known = ids.get(name);
    if (known !== undefined) return known;
    ids.set(name, classes.length);
    return classes.push(name) - 1;
  });
  const rows = Uint32Array.from(after.known.keys()).filter((row) => after.known[row] === 1);
  const columns = withRows(columnsOf(before), rows, named(after, rows, idOf, classes.length), classes.length);
  const { classIds: _ofAfter, ...source } = after.source;
  const classIds = classes.map((name) => classIdOf(after, name) ?? classIdOf(before, name));
  const known = classIds.filter((id) => id !== null);
  const all = known.length === classes.length ? { classIds: known } : {};
  return { ...after, id: before.id, classes, source: { ...source, ...all }, ...columns };
}

/** The number that a class had in the file; null where it had none. */
const classIdOf = ({ classes, source }: AnnotationSet, name: string): number | null =>
  source.classIds?.[classes.indexOf(name)] ?? null;

/** What a set says of the rows that it knows, with the classes of another list. */
function named(set: AnnotationSet, rows: Uint32Array, idOf: Uint32Array, classes: number): SetColumns {
  const first = new Uint32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) first[i + 1] = first[i]! + set.first[row + 1]! - set.first[row]!;
  // Rows that are not known have no instances, so those of the known ones follow each other.
  const { probabilities, scores, boxes, shapes } = set;
  const had = set.classes.length;
  let widened: Float32Array | null = null;
  if (probabilities) {
    widened = new Float32Array(set.classOf.length * classes);
    for (let at = 0; at < set.classOf.length; at++) {
      const given = !Number.isNaN(probabilities[at * had]!);
      if (!given) widened.fill(Number.NaN, at * classes, (at + 1) * classes);
      else for (let c = 0; c < had; c++) widened[at * classes + idOf[c]!] = probabilities[at * had + c]!;
    }
  }
  return {
    known: new Uint8Array(rows.length).fill(1),
    first,
    classOf: set.classOf.map((id) => idOf[id]!),
    scores,
    boxes,
    probabilities: widened,
    shapes,
  };
}

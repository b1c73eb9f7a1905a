import type { AnnotationSet, Shape } from "./annotationSet.ts";

/** What a set says of the images, without what it is called. */
export type SetColumns = Pick<
  AnnotationSet,
  "known" | "first" | "classOf" | "scores" | "boxes" | "probabilities" | "shapes"
>;

export const columnsOf = ({ known, first, classOf, scores, boxes, probabilities, shapes }: SetColumns): SetColumns => ({
  known,
  first,
  classOf,
  scores,
  boxes,
  probabilities,
  shapes,
});

/** Columns of `rows` rows that say nothing. */
export const emptyColumns = (rows: number): SetColumns => ({
  known: new Uint8Array(rows),
  first: new Uint32Array(rows + 1),
  classOf: new Uint32Array(0),
  scores: null,
  boxes: null,
  probabilities: null,
  shapes: null,
});

/** What is said of some rows, as columns of their own: their first row is `rows[0]` and so on. */
export const takeRows = (columns: SetColumns, rows: Uint32Array): SetColumns =>
  gathered(columns, emptyColumns(0), Int32Array.from(rows), widthOf(columns));

/**
 * The columns with what `own` says in the place of what they said of `rows`.
 * @param rows ascending, without repeats; `own` has one row for each of them
 * @param classes how many there are afterwards; a class that is new has the probability 0 elsewhere
 */
export function withRows(columns: SetColumns, rows: Uint32Array, own: SetColumns, classes: number): SetColumns {
  const last = rows.at(-1);
  const from = new Int32Array(Math.max(columns.known.length, last === undefined ? 0 : last + 1));
  for (let row = 0; row < from.length; row++) from[row] = row;
  for (const [i, row] of rows.entries()) from[row] = ~i;
  return gathered(columns, own, from, classes);
}

/** Numbers of probability an instance has; 0: there are none. */
const widthOf = ({ probabilities, classOf }: SetColumns): number =>
  probabilities && classOf.length > 0 ? probabilities.length / classOf.length : 0;

/** Rows of two sources: from `main` row `from[i]`, or where that is negative from `own` row `~from[i]`. */
function gathered(main: SetColumns, own: SetColumns, from: Int32Array, width: number): SetColumns {
  const sourceOf = (at: number): SetColumns => (at < 0 ? own : main);
  const rowOf = (at: number): number => (at < 0 ? ~at : at);
  const first = new Uint32Array(from.length + 1);
  for (const [row, at] of from.entries()) first[row + 1] = first[row]! + countOf(sourceOf(at), rowOf(at));
  const total = first[from.length]!;
  const has = (name: "scores" | "boxes" | "probabilities" | "shapes"): boolean =>
    main[name] !== null || own[name] !== null;
  const known = new Uint8Array(from.length);
  const classOf = new Uint32Array(total);
  const scores = has("scores") ? new Float32Array(total).fill(Number.NaN) : null;
  const boxes = has("boxes") ? new Float32Array(total * 4).fill(Number.NaN) : null;
  const probabilities = has("probabilities") ? new Float32Array(total * width).fill(Number.NaN) : null;
  const shapes: (Shape | null)[] | null = has("shapes") ? new Array(total).fill(null) : null;
  for (const [row, at] of from.entries()) {
    const source = sourceOf(at);
    const start = source.first[rowOf(at)] ?? 0;
    const end = start + countOf(source, rowOf(at));
    const to = first[row]!;
    known[row] = source.known[rowOf(at)] ?? 0;
    if (start === end) continue;
    classOf.set(source.classOf.subarray(start, end), to);
    if (source.scores) scores!.set(source.scores.subarray(start, end), to);
    if (source.boxes) boxes!.set(source.boxes.subarray(start * 4, end * 4), to * 4);
    if (source.shapes) for (let i = start; i < end; i++) shapes![to + i - start] = source.shapes[i]!;
    if (source.probabilities) {
      const had = widthOf(source);
      for (let i = start; i < end; i++) {
        const values = source.probabilities.subarray(i * had, i * had + Math.min(had, width));
        const place = (to + i - start) * width;
        if (!Number.isNaN(values[0])) probabilities!.fill(0, place, place + width);
        probabilities!.set(values, place);
      }
    }
  }
  return { known, first, classOf, scores, boxes, probabilities, shapes };
}

const countOf = ({ first }: SetColumns, row: number): number =>
  row + 1 < first.length ? first[row + 1]! - first[row]! : 0;

import type { AnnotationSet } from "../annotations/annotationSet.ts";
import { WinnowError } from "../errors.ts";
import type { Field } from "../explore/field.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Matrix } from "../matrix.ts";
import type { RowSet } from "../rowSet.ts";
import type { Task } from "../task.ts";
import { categoryCounts, classDistribution, scoreValues } from "./annotationData.ts";
import { fieldsOf } from "./inputFields.ts";
import type { ClassCounts, SelectionData } from "./problem.ts";

export interface FieldDataOptions {
  /** L2-normalised, rows × dim. */
  embeddings: Matrix;
  graph: (k: number) => Task<KnnGraph>;
  paths: readonly string[];
  /** What inputs can name: numbers for weights and thresholds, categories for balance. */
  fields: readonly Field[];
  /** What SCORES and PREDICTIONS can name as their task by id or name; absent: fields alone say what there is. */
  sets?: readonly AnnotationSet[];
  tags: ReadonlyMap<string, RowSet>;
}

/**
 * What the engine looks at, from a project's fields: METADATA keys are the fields' ids, a score is the field
 * `score:task/score`, the classes of a task are the field `prediction:task`, their counts are `count:task/class`.
 */
export function fieldData({ embeddings, graph, paths, fields, sets, tags }: FieldDataOptions): SelectionData {
  const { rows } = embeddings;
  return {
    rows,
    embeddings,
    graph,
    path: (row) => paths[row] ?? "",
    numbers: (input) => {
      if (sets && input.type === "SCORES") return filled(scoreValues(fields, sets, input.task, input.score), rows);
      if (sets && input.type === "PREDICTIONS") return filled(categoryCounts(sets, input.task, input.categories), rows);
      return numbersOf(fieldsOf(input, fields, "numbers"), rows);
    },
    classes: (input) =>
      sets && input.type === "PREDICTIONS"
        ? classDistribution(sets, input.task, rows)
        : classesOf(fieldsOf(input, fields, "classes")[0]!, rows),
    tagged: (name) => {
      const found = tags.get(name);
      if (found) return found.rows;
      throw new WinnowError("config", `There is no tag “${name}”. Tags are: ${[...tags.keys()].join(", ") || "none"}.`);
    },
  };
}

/** The sum of number fields by row; NaN where one has none. */
export function numbersOf(fields: readonly Field[], rows: number): Float64Array {
  const sums = new Float64Array(rows);
  for (const field of fields) {
    const values = field.kind === "number" ? field.values : [];
    for (let row = 0; row < rows; row++) sums[row] = sums[row]! + (values[row] ?? Number.NaN);
  }
  return sums;
}

/** NaN past the end. */
const filled = (values: ArrayLike<number>, rows: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => values[row] ?? Number.NaN);

/** Names that occur; a row of a sets field may have several. */
function classesOf(field: Field, rows: number): ClassCounts {
  if (field.kind === "number" || field.kind === "text") throw new WinnowError("internal", "no categories");
  const first = new Uint32Array(rows + 1);
  const ids: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (field.kind === "sets") {
      for (const [i, set] of field.sets.entries()) if (set.has(row)) ids.push(i);
    } else if ((field.ofRow[row] ?? -1) >= 0) ids.push(field.ofRow[row]!);
    first[row + 1] = ids.length;
  }
  const occurring = [...new Set(ids)].sort((a, b) => a - b);
  const place = new Map(occurring.map((id, i) => [id, i]));
  return {
    names: occurring.map((id) => field.names[id]!),
    first,
    classes: Uint32Array.from(ids, (id) => place.get(id)!),
    counts: new Float64Array(ids.length).fill(1),
  };
}

import type { AnnotationSet } from "../annotations/annotationSet.ts";
import { WinnowError } from "../errors.ts";
import type { Field } from "../explore/field.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Matrix } from "../matrix.ts";
import type { ObjectPoints } from "../objects/objectPoints.ts";
import type { RowSet } from "../rowSet.ts";
import type { Task } from "../task.ts";
import { categoryCounts, classDistribution } from "./annotationData.ts";
import { fieldsOf, setOfInput, setOfTask } from "./inputFields.ts";
import type { ClassCounts, SelectionData } from "./problem.ts";

export interface FieldDataOptions {
  /** L2-normalised, rows × dim. */
  embeddings: Matrix;
  graph: (k: number) => Task<KnnGraph>;
  paths: readonly string[];
  /** What inputs can name: numbers for weights and thresholds, categories for balance. */
  fields: readonly Field[];
  /** What PREDICTIONS go by before fields, and names of tasks. */
  sets?: readonly AnnotationSet[];
  /** Objects by the id of their set of annotations. Default none. */
  objects?: ReadonlyMap<string, ObjectPoints>;
  tags: ReadonlyMap<string, RowSet>;
}

/**
 * What the engine looks at, from a project's fields: METADATA keys are the fields' ids, a score is the field
 * `score:task/score`, the classes of a task are the field `prediction:task`, their counts are `count:task/class`.
 */
export function fieldData({
  embeddings,
  graph,
  paths,
  fields,
  sets = [],
  objects = new Map(),
  tags,
}: FieldDataOptions): SelectionData {
  const { rows } = embeddings;
  return {
    rows,
    embeddings,
    graph,
    path: (row) => paths[row] ?? "",
    numbers: (input) => numbersOf(input, fields, sets, rows),
    classes: (input) => {
      const set = setOfInput(input, sets);
      return set ? classDistribution(set, rows) : classesOf(fieldsOf(input, fields, "classes", sets)[0]!, rows);
    },
    objects: (task) => {
      const found = objects.get(setOfTask(sets, task)?.id ?? task);
      if (found && found.embeddings.rows > 0) return found;
      throw new WinnowError(
        "config",
        `the objects of “${task}” are not embedded. Embed them first: “Embed objects” of a set of boxes on the Labels panel.`,
      );
    },
    tagged: (name) => {
      const found = tags.get(name);
      if (found) return found.rows;
      throw new WinnowError("config", `There is no tag “${name}”. Tags are: ${[...tags.keys()].join(", ") || "none"}.`);
    },
  };
}

/**
 * What an input says of every image, NaN where it says nothing: the counts of a set, or the sum of its number fields.
 * @throws WinnowError `config` that lists what there is
 */
export function numbersOf(
  input: Parameters<SelectionData["numbers"]>[0],
  fields: readonly Field[],
  sets: readonly AnnotationSet[],
  rows: number,
): Float64Array {
  const set = setOfInput(input, sets);
  if (set && input.type === "PREDICTIONS") {
    const counts = categoryCounts(set, input.categories);
    return Float64Array.from({ length: rows }, (_, row) => counts[row] ?? Number.NaN);
  }
  const sums = new Float64Array(rows);
  for (const field of fieldsOf(input, fields, "numbers", sets)) {
    const values = field.kind === "number" ? field.values : [];
    for (let row = 0; row < rows; row++) sums[row] = sums[row]! + (values[row] ?? Number.NaN);
  }
  return sums;
}

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

import type { AnnotationSet } from "../annotations/annotationSet.ts";
import { metadataFieldId } from "../annotations/metadataField.ts";
import { WinnowError } from "../errors.ts";
import type { Field } from "../explore/field.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Matrix } from "../matrix.ts";
import type { RowSet } from "../rowSet.ts";
import type { Task } from "../task.ts";
import { categoryCounts, classDistribution, scoreValues } from "./annotationData.ts";
import type { SelectionInput } from "./config.ts";
import type { ClassCounts, SelectionData } from "./problem.ts";

export interface FieldDataOptions {
  /** L2-normalised, rows × dim. */
  embeddings: Matrix;
  graph: (k: number) => Task<KnnGraph>;
  /** By row. */
  paths: readonly string[];
  /** What METADATA can name: numbers for weights and thresholds, categories for balance. SCORES are among them too. */
  fields: readonly Field[];
  /** What PREDICTIONS can name as their task: labels and predictions by id or name. */
  sets?: readonly AnnotationSet[];
  tags: ReadonlyMap<string, RowSet>;
}

/** What the engine looks at, from a project's fields: METADATA keys are the fields' ids. */
export function fieldData({ embeddings, graph, paths, fields, sets = [], tags }: FieldDataOptions): SelectionData {
  const { rows } = embeddings;
  const fieldOf = (input: Extract<SelectionInput, { type: "METADATA" }>, kind: "numbers" | "classes"): Field => {
    const fitting = fields.filter((field) => (field.kind === "number" ? "numbers" : "classes") === kind);
    const found =
      fitting.find(({ id }) => id === input.key) ?? fitting.find(({ id }) => id === metadataFieldId(input.key));
    if (found) return found;
    const there = fitting.filter(({ kind }) => kind !== "text").map(({ id }) => id);
    const other = fields.some(({ id }) => id === input.key);
    const what = kind === "numbers" ? "number" : "category";
    throw new WinnowError(
      "config",
      `METADATA key “${input.key}” is ${other ? `no ${what}` : "not known"}. ${what === "number" ? "Numbers" : "Categories"} are: ${there.join(", ") || "none"}.`,
    );
  };
  const numbersOf = (input: Parameters<SelectionData["numbers"]>[0]): ArrayLike<number> => {
    if (input.type === "SCORES") return scoreValues(fields, sets, input.task, input.score);
    if (input.type === "PREDICTIONS") return categoryCounts(sets, input.task, input.categories);
    const field = fieldOf(input, "numbers");
    return field.kind === "number" ? field.values : [];
  };
  return {
    rows,
    embeddings,
    graph,
    path: (row) => paths[row] ?? "",
    numbers: (input) => {
      const values = numbersOf(input);
      return Float64Array.from({ length: rows }, (_, row) => values[row] ?? Number.NaN);
    },
    classes: (input) =>
      input.type === "PREDICTIONS"
        ? classDistribution(sets, input.task, rows)
        : classesOf(fieldOf(input, "classes"), rows),
    tagged: (name) => {
      const found = tags.get(name);
      if (found) return found.rows;
      throw new WinnowError("config", `There is no tag “${name}”. Tags are: ${[...tags.keys()].join(", ") || "none"}.`);
    },
  };
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

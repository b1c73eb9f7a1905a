import { WinnowError } from "../errors.ts";
import type { Field } from "../explore/field.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Matrix } from "../matrix.ts";
import type { RowSet } from "../rowSet.ts";
import type { Task } from "../task.ts";
import type { SelectionInput } from "./config.ts";
import type { ClassCounts, SelectionData } from "./problem.ts";

export interface FieldDataOptions {
  /** L2-normalised, rows × dim. */
  embeddings: Matrix;
  graph: (k: number) => Task<KnnGraph>;
  /** By row. */
  paths: readonly string[];
  /** What METADATA can name: numbers for weights and thresholds, categories for balance. */
  fields: readonly Field[];
  tags: ReadonlyMap<string, RowSet>;
}

/** What the engine looks at, from a project's fields: METADATA keys are the fields' ids. */
export function fieldData({ embeddings, graph, paths, fields, tags }: FieldDataOptions): SelectionData {
  const { rows } = embeddings;
  const fieldOf = (input: SelectionInput, kind: "numbers" | "classes"): Field => {
    if (input.type !== "METADATA") {
      throw new WinnowError(
        "config",
        `${input.type}: this project has no predictions yet, so there are none to select by.`,
      );
    }
    const fitting = fields.filter((field) => (field.kind === "number" ? "numbers" : "classes") === kind);
    const found = fitting.find(({ id }) => id === input.key);
    if (found) return found;
    const there = fitting.filter(({ kind }) => kind !== "text").map(({ id }) => id);
    const other = fields.some(({ id }) => id === input.key);
    const what = kind === "numbers" ? "number" : "category";
    throw new WinnowError(
      "config",
      `METADATA key “${input.key}” is ${other ? `no ${what}` : "not known"}. ${what === "number" ? "Numbers" : "Categories"} are: ${there.join(", ") || "none"}.`,
    );
  };
  return {
    rows,
    embeddings,
    graph,
    path: (row) => paths[row] ?? "",
    numbers: (input) => {
      const field = fieldOf(input, "numbers");
      const values = field.kind === "number" ? field.values : [];
      return Float64Array.from({ length: rows }, (_, row) => values[row] ?? Number.NaN);
    },
    classes: (input) => classesOf(fieldOf(input, "classes"), rows),
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

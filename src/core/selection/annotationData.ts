import { countsOfClasses } from "../annotations/annotationFields.ts";
import type { AnnotationSet } from "../annotations/annotationSet.ts";
import { scoreFieldId } from "../annotations/fieldIds.ts";
import { WinnowError } from "../errors.ts";
import type { Field } from "../explore/field.ts";
import type { ClassCounts } from "./problem.ts";

/**
 * The values of a score, a field `score:TASK/SCORE`.
 * @throws WinnowError `config` that says which tasks and scores there are
 */
export function scoreValues(
  fields: readonly Field[],
  sets: readonly AnnotationSet[],
  task: string,
  score: string,
): ArrayLike<number> {
  const ids = [task, ...sets.filter(({ name }) => name === task).map(({ id }) => id)];
  for (const id of ids) {
    const found = fields.find((field) => field.id === scoreFieldId(id, score));
    if (found?.kind === "number") return found.values;
  }
  const prefixes = ids.map((id) => scoreFieldId(id, ""));
  const scores = fields.flatMap(({ id }) =>
    prefixes.filter((prefix) => id.startsWith(prefix)).map((prefix) => id.slice(prefix.length)),
  );
  if (scores.length > 0) {
    throw new WinnowError("config", `Task “${task}” has no score “${score}”. Its scores are: ${scores.join(", ")}.`);
  }
  throw noTask("SCORES", sets, task);
}

/** How often each class occurs in each image: CLASS_DISTRIBUTION. */
export function classDistribution(sets: readonly AnnotationSet[], task: string, rows: number): ClassCounts {
  const set = setOf(sets, task);
  const first = new Uint32Array(rows + 1);
  const classes: number[] = [];
  const counts: number[] = [];
  for (let row = 0; row < rows; row++) {
    const own = new Map<number, number>();
    const end = set.first[Math.min(row + 1, set.known.length)]!;
    for (let at = set.first[Math.min(row, set.known.length)]!; at < end; at++) {
      own.set(set.classOf[at]!, (own.get(set.classOf[at]!) ?? 0) + 1);
    }
    for (const [id, count] of own) {
      classes.push(id);
      counts.push(count);
    }
    first[row + 1] = classes.length;
  }
  const occurring = [...new Set(classes)].sort((a, b) => a - b);
  const place = new Map(occurring.map((id, i) => [id, i]));
  return {
    names: occurring.map((id) => set.classes[id]!),
    first,
    classes: Uint32Array.from(classes, (id) => place.get(id)!),
    counts: Float64Array.from(counts),
  };
}

/** How many objects of some classes, or of all, each image has: CATEGORY_COUNT. */
export function categoryCounts(
  sets: readonly AnnotationSet[],
  task: string,
  categories?: readonly string[],
): Float32Array {
  const set = setOf(sets, task);
  const ids = (categories ?? set.classes).map((name) => {
    const id = set.classes.indexOf(name);
    if (id >= 0) return id;
    const some = set.classes.slice(0, 20).join(", ");
    throw new WinnowError("config", `Task “${task}” has no class “${name}”. Its classes are: ${some || "none"}.`);
  });
  return countsOfClasses(set, ids);
}

function setOf(sets: readonly AnnotationSet[], task: string): AnnotationSet {
  const found = sets.find(({ id }) => id === task) ?? sets.find(({ name }) => name === task);
  if (found) return found;
  throw noTask("PREDICTIONS", sets, task);
}

const noTask = (input: string, sets: readonly AnnotationSet[], task: string): WinnowError =>
  new WinnowError(
    "config",
    sets.length === 0
      ? `${input}: this project has no predictions yet, so there are none to select by. Import some first.`
      : `${input}: there is no task “${task}”. Tasks are: ${sets.map(({ id }) => id).join(", ")}.`,
  );

import { countsOfClasses } from "../annotations/annotationFields.ts";
import type { AnnotationSet } from "../annotations/annotationSet.ts";
import type { ClassCounts } from "./problem.ts";

/** How often each class occurs in each image: CLASS_DISTRIBUTION. */
export function classDistribution(set: AnnotationSet, rows: number): ClassCounts {
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

/** How many objects of some classes, or of all, each image has: CATEGORY_COUNT. Every category is one of the set. */
export function categoryCounts(set: AnnotationSet, categories?: readonly string[]): Float32Array {
  return countsOfClasses(
    set,
    (categories ?? set.classes).map((name) => set.classes.indexOf(name)),
  );
}

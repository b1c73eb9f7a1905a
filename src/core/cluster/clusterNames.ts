import type { Predictions } from "../classifier/predictions.ts";
import { keptClasses } from "../classifier/predictions.ts";

/** A second class joins a cluster's name when it tells as much as this share of the first. */
const secondShare = 0.35;

/**
 * A name for every cluster: the one or two classes that it shows most and that tell it from the other images, by
 * p · ln(p / q), where p is a class's mean probability in the cluster and q that in all images. Clusters with the
 * same name are numbered.
 * @param clusterOf by row; −1 for none
 * @param predictions of the same rows
 */
export function clusterNames(
  clusterOf: Int32Array,
  clusters: number,
  { classes, scores }: Predictions,
  names: readonly string[],
): string[] {
  const everywhere = new Float64Array(names.length);
  const within = Array.from({ length: clusters }, () => new Map<number, number>());
  const sizes = new Uint32Array(clusters);
  for (let row = 0; row < clusterOf.length; row++) {
    const cluster = clusterOf[row]!;
    if (cluster >= 0) sizes[cluster] = sizes[cluster]! + 1;
    for (let i = row * keptClasses; i < (row + 1) * keptClasses; i++) {
      const c = classes[i]!;
      everywhere[c] = everywhere[c]! + scores[i]!;
      if (cluster >= 0) within[cluster]!.set(c, (within[cluster]!.get(c) ?? 0) + scores[i]!);
    }
  }
  const seen = new Map<string, number>();
  return within.map((sums, cluster) => {
    const telling = [...sums]
      .map(([c, sum]) => {
        const p = sum / sizes[cluster]!;
        const q = everywhere[c]! / Math.max(1, clusterOf.length);
        return { c, p, worth: p * Math.log(p / q) };
      })
      .sort((a, b) => b.worth - a.worth || b.p - a.p || a.c - b.c);
    const [best, second] = telling;
    const words = best === undefined ? ["cluster"] : [names[best.c]!];
    if (best && second && second.worth >= secondShare * best.worth) words.push(names[second.c]!);
    const name = words.join(", ");
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  });
}

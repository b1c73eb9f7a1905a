import type { DuplicatePairs } from "./duplicatePairs.ts";
import { UnionFind } from "./unionFind.ts";

/** Among ordinary photographs nothing but duplicates lies nearer than this. */
const largestThreshold = 0.32;
/** Uniform images all lie close together: there only what is much nearer than usual is a duplicate. */
const shareOfUsual = 0.5;
/** Hashes this near are enough alone. */
const sameHash = 2;
/** Hashes this near, of images that are also within 1.2 times the threshold. */
const likeHash = 8;
const withLikeHash = 1.2;

/** Strictness that a person can choose: distances of √features under which images are duplicates. */
export const strictestThreshold = 0.1;
export const loosestThreshold = 0.5;

/**
 * The distance under which rows count as near duplicates unless a person says otherwise: half the usual distance to
 * the nearest neighbour, at most 0.32.
 */
export const duplicateThreshold = ({ usualNearest }: DuplicatePairs): number =>
  Number.isNaN(usualNearest) ? largestThreshold : Math.min(largestThreshold, shareOfUsual * usualNearest);

/**
 * Groups of near duplicates (specs/quality.md): rows that hang together by pairs with a distance of √features under the
 * threshold, or with DCT hashes within 2 bits, or within 8 bits and under 1.2 times the threshold. Pairs at distance 0
 * always do. A million pairs take some tens of milliseconds.
 * @param same groups that are duplicates whatever the threshold: equal bytes or pixels
 * @returns groups of two and more: rows ascending, the largest group first, of equals the one with the lowest row
 */
export function nearDuplicates(
  pairs: DuplicatePairs,
  { threshold = duplicateThreshold(pairs), same = [] }: { threshold?: number; same?: readonly Uint32Array[] } = {},
): Uint32Array[] {
  const sets = new UnionFind(pairs.rows);
  for (const group of same) for (const row of group) sets.join(group[0]!, row);
  for (let i = 0; i < pairs.a.length; i++) {
    const distance = pairs.distances[i]!;
    const bits = pairs.bits[i]!;
    const alike =
      distance < threshold ||
      distance === 0 ||
      bits <= sameHash ||
      (bits <= likeHash && distance < withLikeHash * threshold);
    if (alike) sets.join(pairs.a[i]!, pairs.b[i]!);
  }
  return sets.groups();
}

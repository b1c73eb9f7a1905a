import { UnionFind } from "../cluster/unionFind.ts";
import type { ImageTable } from "../imageTable.ts";
import { RowTable } from "../rowTable.ts";

/**
 * Groups of images that are the same: equal bytes, or equal pixels and size whatever the file.
 * @returns groups of two and more: rows ascending, the largest group first, of equals the one with the lowest row
 */
export function exactDuplicates(images: ImageTable): Uint32Array[] {
  const { length: rows, measures } = images;
  const sets = new UnionFind(rows);
  const { sha256s } = images;
  joinEqual(sets, rows, {
    has: (row) => sha256s.isKnown(row),
    hash: (row) => sha256s.firstWord(row),
    same: (a, b) => sha256s.equal(a, b),
  });
  const [high, low] = measures.pixelHashes(rows);
  joinEqual(sets, rows, {
    has: (row) => measures.has(row),
    hash: (row) => low[row]!,
    same: (a, b) => low[a] === low[b] && high[a] === high[b],
  });
  return sets.groups();
}

/** 1 / size of a row's group by row, 1 where it is in none. */
export function groupScores(groups: readonly Uint32Array[], rows: number): Float32Array {
  const scores = new Float32Array(rows).fill(1);
  for (const group of groups) for (const row of group) scores[row] = 1 / group.length;
  return scores;
}

interface Keys {
  has(row: number): boolean;
  /** 32 bits that are equal for equal keys. */
  hash(row: number): number;
  same(a: number, b: number): boolean;
}

/** Joins each row with the first one of an equal key. */
function joinEqual(sets: UnionFind, rows: number, { has, hash, same }: Keys): void {
  const table = new RowTable(rows, hash);
  for (let row = 0; row < rows; row++) {
    if (!has(row)) continue;
    const first = table.add(row, (other) => same(other, row));
    if (first !== row) sets.join(first, row);
  }
}

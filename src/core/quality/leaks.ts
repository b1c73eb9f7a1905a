import { UnionFind } from "../cluster/unionFind.ts";
import type { Field } from "../explore/field.ts";

/** The parts that a collection is split into for training and testing. */
export interface Splits {
  names: readonly string[];
  /** Index into `names` by row; −1 for an image that is in none. */
  ofRow: Int32Array;
}

/** Duplicates on both sides of a split: what was learned by heart passes for what was understood. */
export interface Leaks {
  splits: Splits;
  /** names × names, symmetric: how many groups of duplicates have images in both; on the diagonal, all groups of one. */
  table: Uint32Array;
  /** The groups that span splits: those that were given, and what {@link leaksAmong} finds between them. */
  groups: readonly Uint32Array[];
  /** Their rows, ascending. */
  rows: Uint32Array;
}

/** What people call the parts, by how the name begins: “train2017”, “val_images”. */
const known: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["train", /^train(ing|set|data)?(?![a-z])/i],
  ["validation", /^(val|valid|validation|dev|devel)(set|data)?(?![a-z])/i],
  ["test", /^(test|testing|holdout|hold[-_ ]out|eval|evaluation)(set|data)?(?![a-z])/i],
];

/** “train”, “validation” or “test” for a folder or tag that is called so; null for any other name. */
export const splitNamed = (name: string): string | null => known.find(([, pattern]) => pattern.test(name))?.[0] ?? null;

/** The split that a path names in one of its folders, the outermost that does. */
function splitOfPath(path: string): string | null {
  const folders = path.split("/").slice(0, -1);
  for (const folder of folders) {
    const split = splitNamed(folder);
    if (split !== null) return split;
  }
  return null;
}

/** The splits that folders are called after; null when there are not two. */
export const splitsOfPaths = (paths: readonly string[]): Splits | null => indexed(paths.map(splitOfPath));

/**
 * The splits that a person names: every value of a category, every folder, or of tags those that are called after a
 * split, or all of them when none is. An image with several has the first. Null when there are not two.
 */
export function splitsOfField(field: Field, rows: number): Splits | null {
  if (field.kind === "category" || field.kind === "tree") {
    return indexed(
      Array.from({ length: rows }, (_, row) => {
        const value = field.ofRow[row] ?? -1;
        return value < 0 ? null : field.names[value]!;
      }),
    );
  }
  if (field.kind !== "sets") return null;
  const named = field.names.map(splitNamed);
  const any = named.some((name) => name !== null);
  const names = field.names.map((name, i) => (any ? named[i]! : name));
  return indexed(
    Array.from(
      { length: rows },
      (_, row) => names[field.sets.findIndex((set, i) => names[i] !== null && set.has(row))] ?? null,
    ),
  );
}

/**
 * @param groups duplicates: rows of each
 * @param pairs duplicates too: where two of different groups are in different splits, that is a leak that no group shows
 */
export function leaksAmong(
  groups: readonly Uint32Array[],
  pairs: { a: Uint32Array; b: Uint32Array },
  splits: Splits,
): Leaks {
  const count = splits.names.length;
  const table = new Uint32Array(count * count);
  const spanning: Uint32Array[] = [];
  const take = (group: Uint32Array): void => {
    const inside = [...new Set(Array.from(group, (row) => splits.ofRow[row] ?? -1))].filter((split) => split >= 0);
    for (const one of inside) for (const other of inside) table[one * count + other]!++;
    if (inside.length > 1) spanning.push(group);
  };
  for (const group of groups) take(group);
  for (const group of linksBetween(groups, pairs, splits)) take(group);
  const rows = Uint32Array.from(new Set(spanning.flatMap((group) => [...group]))).sort();
  return { splits, table, groups: spanning, rows };
}

/** What hangs together by pairs of different groups and different splits. */
function linksBetween(
  groups: readonly Uint32Array[],
  { a, b }: { a: Uint32Array; b: Uint32Array },
  { ofRow }: Splits,
): Uint32Array[] {
  const groupOf = new Map<number, number>();
  for (const [i, group] of groups.entries()) for (const row of group) groupOf.set(row, i);
  const sets = new UnionFind(ofRow.length);
  for (let i = 0; i < a.length; i++) {
    const [one, other] = [ofRow[a[i]!] ?? -1, ofRow[b[i]!] ?? -1];
    if (one < 0 || other < 0 || one === other || groupOf.get(a[i]!) === groupOf.get(b[i]!)) continue;
    sets.join(a[i]!, b[i]!);
  }
  return sets.groups();
}

function indexed(ofRow: readonly (string | null)[]): Splits | null {
  const order = new Map(known.map(([name], place) => [name, place]));
  const found = [...new Set(ofRow)].filter((name) => name !== null);
  // Train before test; other names in the order of people.
  const names = found.sort(
    (a, b) => (order.get(a) ?? 9) - (order.get(b) ?? 9) || a.localeCompare(b, "en", { numeric: true }),
  );
  if (names.length < 2) return null;
  const place = new Map(names.map((name, i) => [name, i]));
  return { names, ofRow: Int32Array.from(ofRow, (name) => (name === null ? -1 : place.get(name)!)) };
}

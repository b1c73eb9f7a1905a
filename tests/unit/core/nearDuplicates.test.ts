import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DuplicatePairs, duplicatePairs, noBits } from "../../../src/core/cluster/duplicatePairs.ts";
import { differingBits, hashPairs, type ImageHashes } from "../../../src/core/cluster/hashPairs.ts";
import { duplicateThreshold, nearDuplicates } from "../../../src/core/cluster/nearDuplicates.ts";
import { UnionFind } from "../../../src/core/cluster/unionFind.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import type { Features } from "../../../src/core/linalg/adapt.ts";
import { matrix, normaliseRows } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { type Drive, runToEnd } from "../../../src/core/task.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";

/** Connected components by spreading labels until nothing changes, in the order that is promised. */
function components(n: number, edges: readonly (readonly [number, number])[]): number[][] {
  const label = Array.from({ length: n }, (_, i) => i);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [a, b] of edges) {
      const low = Math.min(label[a]!, label[b]!);
      if (label[a] !== low || label[b] !== low) changed = true;
      label[a] = low;
      label[b] = low;
    }
  }
  const groups = label.map((_, i) => label.flatMap((own, row) => (own === i ? [row] : [])));
  return groups.filter((group) => group.length > 1).sort((a, b) => b.length - a.length || a[0]! - b[0]!);
}

const lists = (groups: Uint32Array[]): number[][] => groups.map((group) => [...group]);

describe("UnionFind", () => {
  it("has the connected components, largest first", () => {
    const graph = fc
      .integer({ min: 1, max: 30 })
      .chain((n) => fc.tuple(fc.constant(n), fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 30 })));
    fc.assert(
      fc.property(graph, ([n, edges]) => {
        const sets = new UnionFind(n);
        for (const [a, b] of edges) sets.join(a, b);
        const wanted = components(n, edges);
        expect(lists(sets.groups())).toEqual(wanted);
        for (const group of wanted) for (const row of group) expect(sets.find(row)).toBe(sets.find(group[0]!));
      }),
      { numRuns: 300 },
    );
  });

  it("is empty for nothing", () => expect(new UnionFind(0).groups()).toEqual([]));
});

/** Pairs with these distances and no hashes. */
const pairsOf = (
  rows: number,
  list: readonly (readonly [a: number, b: number, distance: number, bits?: number])[],
  usualNearest = 1,
): DuplicatePairs => ({
  rows,
  a: Uint32Array.from(list, ([a]) => a),
  b: Uint32Array.from(list, ([, b]) => b),
  distances: Float32Array.from(list, ([, , distance]) => distance),
  bits: Uint8Array.from(list, ([, , , bits = noBits]) => bits),
  usualNearest,
});

describe("near duplicates", () => {
  const pair = fc
    .tuple(fc.nat(29), fc.nat(29), fc.float({ min: 0, max: 1, noNaN: true }), fc.nat(noBits))
    .filter(([a, b]) => a !== b);
  const some = fc.tuple(
    fc.array(pair, { maxLength: 60 }),
    fc.double({ min: 0.1, max: 0.5, noNaN: true }),
    fc.subarray([1, 4, 9, 16, 25]),
  );

  /** The definition, word by word, slowly. */
  function grouped(list: readonly (readonly [number, number, number, number])[], t: number, same: readonly number[]) {
    const longest = Math.fround(t);
    const links = list.flatMap(([a, b, d, bits]) => {
      const distance = Math.fround(d);
      const alike = distance === 0 || distance < t || bits <= 2 || (bits <= 8 && distance < 1.2 * t);
      return alike ? [[a, b, Math.min(distance, longest)] as const] : [];
    });
    for (const row of same.slice(1)) links.push([same[0]!, row, 0]);
    const between = links.flatMap(([a, b, length]) => [
      { a, b, length },
      { a: b, b: a, length },
    ]);
    const ofRow = (row: number) => between.filter(({ a }) => a === row);
    const order = Array.from({ length: 30 }, (_, row) => row).sort(
      (x, y) => ofRow(y).length - ofRow(x).length || x - y,
    );
    const groupOf = new Map<number, number>();
    const groups: number[][] = [];
    for (const centre of order) {
      if (groupOf.has(centre)) continue;
      const chains = new Map([[centre, 0]]);
      for (let changed = true; changed; ) {
        changed = false;
        for (const { a, b, length } of between) {
          const chain = (chains.get(a) ?? Number.POSITIVE_INFINITY) + length;
          if (groupOf.has(b) || chain > longest || chain >= (chains.get(b) ?? Number.POSITIVE_INFINITY)) continue;
          chains.set(b, chain);
          changed = true;
        }
      }
      if (chains.size < 2) continue;
      for (const row of chains.keys()) groupOf.set(row, groups.length);
      groups.push([...chains.keys()]);
    }
    const left = order.filter((row) => !groupOf.has(row) && ofRow(row).length > 0);
    for (const row of left) {
      const near = ofRow(row).filter(({ b }) => groupOf.has(b));
      near.sort((x, y) => x.length - y.length || x.b - y.b);
      groups[groupOf.get(near[0]!.b)!]!.push(row);
    }
    return { links, groups: groups.map((rows) => rows.sort((x, y) => x - y)) };
  }

  it("are grouped around the rows with the most alike, and none is left out", () => {
    fc.assert(
      fc.property(some, ([list, threshold, same]) => {
        const { links, groups } = grouped(list, threshold, same);
        const options = { threshold, same: same.length > 1 ? [Uint32Array.from(same)] : [] };
        const found = lists(nearDuplicates(pairsOf(30, list), options));
        expect(found).toEqual(groups.sort((x, y) => y.length - x.length || x[0]! - y[0]!));
        expect(found.flat().sort()).toEqual([...new Set(links.flatMap((link) => link.slice(0, 2)))].sort());
        if (same.length > 1) expect(found.filter((group) => group.some((row) => same.includes(row)))).toHaveLength(1);
        // Never beyond what pairs connect.
        for (const group of found) {
          expect(
            components(
              30,
              links.map(([a, b]) => [a, b] as const),
            ).some((all) => group.every((row) => all.includes(row))),
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("do not hang together by a long chain, but do by a short one", () => {
    const chain = (length: number) => Array.from({ length: 20 }, (_, i) => [i, i + 1, length] as const);
    expect(lists(nearDuplicates(pairsOf(21, chain(0.01)), { threshold: 0.3 }))).toHaveLength(1);
    const parted = lists(nearDuplicates(pairsOf(21, chain(0.2)), { threshold: 0.3 }));
    expect(Math.max(...parted.map(({ length }) => length))).toBeLessThanOrEqual(4);
    expect(parted.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, i) => i));
  });

  it("join what is the same by its bytes whatever the threshold", () => {
    const pairs = pairsOf(8, [
      [0, 2, 0.2],
      [2, 4, 0.2],
      [6, 7, 0.1],
    ]);
    expect(lists(nearDuplicates(pairs, { threshold: 0.15, same: [Uint32Array.of(1, 5, 7)] }))).toEqual([[1, 5, 6, 7]]);
    expect(lists(nearDuplicates(pairs, { threshold: 0.25 }))).toEqual([
      [0, 2, 4],
      [6, 7],
    ]);
  });

  it("have a threshold of half the median nearest distance, at most 0.32", () => {
    expect(duplicateThreshold(pairsOf(2, [], 0.3))).toBeCloseTo(0.15, 6);
    expect(duplicateThreshold(pairsOf(2, [], 0.9))).toBe(0.32);
    expect(duplicateThreshold(pairsOf(1, [], Number.NaN))).toBe(0.32);
  });
});

describe("pairs of almost equal hashes", () => {
  const hash = fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff));
  it("are all pairs that differ in two bits at most, whichever bits", () => {
    const flips = fc.array(fc.nat(63), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(hash, { minLength: 1, maxLength: 4 }), fc.array(flips, { maxLength: 12 }), (seeds, all) => {
        const list = all.map((bits, i) => {
          const words = [...seeds[i % seeds.length]!];
          for (const bit of bits) words[bit >> 5] = (words[bit >> 5]! ^ (1 << (bit & 31))) >>> 0;
          return words;
        });
        const words = [0, 1].map((half) => Uint32Array.from(list, (own) => own[half]!)) as [Uint32Array, Uint32Array];
        const hashes: ImageHashes = { words, usable: Uint8Array.from(list, (_, row) => (row % 5 === 4 ? 0 : 1)) };
        const wanted: number[][] = [];
        for (let a = 0; a < list.length; a++) {
          for (let b = a + 1; b < list.length; b++) {
            const differ = [0, 1].map((half) => (list[a]![half]! ^ list[b]![half]!) >>> 0);
            const bits = differ.map((word) => word.toString(2).replaceAll("0", "").length);
            expect(differingBits(hashes, a, b)).toBe(bits[0]! + bits[1]!);
            if (bits[0]! + bits[1]! <= 2 && hashes.usable[a] && hashes.usable[b]) wanted.push([a, b]);
          }
        }
        const found = hashPairs(hashes);
        const pairs = Array.from({ length: found.length / 2 }, (_, i) => [found[2 * i]!, found[2 * i + 1]!]);
        expect(pairs.sort(([a, b], [c, d]) => a! - c! || b! - d!)).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });
});

describe("pairs that could be duplicates", () => {
  const noHashes = (rows: number): ImageHashes => ({
    words: [new Uint32Array(rows), new Uint32Array(rows)],
    usable: new Uint8Array(rows),
  });
  const drive: Drive = async (task) => runToEnd(task);
  /** Features, some of them almost copies of others, in chunks of 7. */
  const featuresOf = (values: Float32Array, cols: number, signed = false): Features => ({
    total: values.length / cols,
    signed,
    complete: true,
    async *chunks() {
      for (let firstRow = 0; firstRow * cols < values.length; firstRow += 7) {
        const data = values.subarray(firstRow * cols, (firstRow + 7) * cols);
        yield { firstRow, rows: data.length / cols, cols, data };
      }
    },
  });
  const random = new Random(3);
  const [rows, cols] = [60, 24];
  const values = Float32Array.from({ length: rows * cols }, () => random.float() ** 3);
  for (let row = 40; row < rows; row++) {
    for (let c = 0; c < cols; c++) values[row * cols + c] = values[(row - 40) * cols + c]! * (1 + 0.4 * random.float());
  }
  const roots = normaliseRows(matrix(values.map(Math.sqrt), rows, cols));
  const graph = runToEnd(knnGraph(wasmKernels, roots, 20));
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let c = 0; c < cols; c++) sum += (roots.data[a * cols + c]! - roots.data[b * cols + c]!) ** 2;
    return Math.sqrt(sum);
  };

  it("are those within 0.6, with the exact distances of the roots, and the usual distance to the nearest", async () => {
    const pairs = await duplicatePairs({ graph, features: featuresOf(values, cols), hashes: noHashes(rows) }, drive);
    const wanted: number[][] = [];
    const near = Array.from({ length: rows }, (_, a) => {
      for (let b = a + 1; b < rows; b++) {
        if (
          distance(a, b) < 0.6 &&
          [a, b].some((row) => graph.indices.subarray(row * 20, row * 20 + 20).includes(row === a ? b : a))
        )
          wanted.push([a, b]);
      }
      const others = Array.from({ length: rows }, (_, b) => b).filter((b) => b !== a);
      return others.map((b) => distance(a, b)).sort((x, y) => x - y);
    });
    const median = (place: number): number => {
      const values = near.map((list) => list[place]!).sort((x, y) => x - y);
      return (values[29]! + values[30]!) / 2;
    };
    expect(Array.from(pairs!.a, (a, i) => [a, pairs!.b[i]!])).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(20);
    for (const [i, d] of pairs!.distances.entries()) expect(d).toBeCloseTo(distance(pairs!.a[i]!, pairs!.b[i]!), 3);
    expect(pairs!.usualNearest).toBeCloseTo(Math.max(median(0), 0.8 * median(9)), 3);
    expect([...pairs!.bits].every((bits) => bits === noBits)).toBe(true);
  });

  it("do not take copies for the usual distance, where most images have one", async () => {
    const usual = async (copies: number): Promise<number> => {
      const some = new Random(8);
      const originals = Float32Array.from({ length: 40 * cols }, () => some.float() ** 3);
      const all = new Float32Array(originals.length * (copies + 1));
      for (let i = 0; i <= copies; i++) {
        const copy = originals.map((value) => value * (1 + 0.01 * i * some.float()));
        all.set(copy, i * originals.length);
      }
      const points = normaliseRows(matrix(all.map(Math.sqrt), all.length / cols, cols));
      const among = runToEnd(knnGraph(wasmKernels, points, 20));
      const sources = { graph: among, features: featuresOf(all, cols), hashes: noHashes(points.rows) };
      return (await duplicatePairs(sources, drive))!.usualNearest;
    };
    const without = await usual(0);
    expect(await usual(3)).toBeGreaterThan(0.7 * without);
    expect(await usual(3)).toBeLessThan(1.2 * without);
  });

  it("hold pairs that only their hashes show, and equal features are at distance 0", async () => {
    const hashes = noHashes(rows);
    hashes.usable.fill(1);
    for (let row = 0; row < rows; row++) hashes.words[0][row] = Math.imul(row + 1, 0x9e3779b1);
    hashes.words[0][33] = hashes.words[0][2]! ^ 1;
    const same = values.slice();
    same.copyWithin(9 * cols, 5 * cols, 6 * cols);
    const pairs = await duplicatePairs({ graph, features: featuresOf(same, cols), hashes }, drive);
    const at = pairs!.a.findIndex((a, i) => a === 2 && pairs!.b[i] === 33);
    expect(pairs!.bits[at]).toBe(1);
    expect(lists(nearDuplicates(pairs!, { threshold: 0 }))).toContainEqual([2, 33]);
  });

  it("are unknown without features, and none for one image", async () => {
    const none = featuresOf(new Float32Array(0), cols);
    const without = {
      ...none,
      async *chunks() {
        yield { firstRow: 0, rows, cols: 0, data: new Float32Array(0) };
      },
    };
    expect(await duplicatePairs({ graph, features: without, hashes: noHashes(rows) }, drive)).toBeNull();
    const alone = runToEnd(knnGraph(wasmKernels, matrix(Float32Array.of(1, 0), 1, 2), 20));
    const one = featuresOf(Float32Array.of(1, 2), 2);
    const pairs = await duplicatePairs({ graph: alone, features: one, hashes: noHashes(1) }, drive);
    expect([pairs!.a.length, pairs!.usualNearest]).toEqual([0, Number.NaN]);
  });
});

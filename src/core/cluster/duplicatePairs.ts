import type { KnnGraph } from "../knn/knnGraph.ts";
import { decoded, type Features } from "../linalg/adapt.ts";
import { quantiles } from "../quantiles.ts";
import { Random } from "../random.ts";
import type { Drive, Task } from "../task.ts";
import { differingBits, hashPairs, type ImageHashes } from "./hashPairs.ts";

/** Pairs of rows that are duplicates under some strictness, with all that decides it. */
export interface DuplicatePairs {
  rows: number;
  /** The lower and the higher row of each pair. */
  a: Uint32Array;
  b: Uint32Array;
  /** Euclidean distance of the √features, scaled to length 1: 0…2. */
  distances: Float32Array;
  /** Bits in which the DCT hashes differ, 0…64; {@link noBits} where one of them says nothing. */
  bits: Uint8Array;
  /**
   * How far an image usually is from its nearest neighbour that is no copy of it: see {@link usualNearest}. NaN without
   * neighbours.
   */
  usualNearest: number;
}

/** More than any hash differs by. */
export const noBits = 65;

/**
 * The largest distance that a person can ask for is 0.5, and with like hashes 1.2 times that. Of 713 photographs and
 * 900 altered copies of them, all copies within 0.5 were within 0.48 in the embedding, and among the 20 nearest.
 */
const largestEmbeddingDistance = 0.65;
const largestDistance = 0.6;
/** Rows whose features are held at once, 2 bytes a number: 256 MB of the bundled model's. */
const mostRowsHeld = 100_000;
/** See {@link usualNearest}. */
const shareOfTenth = 0.8;
/** A share of rows whose nearest neighbour is looked up: the median is known to a few per cent. */
const sampledRows = 1_000;
/** Reading so many rows one by one takes as long as reading as many times 50 in their chunks. */
const chunkWorth = 50;
/** Products of two rows between two reports of progress. */
const pairsPerStep = 2_000;
/** Features of a row are held as 16-bit numbers. */
const fullScale = 32_767;

export interface PairSources {
  /** Of the embedding: near duplicates are among the neighbours of an image. */
  graph: KnnGraph;
  features: Features;
  hashes: ImageHashes;
}

/**
 * The pairs of a project that rows were added to: those of `before`, and those with a new row, found as
 * {@link duplicatePairs} finds them. Only the features of the latter are read.
 * @param before of the first rows of the same project
 */
export async function addedPairs(
  { graph, features, hashes }: PairSources,
  before: DuplicatePairs,
  drive: Drive,
): Promise<DuplicatePairs | null> {
  const found = await comparedPairs({ graph, features, hashes }, candidatePairs(graph, hashes, before.rows), [], drive);
  if (found === null) return null;
  const { pairs } = found;
  const joined = <T extends Uint32Array | Float32Array | Uint8Array>(to: T, first: T, second: T): T => {
    to.set(first);
    to.set(second, first.length);
    return to;
  };
  const length = before.a.length + pairs.a.length;
  return {
    rows: graph.rows,
    a: joined(new Uint32Array(length), before.a, pairs.a),
    b: joined(new Uint32Array(length), before.b, pairs.b),
    distances: joined(new Float32Array(length), before.distances, pairs.distances),
    bits: joined(new Uint8Array(length), before.bits, pairs.bits),
    usualNearest: before.usualNearest,
  };
}

/**
 * All pairs of images that could be near duplicates, so that another strictness only needs {@link nearDuplicates}.
 * Candidates are the short edges of the kNN graph and the pairs with almost equal hashes; only their features are read,
 * in one pass. Where more than 100,000 images have short edges, the shortest ones count.
 * @returns null for a project that came without its features
 */
export async function duplicatePairs(
  { graph, features, hashes }: PairSources,
  drive: Drive,
): Promise<DuplicatePairs | null> {
  const { rows, k } = graph;
  const sample = new Random(1).sample(rows, sampledRows);
  const measured = Array.from(sample, (row) => [row, ...graph.indices.subarray(row * k, (row + 1) * k)]);
  const found = await comparedPairs(
    { graph, features, hashes },
    candidatePairs(graph, hashes, 0),
    measured.flat(),
    drive,
  );
  if (found === null) return null;
  const near = measured.map(([row = 0, ...others]) =>
    Float64Array.from(others, (other) => found.held.distance(row, other)).sort(),
  );
  return { ...found.pairs, rows, usualNearest: usualNearest(near) };
}

/** Measures candidates and keeps those that are near; null where there are no features. */
async function comparedPairs(
  { graph, features, hashes }: PairSources,
  { a, b }: Pick<DuplicatePairs, "a" | "b">,
  others: readonly number[],
  drive: Drive,
): Promise<{ pairs: Pick<DuplicatePairs, "a" | "b" | "distances" | "bits">; held: HeldFeatures } | null> {
  const held = await heldFeatures(features, graph.rows, [others, a, b]);
  if (held === null) return null;
  const distances = await drive(distancesOf(held, a, b));
  const bits = Uint8Array.from(a, (row, i) =>
    hashes.usable[row] === 1 && hashes.usable[b[i]!] === 1 ? differingBits(hashes, row, b[i]!) : noBits,
  );
  const kept = Uint32Array.from(a.keys()).filter((i) => distances[i]! < largestDistance || bits[i]! <= 2);
  const pairs = {
    a: kept.map((i) => a[i]!),
    b: kept.map((i) => b[i]!),
    distances: Float32Array.from(kept, (i) => distances[i]!),
    bits: Uint8Array.from(kept, (i) => bits[i]!),
  };
  return { pairs, held };
}

/**
 * The median distance to the nearest neighbour, or 0.8 times that to the tenth where that is more. On photographs and
 * on drawn digits the first is 0.85 to 0.88 of the second, so this is the median of the nearest; but where most images
 * have copies, whose distance says nothing of the others, the tenth still does.
 * @param near of some rows the distances to their neighbours, ascending
 */
function usualNearest(near: readonly Float64Array[]): number {
  const median = (place: number): number => {
    const values = near.flatMap((list) => (list.length > place ? [list[place]!] : []));
    return quantiles(Float64Array.from(values), [0.5])[0]!;
  };
  const [first, tenth] = [median(0), shareOfTenth * median(9)];
  return Number.isNaN(tenth) ? first : Math.max(first, tenth);
}

/** Each pair once. @param from pairs of two rows before it are left out */
function candidatePairs(graph: KnnGraph, hashes: ImageHashes, from: number): { a: Uint32Array; b: Uint32Array } {
  const { rows, k, indices, distances } = graph;
  const cut = longestEdge(graph);
  const pairs = new Set<number>();
  const add = (one: number, other: number): void => {
    if (one < from && other < from) return;
    pairs.add(Math.min(one, other) * rows + Math.max(one, other));
  };
  for (let row = 0; row < rows; row++) {
    for (let n = row * k; n < (row + 1) * k && distances[n]! < cut; n++) add(row, indices[n]!);
  }
  const alike = hashPairs(hashes);
  for (let i = 0; i < alike.length; i += 2) add(alike[i]!, alike[i + 1]!);
  const all = Float64Array.from(pairs).sort();
  return {
    a: Uint32Array.from(all, (pair) => Math.floor(pair / rows)),
    b: Uint32Array.from(all, (pair) => pair % rows),
  };
}

/** The length under which edges count, so that no more rows have one than can be held. */
function longestEdge({ rows, k, distances }: KnnGraph): number {
  if (rows <= mostRowsHeld || k === 0) return largestEmbeddingDistance;
  const nearest = Float32Array.from({ length: rows }, (_, row) => distances[row * k]!).sort();
  return Math.min(largestEmbeddingDistance, nearest[mostRowsHeld]!);
}

interface HeldFeatures {
  distance(row: number, other: number): number;
}

/** Reads the features of some rows; null where there are none. */
async function heldFeatures(
  features: Features,
  rows: number,
  wanted: readonly Iterable<number>[],
): Promise<HeldFeatures | null> {
  const isWanted = new Uint8Array(rows);
  for (const list of wanted) for (const row of list) isWanted[row] = 1;
  const placeOf = new Int32Array(rows).fill(-1);
  const list = Uint32Array.from(isWanted.keys()).filter((row) => isWanted[row] === 1);
  const count = list.length;
  for (let place = 0; place < count; place++) placeOf[list[place]!] = place;
  let cols = 0;
  let data = new Int16Array(0);
  let lengths = new Float64Array(0);
  const one = features.some && count > 0 && count * chunkWorth < rows;
  for await (const chunk of one ? features.some!(list) : features.chunks()) {
    if (chunk.cols === 0) return null;
    if (cols === 0) {
      cols = chunk.cols;
      data = new Int16Array(count * cols);
      lengths = new Float64Array(count);
    }
    for (let i = 0; i < chunk.rows; i++) {
      const place = placeOf[chunk.firstRow + i] ?? -1;
      if (place < 0) continue;
      const row = data.subarray(place * cols, (place + 1) * cols);
      lengths[place] = putRoots(decoded(chunk.data.subarray(i * cols, (i + 1) * cols)), features.signed, row);
    }
  }
  if (cols === 0) return null;
  return {
    distance: (row, other) => {
      const [one, two] = [placeOf[row]! * cols, placeOf[other]! * cols];
      let dot = 0;
      for (let c = 0; c < cols; c++) dot += data[one + c]! * data[two + c]!;
      const cosine = dot / Math.sqrt(lengths[placeOf[row]!]! * lengths[placeOf[other]!]!);
      // Two images without any feature are equal.
      return Number.isNaN(cosine) ? 0 : Math.sqrt(Math.max(0, 2 - 2 * cosine));
    },
  };
}

/** Roots of features (with their sign where they have one) as 16-bit numbers. @returns their squared length */
function putRoots(values: Float32Array, signed: boolean, to: Int16Array): number {
  let sum = 0;
  for (let c = 0; c < values.length; c++) sum += signed ? Math.abs(values[c]!) : Math.max(0, values[c]!);
  const scale = sum > 0 ? fullScale / Math.sqrt(sum) : 0;
  let squared = 0;
  for (let c = 0; c < values.length; c++) {
    const value = values[c]!;
    const root = value >= 0 ? Math.sqrt(value) : signed ? -Math.sqrt(-value) : 0;
    const rounded = Math.round(root * scale);
    to[c] = rounded;
    squared += rounded * rounded;
  }
  return squared;
}

function* distancesOf(held: HeldFeatures, a: Uint32Array, b: Uint32Array): Task<Float32Array> {
  const distances = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) {
    distances[i] = held.distance(a[i]!, b[i]!);
    if (i % pairsPerStep === 0) yield { done: i, total: a.length };
  }
  return distances;
}

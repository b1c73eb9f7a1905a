/** 64-bit perceptual hashes by row. */
export interface ImageHashes {
  /** High and low half. */
  words: readonly [high: Uint32Array, low: Uint32Array];
  /** By row: 1 where the hash says something, 0 for an image that was not measured or has low information. */
  usable: Uint8Array;
}

/** Bits in which two hashes may differ for {@link hashPairs}. */
const nearBits = 2;
/** Hashes that differ in 2 bits agree in one of three bands at least. */
const bands: readonly { high: number; low: number }[] = [
  { high: 0xfffff800, low: 0 },
  { high: 0x000007ff, low: 0xffe00000 },
  { high: 0, low: 0x001fffff },
];
/** Rows that agree in a band and are compared with each other; more of them are images that all look alike. */
const largestBucket = 256;

/** Bits in which the hashes of two rows differ, 0…64. */
export const differingBits = ({ words: [high, low] }: ImageHashes, a: number, b: number): number =>
  ones(high[a]! ^ high[b]!) + ones(low[a]! ^ low[b]!);

/**
 * Pairs of rows whose hashes differ in at most 2 bits, both of them usable; each pair once, in no order. Of more than
 * 256 rows that agree in a third of their bits each is compared with the next 256.
 * @returns a, b in turn
 */
export function hashPairs(hashes: ImageHashes): Uint32Array {
  const [high, low] = hashes.words;
  const usable = Uint32Array.from(hashes.usable.keys()).filter((row) => hashes.usable[row] === 1);
  const found = new Set<number>();
  const { length: rows } = hashes.usable;
  for (const band of bands) {
    const key = (row: number): number => ((high[row]! & band.high) >>> 0) * 4_194_304 + ((low[row]! & band.low) >>> 0);
    const keys = Float64Array.from(usable, key);
    const order = Uint32Array.from(usable.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b);
    for (let i = 0; i < order.length; i++) {
      for (let j = i + 1; j < order.length && j - i <= largestBucket; j++) {
        if (keys[order[i]!] !== keys[order[j]!]) break;
        const [a, b] = [usable[order[i]!]!, usable[order[j]!]!];
        if (differingBits(hashes, a, b) <= nearBits) found.add(Math.min(a, b) * rows + Math.max(a, b));
      }
    }
  }
  return Uint32Array.from([...found].flatMap((pair) => [Math.floor(pair / rows), pair % rows]));
}

/** How many bits of a 32-bit word are 1. */
function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

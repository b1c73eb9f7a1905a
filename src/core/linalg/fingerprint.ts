/**
 * A 64-bit fingerprint of numbers as 16 hex digits: two 32-bit multiply–rotate sums over the bits (in the manner of
 * MurmurHash3). For telling versions apart, not for security.
 */
export function fingerprint(arrays: readonly Float32Array[]): string {
  let a = 0x2545f491;
  let b = 0x9e3779b9;
  for (const array of arrays) {
    for (const word of new Uint32Array(array.slice().buffer)) {
      a = rotate(Math.imul(a ^ word, 0xcc9e2d51), 15) + 0x52dce729;
      b = rotate(Math.imul(b ^ Math.imul(word, 0x1b873593), 0x85ebca6b), 13) + 0x38495ab5;
    }
    a ^= array.length;
    b ^= Math.imul(array.length, 0xc2b2ae35);
  }
  return [a, b].map((word) => finish(word).toString(16).padStart(8, "0")).join("");
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function finish(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

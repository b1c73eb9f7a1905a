import { wordHex } from "./measureColumns.ts";

/** Side of the grey image that is hashed. */
export const hashSide = 32;
/** Side of the low frequencies that are kept. */
const kept = 8;
/** Smaller coefficients are rounding: they count as nothing, so that flat images do not get random bits. */
const rounding = 1e-6;

/** cos(π · frequency · (2 x + 1) / 64) of each kept frequency. */
const cosines = Float64Array.from({ length: kept * hashSide }, (_, i) => {
  const frequency = Math.floor(i / hashSide);
  const x = i % hashSide;
  return Math.cos((Math.PI * frequency * (2 * x + 1)) / (2 * hashSide));
});

/**
 * The 64-bit DCT hash of a grey image of 32 × 32, imagehash's `phash`: which of the 8 × 8 lowest frequencies of its
 * DCT-II, the constant one included, lie above their median.
 * @param grey row-major
 * @returns 16 hex digits, row by row, the first bit the most significant
 */
export function perceptualHash(grey: Uint8Array): string {
  const columns = new Float64Array(kept * hashSide);
  for (let v = 0; v < kept; v++) {
    for (let y = 0; y < hashSide; y++) {
      const cosine = 2 * cosines[v * hashSide + y]!;
      for (let x = 0; x < hashSide; x++) {
        columns[v * hashSide + x] = columns[v * hashSide + x]! + cosine * grey[y * hashSide + x]!;
      }
    }
  }
  const coefficients = new Float64Array(kept * kept);
  for (let v = 0; v < kept; v++) {
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let x = 0; x < hashSide; x++) sum += columns[v * hashSide + x]! * cosines[u * hashSide + x]!;
      coefficients[v * kept + u] = Math.abs(sum) < rounding ? 0 : 2 * sum;
    }
  }
  const sorted = coefficients.slice().sort();
  const median = (sorted[31]! + sorted[32]!) / 2;
  const words = [0, 0];
  for (const [i, value] of coefficients.entries()) {
    if (value > median) words[i >> 5] = words[i >> 5]! | (1 << (31 - (i & 31)));
  }
  return words.map(wordHex).join("");
}

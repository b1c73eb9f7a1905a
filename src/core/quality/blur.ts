/** Of the deviation of the histogram's counts; less than this counts as nothing. */
const leastSpread = 0.18;

/**
 * CleanVision's blur score of a small image: from the deviation of its edges and of its histogram's counts.
 * @param rgb interleaved, width · height · 3
 * @returns 0…1, low for a blurred or flat image
 */
export function blurScore(rgb: Uint8Array, width: number, height: number): number {
  const count = width * height;
  const grey = new Uint8Array(count);
  const histogram = new Uint32Array(256);
  for (let i = 0, from = 0; i < count; i++, from += 3) {
    const value = (19595 * rgb[from]! + 38470 * rgb[from + 1]! + 7471 * rgb[from + 2]! + 32768) >> 16;
    grey[i] = value;
    histogram[value] = histogram[value]! + 1;
  }
  const edges = 1 - Math.exp(-0.01 * deviation(edgeImage(grey, width, height)));
  const spread = 1 - Math.exp(-0.01 * deviation(histogram));
  return Math.min(1, edges + (spread > leastSpread ? spread : 0));
}

/** Eight times each pixel less its neighbours, 0…255. The border is not filtered, as in Pillow's FIND_EDGES. */
function edgeImage(grey: Uint8Array, width: number, height: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(grey);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      let around = 0;
      for (let dy = -width; dy <= width; dy += width) {
        around += grey[at + dy - 1]! + grey[at + dy]! + grey[at + dy + 1]!;
      }
      out[at] = 9 * grey[at]! - around;
    }
  }
  return out;
}

/** Of the whole population. */
function deviation(values: Uint8ClampedArray | Uint32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / values.length - (sum / values.length) ** 2));
}

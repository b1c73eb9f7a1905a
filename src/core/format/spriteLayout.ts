/** One picture that holds a small square one of each of many images, row by row. */
export interface SpriteLayout {
  /** Pixels of one image's side. */
  side: number;
  columns: number;
  rows: number;
}

/** What TensorBoard's projector takes, and what every graphics card has as one texture. */
const largestSide = 8_192;
/** Larger ones are not shown larger. */
const usualSide = 64;
/** On smaller ones nothing is to be seen. */
const leastSide = 16;

/** The layout for so many images; null where there are none, or so many (over 262,144) that each would be too small. */
export function spriteLayout(images: number): SpriteLayout | null {
  if (images === 0) return null;
  const columns = Math.ceil(Math.sqrt(images));
  const side = Math.min(usualSide, Math.floor(largestSide / columns));
  return side < leastSide ? null : { side, columns, rows: Math.ceil(images / columns) };
}

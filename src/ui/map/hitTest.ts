import type { RowSet } from "../../core/rowSet.ts";

/**
 * The point nearest to a position, if it lies within a radius; −1 otherwise. Of equals the last, which is drawn on top.
 * A plain scan: a million points take 2 ms.
 * @param points x, y pairs
 * @param visible the rows to look at; null: all
 */
export function nearestPoint(
  points: Float32Array,
  x: number,
  y: number,
  radius: number,
  visible: RowSet | null = null,
): number {
  let best = -1;
  let bestSquared = radius * radius;
  for (let i = 0; i < points.length; i += 2) {
    const dx = points[i]! - x;
    const dy = points[i + 1]! - y;
    const squared = dx * dx + dy * dy;
    if (squared <= bestSquared && (visible === null || visible.has(i >> 1))) {
      bestSquared = squared;
      best = i >> 1;
    }
  }
  return best;
}

/**
 * Rows of the points inside a polygon, by counting crossings (even–odd rule).
 * @param points x, y pairs
 * @param polygon corners as x, y pairs, in order; closed by itself
 * @param visible the rows to look at; null: all
 * @returns ascending
 */
export function pointsInPolygon(
  points: Float32Array,
  polygon: readonly (readonly [number, number])[],
  visible: RowSet | null = null,
): Uint32Array {
  const inside = new Uint32Array(points.length / 2);
  let count = 0;
  if (polygon.length < 3) return inside.subarray(0, 0);
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i]!;
    const y = points[i + 1]!;
    if (x < left || x > right || y < bottom || y > top || !(visible?.has(i >> 1) ?? true)) continue;
    if (crossesOddly(xs, ys, x, y)) inside[count++] = i >> 1;
  }
  return inside.slice(0, count);
}

function crossesOddly(xs: readonly number[], ys: readonly number[], x: number, y: number): boolean {
  let odd = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    const [x0, y0, x1, y1] = [xs[i]!, ys[i]!, xs[j]!, ys[j]!];
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) odd = !odd;
  }
  return odd;
}

/**
 * Moves and scales a layout in place so that it fills −1…1 in its longer direction, keeping its shape.
 * @param xy x, y of each point in turn; finite
 * @returns the same array
 */
export function fitSquare(xy: Float32Array): Float32Array {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < xy.length; i += 2) {
    left = Math.min(left, xy[i]!);
    right = Math.max(right, xy[i]!);
    bottom = Math.min(bottom, xy[i + 1]!);
    top = Math.max(top, xy[i + 1]!);
  }
  const half = Math.max(right - left, top - bottom) / 2 || 1;
  for (let i = 0; i < xy.length; i += 2) {
    xy[i] = (xy[i]! - (left + right) / 2) / half;
    xy[i + 1] = (xy[i + 1]! - (bottom + top) / 2) / half;
  }
  return xy;
}

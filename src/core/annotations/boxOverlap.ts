/** Intersection over union of two boxes (x, y, width, height), 0…1; 0 where one of them is empty or not finite. */
export function boxOverlap(a: Float32Array, atA: number, b: Float32Array, atB: number): number {
  const [ax, ay, aw, ah] = [a[4 * atA]!, a[4 * atA + 1]!, a[4 * atA + 2]!, a[4 * atA + 3]!];
  const [bx, by, bw, bh] = [b[4 * atB]!, b[4 * atB + 1]!, b[4 * atB + 2]!, b[4 * atB + 3]!];
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  if (!(width > 0 && height > 0)) return 0;
  const shared = width * height;
  return shared / (aw * ah + bw * bh - shared);
}

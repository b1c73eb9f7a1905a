/** Sums over the f32 values of two rows. Rows start at multiples of 16 bytes and are padded with zeros to `stride`. */

// @ts-expect-error: decorator
@inline
export function sumLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** Dot product in f32, four or eight sums at a time. `bytes` = 4 · stride, a multiple of 16. */
// @ts-expect-error: decorator
@inline
export function dotF32(a: usize, b: usize, bytes: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a + i), v128.load(b + i)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a + i, 16), v128.load(b + i, 16)));
  }
  if (i < bytes) s0 = f32x4.add(s0, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  return sumLanes(f32x4.add(s0, s1));
}

/** Squared distance in f64: the even and the odd columns are summed apart, as core/distance.ts does. */
export function distanceSquaredF64(a: usize, b: usize, bytes: usize): f64 {
  let sum = f64x2.splat(0);
  for (let i: usize = 0; i < bytes; i += 8) {
    const d = f64x2.sub(
      f64x2.promote_low_f32x4(v128.load64_zero(a + i)),
      f64x2.promote_low_f32x4(v128.load64_zero(b + i)),
    );
    sum = f64x2.add(sum, f64x2.mul(d, d));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

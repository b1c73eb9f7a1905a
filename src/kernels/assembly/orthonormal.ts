/**
 * Modified Gram–Schmidt, twice, on the rows in f64, in place; a row that depends on those before it becomes zero.
 * @param cols even
 */
export function orthonormalise(rows: usize, count: i32, cols: i32): void {
  const bytes = <usize>(cols << 3);
  for (let i = 0; i < count; i++) {
    const row = rows + <usize>i * bytes;
    const before = Math.sqrt(dot(row, row, bytes));
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = rows + <usize>j * bytes;
        const share = f64x2.splat(dot(row, other, bytes));
        for (let c: usize = 0; c < bytes; c += 16) {
          v128.store(row + c, f64x2.sub(v128.load(row + c), f64x2.mul(share, v128.load(other + c))));
        }
      }
    }
    const left = Math.sqrt(dot(row, row, bytes));
    const scale = f64x2.splat(left > before * 1e-12 ? 1 / left : 0);
    for (let c: usize = 0; c < bytes; c += 16) v128.store(row + c, f64x2.mul(v128.load(row + c), scale));
  }
}

// @ts-expect-error: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let c: usize = 0;
  for (; c + 32 <= bytes; c += 32) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a + c), v128.load(b + c)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a + c, 16), v128.load(b + c, 16)));
  }
  if (c < bytes) s0 = f64x2.add(s0, f64x2.mul(v128.load(a + c), v128.load(b + c)));
  s0 = f64x2.add(s0, s1);
  return f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
}

import { sumLanes } from "./distance";

/** Rows begin…end: squared length of each, f32 of the f64 sum, and whether all its values are finite (0 or 1). */
export function rowStatistics(begin: i32, end: i32, _thread: i32, data: usize, cols: i32, stride: i32, norms: usize, finite: usize): void {
  for (let row = begin; row < end; row++) {
    const at = data + <usize>row * <usize>(stride << 2);
    let sum: f64 = 0;
    for (let c = 0; c < cols; c++) {
      const x = <f64>load<f32>(at + <usize>(c << 2));
      sum += x * x;
    }
    store<f32>(norms + (<usize>row << 2), <f32>sum);
    store<u8>(finite + <usize>row, sum - sum == 0 ? 1 : 0);
  }
}

/**
 * Rows begin…end in place: √max(0, x), or with `signed` the root that keeps the sign, then length 1; a zero row stays.
 * The padding of a row stays zero.
 */
export function powerNormalise(begin: i32, end: i32, _thread: i32, data: usize, stride: i32, signed: i32): void {
  const bytes = <usize>(stride << 2);
  const zero = f32x4.splat(0);
  const signBits = i32x4.splat(0x80000000);
  for (let row = begin; row < end; row++) {
    const at = data + <usize>row * bytes;
    let squares = zero;
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(at + i);
      const root = signed
        ? v128.or(f32x4.sqrt(f32x4.abs(x)), v128.and(x, signBits))
        : f32x4.sqrt(f32x4.max(x, zero));
      squares = f32x4.add(squares, f32x4.mul(root, root));
      v128.store(at + i, root);
    }
    scaleToOne(at, bytes, sumLanes(squares));
  }
}

// @ts-expect-error: decorator
@inline
function scaleToOne(at: usize, bytes: usize, squares: f32): void {
  if (squares == 0) return;
  const scale = f32x4.splat(1 / Mathf.sqrt(squares));
  for (let i: usize = 0; i < bytes; i += 16) v128.store(at + i, f32x4.mul(v128.load(at + i), scale));
}

/**
 * Rows begin…end of x · wᵀ − offset, f32. With `unit`, each result row is then scaled to length 1.
 * @param x rows × stride
 * @param w outputs × stride; outputs a multiple of 4, padding rows zero
 * @param out rows × outStride, outStride ≥ outputs
 */
export function project(
  begin: i32,
  end: i32,
  _thread: i32,
  x: usize,
  stride: i32,
  w: usize,
  offset: usize,
  outputs: i32,
  out: usize,
  outStride: i32,
  unit: i32,
): void {
  const bytes = <usize>(stride << 2);
  const outBytes = <usize>(outStride << 2);
  // Two rows and four outputs share their loads; a strip of outputs stays in the cache while all rows pass.
  for (let o = 0; o < outputs; o += 4) {
    const w0 = w + <usize>o * bytes;
    const w1 = w0 + bytes;
    const w2 = w1 + bytes;
    const w3 = w2 + bytes;
    const shift = v128.load(offset + (<usize>o << 2));
    let row = begin;
    for (; row + 2 <= end; row += 2) {
      const a = x + <usize>row * bytes;
      const b = a + bytes;
      let a0 = f32x4.splat(0);
      let a1 = f32x4.splat(0);
      let a2 = f32x4.splat(0);
      let a3 = f32x4.splat(0);
      let b0 = f32x4.splat(0);
      let b1 = f32x4.splat(0);
      let b2 = f32x4.splat(0);
      let b3 = f32x4.splat(0);
      for (let i: usize = 0; i < bytes; i += 16) {
        const va = v128.load(a + i);
        const vb = v128.load(b + i);
        const y0 = v128.load(w0 + i);
        const y1 = v128.load(w1 + i);
        const y2 = v128.load(w2 + i);
        const y3 = v128.load(w3 + i);
        a0 = f32x4.add(a0, f32x4.mul(va, y0));
        a1 = f32x4.add(a1, f32x4.mul(va, y1));
        a2 = f32x4.add(a2, f32x4.mul(va, y2));
        a3 = f32x4.add(a3, f32x4.mul(va, y3));
        b0 = f32x4.add(b0, f32x4.mul(vb, y0));
        b1 = f32x4.add(b1, f32x4.mul(vb, y1));
        b2 = f32x4.add(b2, f32x4.mul(vb, y2));
        b3 = f32x4.add(b3, f32x4.mul(vb, y3));
      }
      const to = out + <usize>row * outBytes + (<usize>o << 2);
      v128.store(to, f32x4.sub(addLanes(a0, a1, a2, a3), shift));
      v128.store(to + outBytes, f32x4.sub(addLanes(b0, b1, b2, b3), shift));
    }
    if (row < end) {
      const a = x + <usize>row * bytes;
      let a0 = f32x4.splat(0);
      let a1 = f32x4.splat(0);
      let a2 = f32x4.splat(0);
      let a3 = f32x4.splat(0);
      for (let i: usize = 0; i < bytes; i += 16) {
        const va = v128.load(a + i);
        a0 = f32x4.add(a0, f32x4.mul(va, v128.load(w0 + i)));
        a1 = f32x4.add(a1, f32x4.mul(va, v128.load(w1 + i)));
        a2 = f32x4.add(a2, f32x4.mul(va, v128.load(w2 + i)));
        a3 = f32x4.add(a3, f32x4.mul(va, v128.load(w3 + i)));
      }
      const to = out + <usize>row * outBytes + (<usize>o << 2);
      v128.store(to, f32x4.sub(addLanes(a0, a1, a2, a3), shift));
    }
  }
  if (!unit) return;
  for (let row = begin; row < end; row++) {
    const at = out + <usize>row * outBytes;
    let squares = f32x4.splat(0);
    for (let i = 0; i < outputs; i += 4) {
      const v = v128.load(at + (<usize>i << 2));
      squares = f32x4.add(squares, f32x4.mul(v, v));
    }
    scaleToOne(at, <usize>(outputs << 2), sumLanes(squares));
  }
}

// @ts-expect-error: decorator
@inline
export function addLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 2, 6), v128.shuffle<f32>(a, b, 1, 5, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 2, 6), v128.shuffle<f32>(c, d, 1, 5, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/**
 * Strips begin…end of four rows of the upper triangle of `sums` += Σ xᵢ xᵢᵀ over the rows of x.
 * @param x rows × cols, f64, cols a multiple of 4
 * @param sums cols × cols, f64
 */
export function addOuterProducts(begin: i32, end: i32, _thread: i32, x: usize, rows: i32, cols: i32, sums: usize): void {
  const bytes = <usize>(cols << 3);
  for (let strip = begin; strip < end; strip++) {
    const i = strip << 2;
    const line = sums + <usize>i * bytes;
    for (let j = i; j < cols; j += 4) {
      let s00 = f64x2.splat(0);
      let s01 = f64x2.splat(0);
      let s10 = f64x2.splat(0);
      let s11 = f64x2.splat(0);
      let s20 = f64x2.splat(0);
      let s21 = f64x2.splat(0);
      let s30 = f64x2.splat(0);
      let s31 = f64x2.splat(0);
      let left = x + (<usize>i << 3);
      let right = x + (<usize>j << 3);
      for (let row = rows; row != 0; row--) {
        const y0 = v128.load(right);
        const y1 = v128.load(right, 16);
        const x0 = v128.load64_splat(left);
        const x1 = v128.load64_splat(left, 8);
        const x2 = v128.load64_splat(left, 16);
        const x3 = v128.load64_splat(left, 24);
        s00 = f64x2.add(s00, f64x2.mul(x0, y0));
        s01 = f64x2.add(s01, f64x2.mul(x0, y1));
        s10 = f64x2.add(s10, f64x2.mul(x1, y0));
        s11 = f64x2.add(s11, f64x2.mul(x1, y1));
        s20 = f64x2.add(s20, f64x2.mul(x2, y0));
        s21 = f64x2.add(s21, f64x2.mul(x2, y1));
        s30 = f64x2.add(s30, f64x2.mul(x3, y0));
        s31 = f64x2.add(s31, f64x2.mul(x3, y1));
        left += bytes;
        right += bytes;
      }
      const to = line + (<usize>j << 3);
      accumulate(to, s00, s01);
      accumulate(to + bytes, s10, s11);
      accumulate(to + 2 * bytes, s20, s21);
      accumulate(to + 3 * bytes, s30, s31);
    }
  }
}

// @ts-expect-error: decorator
@inline
function accumulate(to: usize, a: v128, b: v128): void {
  v128.store(to, f64x2.add(v128.load(to), a));
  v128.store(to, f64x2.add(v128.load(to, 16), b), 16);
}

/**
 * Rows begin…end of a · bᵀ in f64.
 * @param a aRows × cols @param b bRows × cols; cols even
 * @param out aRows × bRows
 */
export function multiplyTransposedF64(begin: i32, end: i32, _thread: i32, a: usize, b: usize, bRows: i32, cols: i32, out: usize): void {
  const bytes = <usize>(cols << 3);
  for (let j = 0; j < bRows; j += 4) {
    const b0 = b + <usize>j * bytes;
    // The last strip repeats its last row rather than reading past the end.
    const b1 = j + 1 < bRows ? b0 + bytes : b0;
    const b2 = j + 2 < bRows ? b0 + 2 * bytes : b0;
    const b3 = j + 3 < bRows ? b0 + 3 * bytes : b0;
    for (let i = begin; i < end; i += 2) {
      const a0 = a + <usize>i * bytes;
      const a1 = i + 1 < end ? a0 + bytes : a0;
      let s00 = f64x2.splat(0);
      let s01 = f64x2.splat(0);
      let s02 = f64x2.splat(0);
      let s03 = f64x2.splat(0);
      let s10 = f64x2.splat(0);
      let s11 = f64x2.splat(0);
      let s12 = f64x2.splat(0);
      let s13 = f64x2.splat(0);
      for (let c: usize = 0; c < bytes; c += 16) {
        const x0 = v128.load(a0 + c);
        const x1 = v128.load(a1 + c);
        const y0 = v128.load(b0 + c);
        const y1 = v128.load(b1 + c);
        const y2 = v128.load(b2 + c);
        const y3 = v128.load(b3 + c);
        s00 = f64x2.add(s00, f64x2.mul(x0, y0));
        s01 = f64x2.add(s01, f64x2.mul(x0, y1));
        s02 = f64x2.add(s02, f64x2.mul(x0, y2));
        s03 = f64x2.add(s03, f64x2.mul(x0, y3));
        s10 = f64x2.add(s10, f64x2.mul(x1, y0));
        s11 = f64x2.add(s11, f64x2.mul(x1, y1));
        s12 = f64x2.add(s12, f64x2.mul(x1, y2));
        s13 = f64x2.add(s13, f64x2.mul(x1, y3));
      }
      const to = out + (<usize>i * <usize>bRows + <usize>j) * 8;
      storeRow(to, bRows - j, s00, s01, s02, s03);
      if (i + 1 < end) storeRow(to + (<usize>bRows << 3), bRows - j, s10, s11, s12, s13);
    }
  }
}

// @ts-expect-error: decorator
@inline
function storeRow(to: usize, left: i32, a: v128, b: v128, c: v128, d: v128): void {
  store<f64>(to, f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1));
  if (left > 1) store<f64>(to, f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1), 8);
  if (left > 2) store<f64>(to, f64x2.extract_lane(c, 0) + f64x2.extract_lane(c, 1), 16);
  if (left > 3) store<f64>(to, f64x2.extract_lane(d, 0) + f64x2.extract_lane(d, 1), 24);
}

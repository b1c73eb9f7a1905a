import { distanceSquaredF64 } from "./distance";

/**
 * The exact kNN graph in two steps. First each pair of rows is estimated from products of 16-bit numbers, which a
 * processor multiplies and adds eight at a time; each row keeps the `kept` best. Then those are computed in f64. A row
 * for which a neighbour could have been lost is computed in full.
 *
 * Quantised rows lie in panels of 8: for each pair of columns the two values of each of the 8 rows, 32 bytes. So a
 * vector load gives four rows of one side, a 32-bit splat one row of the other, and no sum crosses lanes.
 *
 * `state`: see knnState in ../state.ts.
 */
// @ts-expect-error: decorator
@inline
function field(state: usize, index: usize): i32 {
  return load<i32>(state + (index << 2));
}
// @ts-expect-error: decorator
@inline
function pointer(state: usize, index: usize): usize {
  return <usize>load<u32>(state + (index << 2));
}
// @ts-expect-error: decorator
@inline
function fraction(state: usize, index: usize): f32 {
  return load<f32>(state + (index << 2));
}

/** Panels begin…end of 8 rows: 16-bit values of rows · scale; rows past the last are zero. */
export function quantise(begin: i32, end: i32, _thread: i32, state: usize, scale: f32): void {
  const data = pointer(state, 0);
  const rows = field(state, 1);
  const stride = field(state, 2);
  const panels = pointer(state, 3);
  const pairs = stride >> 1;
  for (let panel = begin; panel < end; panel++) {
    const to = panels + <usize>panel * <usize>(pairs << 5);
    for (let r = 0; r < 8; r++) {
      const row = panel * 8 + r;
      const from = data + <usize>row * <usize>(stride << 2);
      for (let p = 0; p < pairs; p++) {
        let value = 0;
        if (row < rows) {
          const low = <i32>nearest(load<f32>(from + <usize>(p << 3)) * scale);
          const high = <i32>nearest(load<f32>(from + <usize>(p << 3), 4) * scale);
          value = (low & 0xffff) | (high << 16);
        }
        store<i32>(to + <usize>((p << 5) + (r << 2)), value);
      }
    }
  }
}

/** Puts `other` at `squared` into the sorted list of `row`; equal values in ascending order of rows. */
function offer(lists: usize, listRows: usize, worst: usize, kept: i32, row: i32, other: i32, squared: f32): void {
  const first = <usize>row * <usize>(kept << 2);
  const values = lists + first;
  const rows = listRows + first;
  let at = kept - 1;
  const last = load<f32>(values + <usize>(at << 2));
  if (squared > last || (squared == last && <u32>other > load<u32>(rows + <usize>(at << 2)))) return;
  while (at > 0) {
    const value = load<f32>(values + <usize>((at - 1) << 2));
    if (value < squared) break;
    const index = load<u32>(rows + <usize>((at - 1) << 2));
    if (value == squared && index < <u32>other) break;
    store<f32>(values + <usize>(at << 2), value);
    store<u32>(rows + <usize>(at << 2), index);
    at--;
  }
  store<f32>(values + <usize>(at << 2), squared);
  store<u32>(rows + <usize>(at << 2), other);
  store<f32>(worst + (<usize>row << 2), load<f32>(values + <usize>((kept - 1) << 2)));
}

/** The pairs begin…end of blocks of rows in the list of (block, block); each row meets each other row once. */
export function knnPairs(begin: i32, end: i32, _thread: i32, state: usize): void {
  const list = pointer(state, 11);
  for (let i = begin; i < end; i++) {
    const at = list + (<usize>i << 3);
    blockPair(state, load<i32>(at), load<i32>(at, 4));
  }
}

function blockPair(state: usize, blockA: i32, blockB: i32): void {
  const rows = field(state, 1);
  const pairs = field(state, 2) >> 1;
  const panels = pointer(state, 3);
  const norms = pointer(state, 4);
  const lists = pointer(state, 5);
  const listRows = pointer(state, 6);
  const worst = pointer(state, 7);
  const kept = field(state, 8);
  const blockPanels = field(state, 9);
  const factor = f32x4.splat(fraction(state, 10));
  const panelBytes = <usize>(pairs << 5);
  const lastPanel = (rows + 7) >> 3;
  const aFirst = blockA * blockPanels;
  const aEnd = min(aFirst + blockPanels, lastPanel);
  const bFirst = blockB * blockPanels;
  const bEnd = min(bFirst + blockPanels, lastPanel);
  // Sixteen panels of one side stay in the first-level cache while the other side passes.
  for (let aPart = aFirst; aPart < aEnd; aPart += 16) {
    const aPartEnd = min(aPart + 16, aEnd);
    for (let b = blockA == blockB ? max(bFirst, aPart) : bFirst; b < bEnd; b++) {
      const bAt = panels + <usize>b * panelBytes;
      const normsLow = v128.load(norms + (<usize>b << 5));
      const normsHigh = v128.load(norms + (<usize>b << 5), 16);
      const bWorst = worst + (<usize>b << 5);
      for (let half = aPart << 1; half < aPartEnd << 1; half++) {
        const a = half >> 1;
        if (a > b && blockA == blockB) break;
        let aAt = panels + <usize>a * panelBytes + <usize>((half & 1) << 4);
        let bCursor = bAt;
        let l0 = i32x4.splat(0);
        let l1 = i32x4.splat(0);
        let l2 = i32x4.splat(0);
        let l3 = i32x4.splat(0);
        let h0 = i32x4.splat(0);
        let h1 = i32x4.splat(0);
        let h2 = i32x4.splat(0);
        let h3 = i32x4.splat(0);
        for (let p = pairs; p != 0; p--) {
          const low = v128.load(bCursor);
          const high = v128.load(bCursor, 16);
          const x0 = v128.load32_splat(aAt);
          const x1 = v128.load32_splat(aAt, 4);
          const x2 = v128.load32_splat(aAt, 8);
          const x3 = v128.load32_splat(aAt, 12);
          l0 = i32x4.add(l0, i32x4.dot_i16x8_s(x0, low));
          h0 = i32x4.add(h0, i32x4.dot_i16x8_s(x0, high));
          l1 = i32x4.add(l1, i32x4.dot_i16x8_s(x1, low));
          h1 = i32x4.add(h1, i32x4.dot_i16x8_s(x1, high));
          l2 = i32x4.add(l2, i32x4.dot_i16x8_s(x2, low));
          h2 = i32x4.add(h2, i32x4.dot_i16x8_s(x2, high));
          l3 = i32x4.add(l3, i32x4.dot_i16x8_s(x3, low));
          h3 = i32x4.add(h3, i32x4.dot_i16x8_s(x3, high));
          aAt += 32;
          bCursor += 32;
        }
        const row = half << 2;
        const bRow = b << 3;
        keepNear(state, row, bRow, l0, normsLow, bWorst, factor);
        keepNear(state, row, bRow + 4, h0, normsHigh, bWorst + 16, factor);
        keepNear(state, row + 1, bRow, l1, normsLow, bWorst, factor);
        keepNear(state, row + 1, bRow + 4, h1, normsHigh, bWorst + 16, factor);
        keepNear(state, row + 2, bRow, l2, normsLow, bWorst, factor);
        keepNear(state, row + 2, bRow + 4, h2, normsHigh, bWorst + 16, factor);
        keepNear(state, row + 3, bRow, l3, normsLow, bWorst, factor);
        keepNear(state, row + 3, bRow + 4, h3, normsHigh, bWorst + 16, factor);
      }
    }
  }
}

/** One row against four: whatever is near enough for either side goes into its list. */
// @ts-expect-error: decorator
@inline
function keepNear(state: usize, row: i32, others: i32, dots: v128, otherNorms: v128, otherWorst: usize, factor: v128): void {
  const norm = v128.load32_splat(pointer(state, 4) + (<usize>row << 2));
  const squared = f32x4.sub(f32x4.add(norm, otherNorms), f32x4.mul(f32x4.convert_i32x4_s(dots), factor));
  const mine = f32x4.le(squared, v128.load32_splat(pointer(state, 7) + (<usize>row << 2)));
  const theirs = f32x4.le(squared, v128.load(otherWorst));
  if (v128.any_true(v128.or(mine, theirs))) offerLanes(state, row, others, squared, i32x4.bitmask(mine), i32x4.bitmask(theirs));
}

function offerLanes(state: usize, row: i32, others: i32, squared: v128, mine: i32, theirs: i32): void {
  const rows = field(state, 1);
  if (row >= rows) return;
  const lists = pointer(state, 5);
  const listRows = pointer(state, 6);
  const worst = pointer(state, 7);
  const kept = field(state, 8);
  let rest = squared;
  for (let lane = 0; lane < 4; lane++) {
    const value = f32x4.extract_lane(rest, 0);
    rest = v128.shuffle<f32>(rest, rest, 1, 2, 3, 0);
    const other = others + lane;
    // In a panel against itself each pair is met twice; it counts once.
    if (other >= rows || (row >> 3 == other >> 3 && other <= row)) continue;
    if ((mine >> lane) & 1) offer(lists, listRows, worst, kept, row, other, value);
    if ((theirs >> lane) & 1) offer(lists, listRows, worst, kept, other, row, value);
  }
}

/**
 * Rows begin…end: the kept neighbours in f64, sorted, the first k to the result. `unsure` becomes 1 for a row of which
 * a neighbour could be missing: the worst estimate, less the `margin` by which one can be wrong, is under the k-th
 * distance.
 */
export function knnRerank(begin: i32, end: i32, _thread: i32, state: usize, margin: f32, complete: i32, scratch: usize): void {
  const data = pointer(state, 0);
  const bytes = <usize>(field(state, 2) << 2);
  const lists = pointer(state, 5);
  const listRows = pointer(state, 6);
  const kept = field(state, 8);
  const k = field(state, 12);
  const unsure = pointer(state, 15);
  const squares = scratch + <usize>_thread * 4096;
  const found = squares + 2048;
  for (let row = begin; row < end; row++) {
    const first = <usize>row * <usize>(kept << 2);
    for (let n = 0; n < kept; n++) {
      const other = load<u32>(listRows + first + <usize>(n << 2));
      insert(squares, found, n, distanceSquaredF64(data + <usize>row * bytes, data + <usize>other * bytes, bytes), other);
    }
    emit(state, row, squares, found, k);
    const estimate = <f64>load<f32>(lists + first + <usize>((kept - 1) << 2)) - <f64>margin;
    const sure = complete != 0 || k == 0 || estimate > load<f64>(squares + <usize>((k - 1) << 3));
    store<u8>(unsure + <usize>row, sure ? 0 : 1);
  }
}

/** Rows at positions begin…end of `list`, each compared with every other row in f64. */
export function knnExactRows(begin: i32, end: i32, _thread: i32, state: usize, list: usize, scratch: usize): void {
  const data = pointer(state, 0);
  const rows = field(state, 1);
  const bytes = <usize>(field(state, 2) << 2);
  const k = field(state, 12);
  const squares = scratch + <usize>_thread * 4096;
  const found = squares + 2048;
  for (let i = begin; i < end; i++) {
    const row = load<i32>(list + (<usize>i << 2));
    let count = 0;
    for (let other = 0; other < rows; other++) {
      if (other == row) continue;
      const d = distanceSquaredF64(data + <usize>row * bytes, data + <usize>other * bytes, bytes);
      if (count < k) insert(squares, found, count++, d, other);
      else if (d < load<f64>(squares + <usize>((k - 1) << 3))) insert(squares, found, k - 1, d, other);
    }
    emit(state, row, squares, found, k);
  }
}

/** Puts a value into a list of `count` values that is sorted by (value, row). */
function insert(squares: usize, found: usize, count: i32, squared: f64, other: u32): void {
  let at = count;
  while (at > 0) {
    const value = load<f64>(squares + <usize>((at - 1) << 3));
    const index = load<u32>(found + <usize>((at - 1) << 2));
    if (value < squared || (value == squared && index < other)) break;
    store<f64>(squares + <usize>(at << 3), value);
    store<u32>(found + <usize>(at << 2), index);
    at--;
  }
  store<f64>(squares + <usize>(at << 3), squared);
  store<u32>(found + <usize>(at << 2), other);
}

function emit(state: usize, row: i32, squares: usize, found: usize, k: i32): void {
  const to = <usize>row * <usize>(k << 2);
  const indices = pointer(state, 13) + to;
  const distances = pointer(state, 14) + to;
  for (let n = 0; n < k; n++) {
    store<u32>(indices + <usize>(n << 2), load<u32>(found + <usize>(n << 2)));
    store<f32>(distances + <usize>(n << 2), <f32>Math.sqrt(load<f64>(squares + <usize>(n << 3))));
  }
}

import { distanceSquaredF64, dotF32, sumLanes } from "./distance";

/** Squared distances count as at least this where they are weighed: duplicates keep the order of their weights. */
const LEAST: f64 = 1e-18;

/**
 * k-center greedy. Distances are first estimated in f32 from dot products; whatever could be nearer than the nearest
 * centre so far is computed again in f64, so that every decision is that of a plain f64 loop.
 *
 * `state` is a row of 32-bit fields; see kCenterState in ../state.ts.
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

/** Rounding of a dot product of `bytes` / 4 f32 values, as a share of the sum of both squared lengths. */
// @ts-expect-error: decorator
@inline
function rounding(bytes: usize): f32 {
  return (<f32>(bytes >> 4) + 10) * 6e-8;
}

/**
 * Rows begin…end against the centre at `centre`; the best row of each chunk goes to bestRow[chunk] (−1: none), its
 * distance to bestSquared[chunk].
 */
export function distanceUpdate(
  begin: i32,
  end: i32,
  _thread: i32,
  state: usize,
  centre: i32,
  chunk: i32,
  bestSquared: usize,
  bestRow: usize,
): void {
  const data = pointer(state, 0);
  const bytes = <usize>field(state, 2) << 2;
  const norms = pointer(state, 3);
  const nearest = pointer(state, 4);
  const nearestRow = pointer(state, 5);
  const seen = pointer(state, 6);
  const centres = pointer(state, 9) + <usize>centre * bytes;
  const centreRow = load<i32>(pointer(state, 10) + (<usize>centre << 2));
  const centreNorm = load<f32>(norms + (<usize>centreRow << 2));
  const share: f32 = 1 - rounding(bytes);
  let best: f64 = -1;
  let row: i32 = -1;
  for (let i = begin; i < end; i++) {
    if (load<i32>(seen + (<usize>i << 2)) < 0) continue;
    const at = data + <usize>i * bytes;
    const least = (load<f32>(norms + (<usize>i << 2)) + centreNorm) * share - 2 * dotF32(at, centres, bytes);
    const near = nearest + (<usize>i << 3);
    let d = load<f64>(near);
    if (<f64>least < d) {
      const exact = distanceSquaredF64(at, centres, bytes);
      if (exact < d) {
        d = exact;
        store<f64>(near, d);
        store<i32>(nearestRow + (<usize>i << 2), centreRow);
      }
    }
    store<i32>(seen + (<usize>i << 2), centre + 1);
    if (d > best) {
      best = d;
      row = i;
    }
  }
  const slot = <usize>(begin / chunk);
  store<f64>(bestSquared + (slot << 3), best);
  store<i32>(bestRow + (slot << 2), row);
}

/** What a row is worth: its squared distance, or that times its weight. */
// @ts-expect-error: decorator
@inline
function worth(nearest: usize, weights: usize, row: i32): f64 {
  const d = load<f64>(nearest + (<usize>row << 3));
  return weights == 0 ? d : max(d, LEAST) * load<f64>(weights + (<usize>row << 3));
}

// @ts-expect-error: decorator
@inline
function before(nearest: usize, weights: usize, a: i32, b: i32): bool {
  const x = worth(nearest, weights, a);
  const y = worth(nearest, weights, b);
  return x > y || (x == y && a < b);
}

function sink(nearest: usize, weights: usize, heap: usize, size: i32, from: i32): void {
  const row = load<i32>(heap + (<usize>from << 2));
  let at = from;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    let other = load<i32>(heap + (<usize>child << 2));
    if (child + 1 < size) {
      const right = load<i32>(heap + (<usize>(child + 1) << 2));
      if (before(nearest, weights, right, other)) {
        other = right;
        child++;
      }
    }
    if (!before(nearest, weights, other, row)) break;
    store<i32>(heap + (<usize>at << 2), other);
    at = child;
  }
  store<i32>(heap + (<usize>at << 2), row);
}

/** Puts every row that is not taken (seen ≥ 0) into the heap. */
export function kCenterHeapify(state: usize): void {
  const rows = field(state, 1);
  const nearest = pointer(state, 4);
  const seen = pointer(state, 6);
  const heap = pointer(state, 7);
  let size = 0;
  for (let row = 0; row < rows; row++) {
    if (load<i32>(seen + (<usize>row << 2)) < 0) continue;
    store<i32>(heap + (<usize>size << 2), row);
    size++;
  }
  store<i32>(state + (8 << 2), size);
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(nearest, pointer(state, 13), heap, size, at);
}

/**
 * Brings the top of the heap up to date, or as far as about `budget` distances go. Rows that were chosen meanwhile
 * (seen < 0) leave the heap when they come to its top.
 * @returns 1 when the top is the farthest row, 0 when the budget ran out
 */
export function kCenterSettle(state: usize, budget: i32): i32 {
  const data = pointer(state, 0);
  const bytes = <usize>field(state, 2) << 2;
  const norms = pointer(state, 3);
  const nearest = pointer(state, 4);
  const nearestRow = pointer(state, 5);
  const seen = pointer(state, 6);
  const heap = pointer(state, 7);
  let size = field(state, 8);
  const centres = pointer(state, 9);
  const centreRows = pointer(state, 10);
  const centreNorms = pointer(state, 11);
  const count = field(state, 12);
  const weights = pointer(state, 13);
  const share: f32 = 1 - rounding(bytes);
  let left = budget;
  while (size > 0) {
    const row = load<i32>(heap);
    let next = load<i32>(seen + (<usize>row << 2));
    if (next < 0) {
      size--;
      store<i32>(heap, load<i32>(heap + (<usize>size << 2)));
      store<i32>(state + (8 << 2), size);
      if (size > 0) sink(nearest, weights, heap, size, 0);
      continue;
    }
    if (next >= count) return 1;
    if (left <= 0) return 0;
    let rival = -1;
    if (size > 1) {
      rival = load<i32>(heap, 4);
      if (size > 2) {
        const right = load<i32>(heap, 8);
        if (before(nearest, weights, right, rival)) rival = right;
      }
    }
    const at = data + <usize>row * bytes;
    const near = nearest + (<usize>row << 3);
    const norm = load<f32>(norms + (<usize>row << 2));
    let d = load<f64>(near);
    const started = next;
    while (next < count) {
      // Four centres share the loads of the row.
      const b0 = centres + <usize>next * bytes;
      const taken = min(4, count - next);
      let estimates = f32x4.splat(0);
      if (taken == 4) {
        const b1 = b0 + bytes;
        const b2 = b1 + bytes;
        const b3 = b2 + bytes;
        let s0 = f32x4.splat(0);
        let s1 = f32x4.splat(0);
        let s2 = f32x4.splat(0);
        let s3 = f32x4.splat(0);
        for (let i: usize = 0; i < bytes; i += 16) {
          const x = v128.load(at + i);
          s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b0 + i)));
          s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b1 + i)));
          s2 = f32x4.add(s2, f32x4.mul(x, v128.load(b2 + i)));
          s3 = f32x4.add(s3, f32x4.mul(x, v128.load(b3 + i)));
        }
        const dots = addLanes(s0, s1, s2, s3);
        const lengths = f32x4.add(v128.load(centreNorms + (<usize>next << 2)), f32x4.splat(norm));
        estimates = f32x4.sub(f32x4.mul(lengths, f32x4.splat(share)), f32x4.add(dots, dots));
        if (!v128.any_true(f32x4.lt(estimates, f32x4.splat(<f32>d * 1.000001)))) {
          next += 4;
          continue;
        }
      }
      let dropped = false;
      for (let j = 0; j < taken; j++) {
        const b = b0 + <usize>j * bytes;
        let least: f32;
        if (taken == 4) {
          least = f32x4.extract_lane(estimates, 0);
          estimates = v128.shuffle<f32>(estimates, estimates, 1, 2, 3, 0);
        } else {
          least = (norm + load<f32>(centreNorms + (<usize>next << 2))) * share - 2 * dotF32(at, b, bytes);
        }
        next++;
        if (<f64>least >= d) continue;
        const exact = distanceSquaredF64(at, b, bytes);
        if (exact >= d) continue;
        d = exact;
        store<f64>(near, d);
        store<i32>(nearestRow + (<usize>row << 2), load<i32>(centreRows + (<usize>(next - 1) << 2)));
        if (rival >= 0 && before(nearest, weights, rival, row)) {
          dropped = true;
          break;
        }
      }
      if (dropped) break;
    }
    left -= next - started;
    store<i32>(seen + (<usize>row << 2), next);
    sink(nearest, weights, heap, size, 0);
  }
  return 1;
}

/** Lane i of the result is the sum of the lanes of vector i. */
// @ts-expect-error: decorator
@inline
function addLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 2, 6), v128.shuffle<f32>(a, b, 1, 5, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 2, 6), v128.shuffle<f32>(c, d, 1, 5, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

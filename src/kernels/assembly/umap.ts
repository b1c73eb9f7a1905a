/**
 * One epoch of UMAP's layout for points begin…end, from the positions of the epoch before, so that the order of points
 * and the number of threads change nothing. Each end of an active edge pulls with twice the attraction (once as its
 * head, once as its tail in the sequential form); five random points push back for each active edge.
 *
 * Attraction and repulsion are functions of the squared distance; they are looked up in a table over its logarithm,
 * linearly between entries: `table` holds for each entry (attraction, repulsion).
 */
const tableFrom: i32 = (127 - 24) << 6;
const tableLast: i32 = 40 * 64 - 1;

export function umapEpoch(
  begin: i32,
  end: i32,
  _thread: i32,
  first: usize,
  others: usize,
  rates: usize,
  from: usize,
  to: usize,
  points: i32,
  epoch: i32,
  negatives: i32,
  step: f32,
  table: usize,
  seed: i32,
): void {
  const now = <f32>epoch;
  for (let i = begin; i < end; i++) {
    const xi = load<f32>(from + (<usize>i << 3));
    const yi = load<f32>(from + (<usize>i << 3), 4);
    let fx: f32 = 0;
    let fy: f32 = 0;
    let random = mix(<u32>seed ^ mix(<u32>i + mix(<u32>epoch)));
    const last = load<i32>(first + (<usize>(i + 1) << 2));
    for (let e = load<i32>(first + (<usize>i << 2)); e < last; e++) {
      const other = load<i32>(others + (<usize>e << 2));
      const rate = load<f32>(rates + (<usize>e << 2));
      // The edge is active `rate` times an epoch on average; both of its ends agree on when it first is.
      const phase = <f32>(mix(<u32>(i + other) * 0x9e3779b1 ^ <u32>(i ^ other)) >>> 8) * <f32>5.9604645e-8;
      if (Mathf.floor((now + <f32>1) * rate + phase) == Mathf.floor(now * rate + phase)) continue;
      let dx = xi - load<f32>(from + (<usize>other << 3));
      let dy = yi - load<f32>(from + (<usize>other << 3), 4);
      let squared = dx * dx + dy * dy;
      if (squared > 0) {
        const pull = lookUp(table, squared);
        fx += <f32>2 * clip(pull * dx);
        fy += <f32>2 * clip(pull * dy);
      }
      for (let n = 0; n < negatives; n++) {
        random = random * 1664525 + 1013904223;
        const stranger = <i32>((<u64>mix(random) * <u64>points) >> 32);
        if (stranger == i) continue;
        dx = xi - load<f32>(from + (<usize>stranger << 3));
        dy = yi - load<f32>(from + (<usize>stranger << 3), 4);
        squared = dx * dx + dy * dy;
        const push = lookUp(table + 4, squared);
        fx += clip(push * dx);
        fy += clip(push * dy);
      }
    }
    store<f32>(to + (<usize>i << 3), xi + step * fx);
    store<f32>(to + (<usize>i << 3), yi + step * fy, 4);
  }
}

// @ts-ignore: decorator
@inline
function lookUp(table: usize, squared: f32): f32 {
  const bits = reinterpret<i32>(squared);
  const index = min(max((bits >> 17) - tableFrom, 0), tableLast);
  const share = <f32>(bits & 0x1ffff) * <f32>7.6293945e-6;
  const low = load<f32>(table + (<usize>index << 3));
  const high = load<f32>(table + (<usize>index << 3), 8);
  return low + share * (high - low);
}

// @ts-ignore: decorator
@inline
function clip(force: f32): f32 {
  return max<f32>(-4, min<f32>(4, force));
}

/** The finaliser of splitmix32. */
// @ts-ignore: decorator
@inline
function mix(value: u32): u32 {
  let z = value;
  z = (z ^ (z >>> 16)) * 0x21f0aaad;
  z = (z ^ (z >>> 15)) * 0x735a2d97;
  return z ^ (z >>> 15);
}

/**
 * t-SNE's forces with the repulsion from a potential on a grid (after FIt-SNE, Linderman et al. 2019, but with one
 * charge instead of four): the repulsion on a point is −½ of the gradient of Σ 1 / (1 + r²) over all points. That sum
 * is the convolution of the points, spread on a grid by cubic B-splines, with the kernel; its value and gradient at a
 * point come from the same splines.
 *
 * Positions are x, y pairs; in grid units a point is (y − corner) · cells.
 */

/** Weights of the four grid lines around a point, as a vector, for its place t in its cell, 0…1. */
// @ts-ignore: decorator
@inline
function spline(t: f32): v128 {
  const one: f32 = 1;
  const s = one - t;
  const sixth: f32 = 1.0 / 6.0;
  const w0 = s * s * s * sixth;
  const w3 = t * t * t * sixth;
  const w1 = middle(t) * sixth;
  const w2 = middle(s) * sixth;
  return f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(w0), 1, w1), 2, w2), 3, w3);
}

/** 3t³ − 6t² + 4. */
// @ts-ignore: decorator
@inline
function middle(t: f32): f32 {
  return <f32>3 * t * t * t - <f32>6 * t * t + <f32>4;
}

/** Their derivatives by t. */
// @ts-ignore: decorator
@inline
function slope(t: f32): v128 {
  const s = <f32>1 - t;
  const d0 = <f32>-0.5 * s * s;
  const d3 = <f32>0.5 * t * t;
  const d1 = t * (<f32>1.5 * t - <f32>2);
  const d2 = -s * (<f32>1.5 * s - <f32>2);
  return f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(d0), 1, d1), 2, d2), 3, d3);
}

/** Parts begin…end of the points are spread on a grid of their own each; a part is points / parts points. */
export function tsneSpread(
  begin: i32,
  end: i32,
  _thread: i32,
  positions: usize,
  points: i32,
  parts: i32,
  grids: usize,
  side: i32,
  cornerX: f32,
  cornerY: f32,
  cells: f32,
): void {
  const gridBytes = <usize>side * (<usize>side << 2);
  for (let part = begin; part < end; part++) {
    const grid = grids + <usize>part * gridBytes;
    memory.fill(grid, 0, gridBytes);
    const first = <i32>((<i64>points * part) / parts);
    const last = <i32>((<i64>points * (part + 1)) / parts);
    for (let i = first; i < last; i++) {
      const x = (load<f32>(positions + (<usize>i << 3)) - cornerX) * cells;
      const y = (load<f32>(positions + (<usize>i << 3), 4) - cornerY) * cells;
      const column = <i32>x;
      const row = <i32>y;
      const wx = spline(x - <f32>column);
      const wy = spline(y - <f32>row);
      let to = grid + ((<usize>(row - 1) * <usize>side + <usize>(column - 1)) << 2);
      const step = <usize>side << 2;
      addRow(to, wx, f32x4.extract_lane(wy, 0));
      to += step;
      addRow(to, wx, f32x4.extract_lane(wy, 1));
      to += step;
      addRow(to, wx, f32x4.extract_lane(wy, 2));
      to += step;
      addRow(to, wx, f32x4.extract_lane(wy, 3));
    }
  }
}

// @ts-ignore: decorator
@inline
function addRow(to: usize, weights: v128, factor: f32): void {
  v128.store(to, f32x4.add(v128.load(to), f32x4.mul(weights, f32x4.splat(factor))));
}

/**
 * Points begin…end: the repulsion (not yet divided by Σ) to `forces`, and each chunk's sum of potentials to
 * sums[begin / chunk].
 */
export function tsneRepel(
  begin: i32,
  end: i32,
  _thread: i32,
  positions: usize,
  potential: usize,
  side: i32,
  cornerX: f32,
  cornerY: f32,
  cells: f32,
  forces: usize,
  sums: usize,
  chunk: i32,
): void {
  let sum: f64 = 0;
  const step = <usize>side << 2;
  for (let i = begin; i < end; i++) {
    const x = (load<f32>(positions + (<usize>i << 3)) - cornerX) * cells;
    const y = (load<f32>(positions + (<usize>i << 3), 4) - cornerY) * cells;
    const column = <i32>x;
    const row = <i32>y;
    const tx = x - <f32>column;
    const ty = y - <f32>row;
    const wx = spline(tx);
    const wy = spline(ty);
    const dx = slope(tx);
    const dy = slope(ty);
    let from = potential + ((<usize>(row - 1) * <usize>side + <usize>(column - 1)) << 2);
    const r0 = v128.load(from);
    from += step;
    const r1 = v128.load(from);
    from += step;
    const r2 = v128.load(from);
    from += step;
    const r3 = v128.load(from);
    const across = combine(r0, r1, r2, r3, wy);
    const along = combine(r0, r1, r2, r3, dy);
    sum += <f64>total(f32x4.mul(across, wx));
    const scale = <f32>-0.5 * cells;
    store<f32>(forces + (<usize>i << 3), scale * total(f32x4.mul(across, dx)));
    store<f32>(forces + (<usize>i << 3), scale * total(f32x4.mul(along, wx)), 4);
  }
  store<f64>(sums + (<usize>(begin / chunk) << 3), sum);
}

// @ts-ignore: decorator
@inline
function combine(a: v128, b: v128, c: v128, d: v128, weights: v128): v128 {
  const low = f32x4.add(
    f32x4.mul(a, v128.shuffle<f32>(weights, weights, 0, 0, 0, 0)),
    f32x4.mul(b, v128.shuffle<f32>(weights, weights, 1, 1, 1, 1)),
  );
  const high = f32x4.add(
    f32x4.mul(c, v128.shuffle<f32>(weights, weights, 2, 2, 2, 2)),
    f32x4.mul(d, v128.shuffle<f32>(weights, weights, 3, 3, 3, 3)),
  );
  return f32x4.add(low, high);
}

// @ts-ignore: decorator
@inline
function total(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/**
 * Points begin…end move: attraction along their edges, the repulsion of {@link tsneRepel} times `repulsion`, gains and
 * momentum (Jacobs 1988, as van der Maaten & Hinton 2008 use them). `bounds` gets the least and largest x and y and the
 * sums of x and y of each chunk: 6 f32.
 * @param motion for each point gain x, gain y, velocity x, velocity y
 */
export function tsneMove(
  begin: i32,
  end: i32,
  _thread: i32,
  first: usize,
  others: usize,
  weights: usize,
  from: usize,
  to: usize,
  forces: usize,
  motion: usize,
  attraction: f32,
  repulsion: f32,
  rate: f32,
  momentum: f32,
  bounds: usize,
  chunk: i32,
): void {
  let leastX: f32 = f32.MAX_VALUE;
  let leastY: f32 = f32.MAX_VALUE;
  let mostX: f32 = -f32.MAX_VALUE;
  let mostY: f32 = -f32.MAX_VALUE;
  let sumX: f32 = 0;
  let sumY: f32 = 0;
  for (let i = begin; i < end; i++) {
    const x = load<f32>(from + (<usize>i << 3));
    const y = load<f32>(from + (<usize>i << 3), 4);
    let pullX: f32 = 0;
    let pullY: f32 = 0;
    const last = load<i32>(first + (<usize>(i + 1) << 2));
    for (let e = load<i32>(first + (<usize>i << 2)); e < last; e++) {
      const other = from + (<usize>load<i32>(others + (<usize>e << 2)) << 3);
      const dx = x - load<f32>(other);
      const dy = y - load<f32>(other, 4);
      const pull = load<f32>(weights + (<usize>e << 2)) / (<f32>1 + dx * dx + dy * dy);
      pullX += pull * dx;
      pullY += pull * dy;
    }
    const gradientX = attraction * pullX - repulsion * load<f32>(forces + (<usize>i << 3));
    const gradientY = attraction * pullY - repulsion * load<f32>(forces + (<usize>i << 3), 4);
    const state = motion + (<usize>i << 4);
    const nextX = x + velocity(state, gradientX, rate, momentum);
    const nextY = y + velocity(state + 4, gradientY, rate, momentum);
    store<f32>(to + (<usize>i << 3), nextX);
    store<f32>(to + (<usize>i << 3), nextY, 4);
    leastX = min(leastX, nextX);
    leastY = min(leastY, nextY);
    mostX = max(mostX, nextX);
    mostY = max(mostY, nextY);
    sumX += nextX;
    sumY += nextY;
  }
  const slot = bounds + <usize>(begin / chunk) * 24;
  store<f32>(slot, leastX);
  store<f32>(slot, leastY, 4);
  store<f32>(slot, mostX, 8);
  store<f32>(slot, mostY, 12);
  store<f32>(slot, sumX, 16);
  store<f32>(slot, sumY, 20);
}

/** The gain grows while gradient and velocity disagree in sign, and shrinks while they agree. */
// @ts-ignore: decorator
@inline
function velocity(state: usize, gradient: f32, rate: f32, momentum: f32): f32 {
  let gain = load<f32>(state);
  let speed = load<f32>(state, 8);
  gain = (gradient > 0) != (speed > 0) ? gain + <f32>0.2 : max<f32>(gain * <f32>0.8, 0.01);
  speed = momentum * speed - rate * gain * gradient;
  store<f32>(state, gain);
  store<f32>(state, speed, 8);
  return speed;
}

/**
 * What the pixels of an image measure, taken in one pass as its rows arrive: histograms of brightness and of the three
 * channels, sums of grey and of its Laplacian, the largest spread of a pixel's channels, a hash of all pixels, and the
 * horizontal passes of two resizes (in colour, and of grey), whose vertical passes follow when all rows are there.
 *
 * `state` is a row of 32-bit fields; see measureFields in ../state.ts.
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

/** Sums of products of a row are kept in 32 bits for this many pixels. */
const SEGMENT: i32 = 4096;
/** 64 √(x / 1000): the place of a brightness among the histogram's 64 · 255 + 1. */
const BRIGHTNESS: f32 = 2.0238577;

/** The next `count` rows of RGBA pixels, top to bottom; what the fourth byte holds does not matter. */
export function measureRows(state: usize, count: i32): void {
  const width = field(state, 0);
  const height = field(state, 1);
  const pixels = pointer(state, 3);
  const padded = pointer(state, 4);
  const first = field(state, 2);
  for (let i = 0; i < count; i++) {
    const y = first + i;
    // A copy whose end is filled with zeros up to a whole vector: they change no sum and no hash.
    memory.copy(padded, pixels + (<usize>i * <usize>width << 2), <usize>width << 2);
    const grey = greyRow(state, y);
    pointRow(state, padded, grey, width);
    countRow(state, padded, width);
    mirror(grey, width);
    if (y > 0) laplacianRow(state, greyRow(state, y == 1 ? 1 : y - 2), greyRow(state, y - 1), grey, width);
    if (y == height - 1) {
      const above = y > 0 ? greyRow(state, y - 1) : grey;
      laplacianRow(state, above, grey, above, width);
    }
    shrinkColour(state, padded, y);
    shrinkGrey(state, grey, y);
  }
  store<i32>(state, first + count, 2 << 2);
}

/** Grey of a row as i32, one of three that take turns; four values lie in front of it. */
// @ts-expect-error: decorator
@inline
function greyRow(state: usize, y: i32): usize {
  return pointer(state, 5) + ((<usize>(y % 3) * <usize>field(state, 6) + 4) << 2);
}

/** All that is alike for each pixel of a row, four at a time. */
function pointRow(state: usize, pixels: usize, grey: usize, width: i32): void {
  const brightness = pointer(state, 7);
  const sums = pointer(state, 10);
  const hashes = pointer(state, 11);
  const low = i32x4.splat(0xff);
  let hash = v128.load(hashes);
  let spread = v128.load(hashes, 16);
  for (let begin = 0; begin < width; begin += SEGMENT) {
    const end = min(width, begin + SEGMENT);
    let sum = i32x4.splat(0);
    let squares = i32x4.splat(0);
    for (let x = begin; x < end; x += 4) {
      const at = <usize>x << 2;
      const rgba = v128.load(pixels + at);
      const r = v128.and(rgba, low);
      const g = v128.and(i32x4.shr_u(rgba, 8), low);
      const b = v128.and(i32x4.shr_u(rgba, 16), low);
      const l = i32x4.shr_u(
        i32x4.add(
          i32x4.add(i32x4.mul(r, i32x4.splat(19595)), i32x4.mul(g, i32x4.splat(38470))),
          i32x4.add(i32x4.mul(b, i32x4.splat(7471)), i32x4.splat(32768)),
        ),
        16,
      );
      v128.store(grey + at, l);
      sum = i32x4.add(sum, l);
      squares = i32x4.add(squares, i32x4.mul(l, l));
      const power = i32x4.add(
        i32x4.mul(i32x4.mul(r, r), i32x4.splat(241)),
        i32x4.add(i32x4.mul(i32x4.mul(g, g), i32x4.splat(691)), i32x4.mul(i32x4.mul(b, b), i32x4.splat(68))),
      );
      const root = f32x4.mul(f32x4.sqrt(f32x4.convert_i32x4_s(power)), f32x4.splat(BRIGHTNESS));
      v128.store(brightness + at, i32x4.trunc_sat_f32x4_s(f32x4.add(root, f32x4.splat(0.5))));
      spread = i32x4.max_s(
        spread,
        i32x4.sub(i32x4.max_s(r, i32x4.max_s(g, b)), i32x4.min_s(r, i32x4.min_s(g, b))),
      );
      // MurmurHash3, a hash a lane.
      let k = i32x4.mul(v128.and(rgba, i32x4.splat(0xffffff)), i32x4.splat(0xcc9e2d51));
      k = i32x4.mul(v128.or(i32x4.shl(k, 15), i32x4.shr_u(k, 17)), i32x4.splat(0x1b873593));
      hash = v128.xor(hash, k);
      hash = v128.or(i32x4.shl(hash, 13), i32x4.shr_u(hash, 19));
      hash = i32x4.add(i32x4.mul(hash, i32x4.splat(5)), i32x4.splat(0xe6546b64));
    }
    addLanes(sums, sum);
    addLanes(sums + 8, squares);
  }
  v128.store(hashes, hash);
  v128.store(hashes, spread, 16);
}

/** Adds the four lanes to an f64. */
function addLanes(to: usize, lanes: v128): void {
  const total =
    <i64>i32x4.extract_lane(lanes, 0) +
    <i64>i32x4.extract_lane(lanes, 1) +
    <i64>i32x4.extract_lane(lanes, 2) +
    <i64>i32x4.extract_lane(lanes, 3);
  store<f64>(to, load<f64>(to) + <f64>total);
}

function countRow(state: usize, pixels: usize, width: i32): void {
  const brightness = pointer(state, 7);
  const bright = pointer(state, 8);
  const channels = pointer(state, 9);
  for (let x = 0; x < width; x++) {
    const at = <usize>x << 2;
    const pixel = load<u32>(pixels + at);
    increase(bright + (<usize>load<u32>(brightness + at) << 2));
    increase(channels + (<usize>(pixel & 0xff) << 2));
    increase(channels + 1024 + (<usize>((pixel >> 8) & 0xff) << 2));
    increase(channels + 2048 + (<usize>((pixel >> 16) & 0xff) << 2));
  }
}

// @ts-expect-error: decorator
@inline
function increase(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}

/** What lies beyond the ends of a row, for the Laplacian: the row mirrored at its outermost pixels. */
function mirror(grey: usize, width: i32): void {
  const end = grey + (<usize>width << 2);
  store<i32>(grey - 4, load<i32>(grey + (width > 1 ? 4 : 0)));
  store<i32>(end, load<i32>(width > 1 ? end - 8 : grey));
}

/** The sum of the four neighbours less four times the pixel, and its square, summed over a row. */
function laplacianRow(state: usize, above: usize, row: usize, below: usize, width: i32): void {
  const sums = pointer(state, 10);
  for (let begin = 0; begin < width; begin += SEGMENT) {
    const end = min(width, begin + SEGMENT);
    let sum = i32x4.splat(0);
    let squares = i32x4.splat(0);
    let x = begin;
    for (; x + 4 <= end; x += 4) {
      const at = <usize>x << 2;
      const value = i32x4.sub(
        i32x4.add(
          i32x4.add(v128.load(above + at), v128.load(below + at)),
          i32x4.add(v128.load(row + at - 4), v128.load(row + at + 4)),
        ),
        i32x4.shl(v128.load(row + at), 2),
      );
      sum = i32x4.add(sum, value);
      squares = i32x4.add(squares, i32x4.mul(value, value));
    }
    for (; x < end; x++) {
      const at = <usize>x << 2;
      const value =
        load<i32>(above + at) +
        load<i32>(below + at) +
        load<i32>(row + at - 4) +
        load<i32>(row + at + 4) -
        4 * load<i32>(row + at);
      sum = i32x4.add(sum, i32x4(value, 0, 0, 0));
      squares = i32x4.add(squares, i32x4(value * value, 0, 0, 0));
    }
    addLanes(sums + 16, sum);
    addLanes(sums + 24, squares);
  }
}

/** Rounds sums of 22-bit fixed point to 0…255. */
// @ts-expect-error: decorator
@inline
function rounded(sum: v128): v128 {
  const words = i16x8.narrow_i32x4_s(i32x4.shr_s(sum, 22), i32x4.splat(0));
  return i8x16.narrow_i16x8_u(words, words);
}

/** The horizontal pass over a row's three channels. */
function shrinkColour(state: usize, pixels: usize, y: i32): void {
  const first = pointer(state, 12);
  const counts = pointer(state, 13);
  const stride = <usize>field(state, 15) << 2;
  const outputs = field(state, 16);
  let weights = pointer(state, 14);
  let out = pointer(state, 17) + <usize>y * <usize>outputs * 3;
  for (let x = 0; x < outputs; x++) {
    let from = pixels + (<usize>load<u32>(first + (<usize>x << 2)) << 2);
    const count = load<i32>(counts + (<usize>x << 2));
    let weight = weights;
    let even = i32x4.splat(1 << 21);
    let odd = i32x4.splat(0);
    // The weight after the last is 0.
    for (let tap = 0; tap < count; tap += 2) {
      const two = i16x8.extend_low_i8x16_u(v128.load64_zero(from));
      even = i32x4.add(even, i32x4.mul(i32x4.extend_low_i16x8_u(two), v128.load32_splat(weight)));
      odd = i32x4.add(odd, i32x4.mul(i32x4.extend_high_i16x8_u(two), v128.load32_splat(weight, 4)));
      from += 8;
      weight += 8;
    }
    v128.store32_lane(out, rounded(i32x4.add(even, odd)), 0);
    weights += stride;
    out += 3;
  }
}

/** The horizontal pass over a row's grey. */
function shrinkGrey(state: usize, grey: usize, y: i32): void {
  const first = pointer(state, 18);
  const counts = pointer(state, 19);
  const stride = <usize>field(state, 21) << 2;
  const outputs = field(state, 22);
  let weights = pointer(state, 20);
  const out = pointer(state, 23) + <usize>y * <usize>outputs;
  for (let x = 0; x < outputs; x++) {
    let from = grey + (<usize>load<u32>(first + (<usize>x << 2)) << 2);
    const count = load<i32>(counts + (<usize>x << 2));
    let weight = weights;
    let sum = i32x4(1 << 21, 0, 0, 0);
    // Up to three weights after the last are 0.
    for (let tap = 0; tap < count; tap += 4) {
      sum = i32x4.add(sum, i32x4.mul(v128.load(from), v128.load(weight)));
      from += 16;
      weight += 16;
    }
    const value =
      i32x4.extract_lane(sum, 0) +
      i32x4.extract_lane(sum, 1) +
      (i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3));
    store<u8>(out + <usize>x, <u8>min(max(value >> 22, 0), 255));
    weights += stride;
  }
}

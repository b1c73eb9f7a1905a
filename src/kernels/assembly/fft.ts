/**
 * Convolution of a square grid with an even kernel by FFT, the grid padded to twice its side. Four transforms run in
 * the four lanes of a vector. Lengths are 2^a · 3^b; Stockham's form, which needs no reordering.
 */

/** `re`, `im`: vectors of `length`; `re2`, `im2`: as much scratch. The result is in the first pair. */
function transform(re: usize, im: usize, re2: usize, im2: usize, length: i32, roots: usize): void {
  let fromRe = re;
  let fromIm = im;
  let toRe = re2;
  let toIm = im2;
  let n = length;
  let stride: i32 = 1;
  while (n > 1) {
    const turn = length / n;
    if (n % 4 == 0) radix4(fromRe, fromIm, toRe, toIm, n, stride, turn, roots);
    else if (n % 3 == 0) radix3(fromRe, fromIm, toRe, toIm, n, stride, turn, roots);
    else radix2(fromRe, fromIm, toRe, toIm, n, stride, turn, roots);
    const radix = n % 4 == 0 ? 4 : n % 3 == 0 ? 3 : 2;
    n /= radix;
    stride *= radix;
    const r = fromRe;
    const i = fromIm;
    fromRe = toRe;
    fromIm = toIm;
    toRe = r;
    toIm = i;
  }
  if (fromRe != re) {
    memory.copy(re, fromRe, <usize>length << 4);
    memory.copy(im, fromIm, <usize>length << 4);
  }
}

// @ts-ignore: decorator
@inline
function at(base: usize, index: i32): usize {
  return base + (<usize>index << 4);
}

/** cos and −sin of 2π · index / length, from the table. */
// @ts-ignore: decorator
@inline
function rootRe(roots: usize, index: i32): v128 {
  return v128.load32_splat(roots + (<usize>index << 3));
}
// @ts-ignore: decorator
@inline
function rootIm(roots: usize, index: i32): v128 {
  return v128.load32_splat(roots + (<usize>index << 3), 4);
}

// @ts-ignore: decorator
@inline
function put(re: usize, im: usize, index: i32, x: v128, y: v128, c: v128, s: v128): void {
  v128.store(at(re, index), f32x4.sub(f32x4.mul(x, c), f32x4.mul(y, s)));
  v128.store(at(im, index), f32x4.add(f32x4.mul(x, s), f32x4.mul(y, c)));
}

function radix2(ar: usize, ai: usize, br: usize, bi: usize, n: i32, stride: i32, turn: i32, roots: usize): void {
  const half = n >> 1;
  for (let p = 0; p < half; p++) {
    const c = rootRe(roots, p * turn);
    const s = rootIm(roots, p * turn);
    for (let q = 0; q < stride; q++) {
      const i0 = q + stride * p;
      const i1 = i0 + stride * half;
      const xr = v128.load(at(ar, i0));
      const xi = v128.load(at(ai, i0));
      const yr = v128.load(at(ar, i1));
      const yi = v128.load(at(ai, i1));
      const to = q + stride * 2 * p;
      v128.store(at(br, to), f32x4.add(xr, yr));
      v128.store(at(bi, to), f32x4.add(xi, yi));
      put(br, bi, to + stride, f32x4.sub(xr, yr), f32x4.sub(xi, yi), c, s);
    }
  }
}

function radix3(ar: usize, ai: usize, br: usize, bi: usize, n: i32, stride: i32, turn: i32, roots: usize): void {
  const third = n / 3;
  const half = f32x4.splat(0.5);
  const sine = f32x4.splat(0.8660254037844386);
  for (let p = 0; p < third; p++) {
    const c1 = rootRe(roots, p * turn);
    const s1 = rootIm(roots, p * turn);
    const c2 = rootRe(roots, 2 * p * turn);
    const s2 = rootIm(roots, 2 * p * turn);
    for (let q = 0; q < stride; q++) {
      const i0 = q + stride * p;
      const i1 = i0 + stride * third;
      const i2 = i1 + stride * third;
      const x0r = v128.load(at(ar, i0));
      const x0i = v128.load(at(ai, i0));
      const x1r = v128.load(at(ar, i1));
      const x1i = v128.load(at(ai, i1));
      const x2r = v128.load(at(ar, i2));
      const x2i = v128.load(at(ai, i2));
      const sumR = f32x4.add(x1r, x2r);
      const sumI = f32x4.add(x1i, x2i);
      const midR = f32x4.sub(x0r, f32x4.mul(half, sumR));
      const midI = f32x4.sub(x0i, f32x4.mul(half, sumI));
      const turnR = f32x4.mul(sine, f32x4.sub(x1i, x2i));
      const turnI = f32x4.mul(sine, f32x4.sub(x2r, x1r));
      const to = q + stride * 3 * p;
      v128.store(at(br, to), f32x4.add(x0r, sumR));
      v128.store(at(bi, to), f32x4.add(x0i, sumI));
      put(br, bi, to + stride, f32x4.add(midR, turnR), f32x4.add(midI, turnI), c1, s1);
      put(br, bi, to + 2 * stride, f32x4.sub(midR, turnR), f32x4.sub(midI, turnI), c2, s2);
    }
  }
}

function radix4(ar: usize, ai: usize, br: usize, bi: usize, n: i32, stride: i32, turn: i32, roots: usize): void {
  const quarter = n >> 2;
  for (let p = 0; p < quarter; p++) {
    const c1 = rootRe(roots, p * turn);
    const s1 = rootIm(roots, p * turn);
    const c2 = rootRe(roots, 2 * p * turn);
    const s2 = rootIm(roots, 2 * p * turn);
    const c3 = rootRe(roots, 3 * p * turn);
    const s3 = rootIm(roots, 3 * p * turn);
    for (let q = 0; q < stride; q++) {
      const i0 = q + stride * p;
      const i1 = i0 + stride * quarter;
      const i2 = i1 + stride * quarter;
      const i3 = i2 + stride * quarter;
      const x0r = v128.load(at(ar, i0));
      const x0i = v128.load(at(ai, i0));
      const x1r = v128.load(at(ar, i1));
      const x1i = v128.load(at(ai, i1));
      const x2r = v128.load(at(ar, i2));
      const x2i = v128.load(at(ai, i2));
      const x3r = v128.load(at(ar, i3));
      const x3i = v128.load(at(ai, i3));
      const evenR = f32x4.add(x0r, x2r);
      const evenI = f32x4.add(x0i, x2i);
      const oddR = f32x4.add(x1r, x3r);
      const oddI = f32x4.add(x1i, x3i);
      const differR = f32x4.sub(x0r, x2r);
      const differI = f32x4.sub(x0i, x2i);
      const crossR = f32x4.sub(x1i, x3i);
      const crossI = f32x4.sub(x3r, x1r);
      const to = q + stride * 4 * p;
      v128.store(at(br, to), f32x4.add(evenR, oddR));
      v128.store(at(bi, to), f32x4.add(evenI, oddI));
      put(br, bi, to + stride, f32x4.add(differR, crossR), f32x4.add(differI, crossI), c1, s1);
      put(br, bi, to + 2 * stride, f32x4.sub(evenR, oddR), f32x4.sub(evenI, oddI), c2, s2);
      put(br, bi, to + 3 * stride, f32x4.sub(differR, crossR), f32x4.sub(differI, crossI), c3, s3);
    }
  }
}

/** Bytes of scratch a thread needs for a length. */
// @ts-ignore: decorator
@inline
function scratchOf(scratch: usize, thread: i32, length: i32): usize {
  return scratch + <usize>thread * (<usize>length << 6);
}

/**
 * Columns 8·begin…8·end of the grid, transformed along y. Eight real columns are four complex ones.
 * @param grids `parts` grids of side × side that are added up
 * @param spectrum re, then im: (length / 2 + 4) × side each
 */
export function fftColumns(
  begin: i32,
  end: i32,
  thread: i32,
  grids: usize,
  parts: i32,
  side: i32,
  length: i32,
  spectrum: usize,
  roots: usize,
  scratch: usize,
): void {
  const re = scratchOf(scratch, thread, length);
  const vectors = <usize>length << 4;
  const im = re + vectors;
  const half = length >> 1;
  const rowBytes = <usize>side << 2;
  const gridBytes = <usize>side * rowBytes;
  const outRe = spectrum;
  const outIm = spectrum + <usize>(half + 4) * rowBytes;
  const two = f32x4.splat(0.5);
  for (let group = begin; group < end; group++) {
    const column = <usize>group << 5;
    for (let y = 0; y < side; y++) {
      let from = grids + <usize>y * rowBytes + column;
      let a = v128.load(from);
      let b = v128.load(from, 16);
      for (let part = 1; part < parts; part++) {
        from += gridBytes;
        a = f32x4.add(a, v128.load(from));
        b = f32x4.add(b, v128.load(from, 16));
      }
      v128.store(at(re, y), a);
      v128.store(at(im, y), b);
    }
    memory.fill(at(re, side), 0, <usize>(length - side) << 4);
    memory.fill(at(im, side), 0, <usize>(length - side) << 4);
    transform(re, im, im + vectors, im + 2 * vectors, length, roots);
    for (let k = 0; k <= half; k++) {
      const mirror = k == 0 ? 0 : length - k;
      const zr = v128.load(at(re, k));
      const zi = v128.load(at(im, k));
      const mr = v128.load(at(re, mirror));
      const mi = v128.load(at(im, mirror));
      const to = <usize>k * rowBytes + column;
      v128.store(outRe + to, f32x4.mul(two, f32x4.add(zr, mr)));
      v128.store(outIm + to, f32x4.mul(two, f32x4.sub(zi, mi)));
      v128.store(outRe + to, f32x4.mul(two, f32x4.add(zi, mi)), 16);
      v128.store(outIm + to, f32x4.mul(two, f32x4.sub(mr, zr)), 16);
    }
  }
}

/** Lanes become rows: four vectors to the four rows at `from` + row · rowBytes, and back. */
// @ts-ignore: decorator
@inline
function transposeIn(from: usize, rowBytes: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + rowBytes);
  const c = v128.load(from + 2 * rowBytes);
  const d = v128.load(from + 3 * rowBytes);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), 16);
  v128.store(to, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5), 32);
  v128.store(to, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7), 48);
}

// @ts-ignore: decorator
@inline
function transposeOut(from: usize, to: usize, rowBytes: usize): void {
  const a = v128.load(from);
  const b = v128.load(from, 16);
  const c = v128.load(from, 32);
  const d = v128.load(from, 48);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to + rowBytes, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(to + 2 * rowBytes, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5));
  v128.store(to + 3 * rowBytes, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7));
}

/**
 * Rows 4·begin…4·end of the spectrum, along x: transformed, then, with `apply`, multiplied by the kernel's spectrum and
 * transformed back; without, the real part is kept times `gains[x] · gains[y]` as that kernel spectrum.
 * @param kernel f32 (length / 2 + 4) / 4 × length × 4
 * @param gains f32 length
 */
export function fftRows(
  begin: i32,
  end: i32,
  thread: i32,
  spectrum: usize,
  side: i32,
  length: i32,
  kernel: usize,
  gains: usize,
  apply: i32,
  roots: usize,
  scratch: usize,
): void {
  const re = scratchOf(scratch, thread, length);
  const vectors = <usize>length << 4;
  const im = re + vectors;
  const half = length >> 1;
  const rowBytes = <usize>side << 2;
  const imBase = spectrum + <usize>(half + 4) * rowBytes;
  for (let group = begin; group < end; group++) {
    const row = <usize>(group << 2) * rowBytes;
    for (let x = 0; x < side; x += 4) {
      transposeIn(spectrum + row + (<usize>x << 2), rowBytes, at(re, x));
      transposeIn(imBase + row + (<usize>x << 2), rowBytes, at(im, x));
    }
    memory.fill(at(re, side), 0, <usize>(length - side) << 4);
    memory.fill(at(im, side), 0, <usize>(length - side) << 4);
    transform(re, im, im + vectors, im + 2 * vectors, length, roots);
    const values = kernel + <usize>group * vectors;
    if (!apply) {
      const gain = v128.load(gains + (<usize>group << 4));
      for (let x = 0; x < length; x++) {
        const other = v128.load32_splat(gains + (<usize>x << 2));
        v128.store(at(values, x), f32x4.mul(f32x4.mul(gain, other), v128.load(at(re, x))));
      }
      continue;
    }
    for (let x = 0; x < length; x++) {
      const value = v128.load(at(values, x));
      v128.store(at(re, x), f32x4.mul(value, v128.load(at(re, x))));
      v128.store(at(im, x), f32x4.mul(value, v128.load(at(im, x))));
    }
    // The inverse is the transform with both parts exchanged.
    transform(im, re, im + vectors, im + 2 * vectors, length, roots);
    for (let x = 0; x < side; x += 4) {
      transposeOut(at(re, x), spectrum + row + (<usize>x << 2), rowBytes);
      transposeOut(at(im, x), imBase + row + (<usize>x << 2), rowBytes);
    }
  }
}

/** The way back of {@link fftColumns}: columns 8·begin…8·end of the convolved grid, times `scale`. */
export function fftColumnsBack(
  begin: i32,
  end: i32,
  thread: i32,
  spectrum: usize,
  side: i32,
  length: i32,
  grid: usize,
  scale: f32,
  roots: usize,
  scratch: usize,
): void {
  const re = scratchOf(scratch, thread, length);
  const vectors = <usize>length << 4;
  const im = re + vectors;
  const half = length >> 1;
  const rowBytes = <usize>side << 2;
  const imBase = spectrum + <usize>(half + 4) * rowBytes;
  const factor = f32x4.splat(scale);
  for (let group = begin; group < end; group++) {
    const column = <usize>group << 5;
    for (let k = 0; k <= half; k++) {
      const from = <usize>k * rowBytes + column;
      const ar = v128.load(spectrum + from);
      const ai = v128.load(imBase + from);
      const br = v128.load(spectrum + from, 16);
      const bi = v128.load(imBase + from, 16);
      v128.store(at(re, k), f32x4.sub(ar, bi));
      v128.store(at(im, k), f32x4.add(ai, br));
      if (k == 0 || k == half) continue;
      v128.store(at(re, length - k), f32x4.add(ar, bi));
      v128.store(at(im, length - k), f32x4.sub(br, ai));
    }
    transform(im, re, im + vectors, im + 2 * vectors, length, roots);
    for (let y = 0; y < side; y++) {
      const to = grid + <usize>y * rowBytes + column;
      v128.store(to, f32x4.mul(factor, v128.load(at(re, y))));
      v128.store(to, f32x4.mul(factor, v128.load(at(im, y))), 16);
    }
  }
}

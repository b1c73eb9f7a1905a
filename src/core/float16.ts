/** IEEE 754 binary16 in a Uint16Array, because Float16Array is not everywhere yet (Node 20, older browsers). */

const f32 = new Float32Array(1);
const bits = new Uint32Array(f32.buffer);

/** Nearest half-precision number, ties to even; too large becomes infinity; NaN stays NaN. */
function toHalf(value: number): number {
  f32[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below the smallest normal half (2⁻¹⁴): adding ½ lets the f32 adder round the mantissa to steps of 2⁻²⁴.
    bits[0] = magnitude;
    f32[0] = f32[0]! + 0.5;
    return sign | (bits[0]! - 0x3f000000);
  }
  const odd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
}

/** Value of each of the 65,536 half-precision numbers. */
let values: Float32Array | null = null;

function table(): Float32Array {
  if (values) return values;
  values = new Float32Array(65536);
  for (let half = 0; half < 65536; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const mantissa = half & 0x3ff;
    if (exponent === 31) values[half] = mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else if (exponent === 0) values[half] = sign * mantissa * 2 ** -24;
    else values[half] = sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
  }
  return values;
}

/** f32 → f16 bits, same length. */
export function encodeFloat16(numbers: Float32Array): Uint16Array {
  const out = new Uint16Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) out[i] = toHalf(numbers[i]!);
  return out;
}

/** f16 bits → f32, same length, exact. */
export function decodeFloat16(halves: Uint16Array): Float32Array {
  const lookUp = table();
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = lookUp[halves[i]!]!;
  return out;
}

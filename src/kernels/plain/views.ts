import type { KernelMemory } from "../memory.ts";

/** The whole memory as numbers; offsets are byte offsets, so an index is offset / size. */
export interface Views {
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly u8: Uint8Array;
}

/** Views that are made again when the memory has grown. */
export function viewsOf({ raw }: KernelMemory): () => Views {
  const make = (buffer: ArrayBuffer): Views & { buffer: ArrayBuffer } => ({
    buffer,
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    u8: new Uint8Array(buffer),
  });
  let views = make(raw.buffer as ArrayBuffer);
  return () => {
    if (views.buffer !== raw.buffer) views = make(raw.buffer as ArrayBuffer);
    return views;
  };
}

/** Squared distance of the rows at two indices, f64; even and odd columns summed apart, as every kernel does. */
export function distanceSquared(f32: Float32Array, a: number, b: number, stride: number): number {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < stride; i += 2) {
    const first = f32[a + i]! - f32[b + i]!;
    const second = f32[a + i + 1]! - f32[b + i + 1]!;
    even += first * first;
    odd += second * second;
  }
  return even + odd;
}

import type { InputSpec } from "../protocol/embedding.ts";

/** Interleaved 8-bit RGB → planar f32 (count × 3 × size × size), (value − mean) · scale. */
export function planar(
  rgb: Uint8Array,
  count: number,
  { size, mean, scale }: Pick<InputSpec, "size" | "mean" | "scale">,
): Float32Array {
  const pixels = size * size;
  const out = new Float32Array(count * 3 * pixels);
  const level = Float32Array.from({ length: 256 }, (_, value) => (value - mean) * scale);
  for (let image = 0; image < count; image++) {
    const base = image * 3 * pixels;
    for (let p = 0, from = base; p < pixels; p++, from += 3) {
      out[base + p] = level[rgb[from]!]!;
      out[base + pixels + p] = level[rgb[from + 1]!]!;
      out[base + 2 * pixels + p] = level[rgb[from + 2]!]!;
    }
  }
  return out;
}

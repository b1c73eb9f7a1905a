import fc from "fast-check";
import { expect, it } from "vitest";
import { maskPixels } from "../../../src/ui/labels/maskPixels.ts";

/** A mask as 0 and 1, and as runs that begin with zeros. */
const masks = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.nat(1), { minLength: width * height, maxLength: width * height })
      .map((bits) => ({ width, height, bits })),
  );

function runsOf(bits: readonly number[]): Uint32Array {
  const counts = [0];
  let now = 0;
  for (const bit of bits) {
    if (bit !== now) counts.push(0);
    now = bit;
    counts[counts.length - 1]!++;
  }
  return Uint32Array.from(counts);
}

it("a mask is what its runs say, and smaller it says what is in the middle of each of its pixels", () => {
  fc.assert(
    fc.property(masks, fc.integer({ min: 1, max: 14 }), ({ width, height, bits }, most) => {
      const made = maskPixels({ kind: "runs", width, height, counts: runsOf(bits) }, most);
      expect(Math.max(made.width, made.height)).toBeLessThanOrEqual(Math.max(most, 1));
      const expected = Array.from(made.inside, (_, i) => {
        const x = Math.floor((((i % made.width) + 0.5) * width) / made.width);
        const y = Math.floor(((Math.floor(i / made.width) + 0.5) * height) / made.height);
        return bits[Math.min(height - 1, y) * width + Math.min(width - 1, x)];
      });
      expect(Array.from(made.inside)).toEqual(expected);
    }),
  );
});

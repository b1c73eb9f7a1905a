import fc from "fast-check";
import { expect, test } from "vitest";
import { imagesToView } from "../../../src/pipeline/viewEmbedding.ts";

test("images that get views are a fixed sample, different each, and none that has views already", () => {
  const counts = fc.tuple(
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 0, max: 300 }),
  );
  fc.assert(
    fc.property(counts, ([images, first, more]) => {
      const before = imagesToView(images, first, new Uint32Array(0));
      expect(before).toHaveLength(Math.min(images, first));
      expect(imagesToView(images, first, new Uint32Array(0))).toEqual(before);
      const added = imagesToView(images, more, Uint32Array.from(before));
      expect(added).toHaveLength(Math.max(0, Math.min(images, more) - before.length));
      const all = [...before, ...added];
      expect(new Set(all).size).toBe(all.length);
      expect(all.every((row) => row >= 0 && row < images)).toBe(true);
      // Bit by bit it comes to the same sample as at once.
      if (more >= first) expect(all).toEqual(imagesToView(images, Math.max(first, more), new Uint32Array(0)));
    }),
  );
  // It is spread over the project, not its beginning.
  expect(Math.max(...imagesToView(10_000, 100, new Uint32Array(0)))).toBeGreaterThan(8_000);
});

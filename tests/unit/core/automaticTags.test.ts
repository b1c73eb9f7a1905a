import fc from "fast-check";
import { expect, test } from "vitest";
import { automaticTags, taggedCount } from "../../../src/core/classifier/automaticTags.ts";

const about = { id: "automatic", name: "Automatic tags", source: { format: "automatic", file: "", at: 0 } };

test("an image gets its likeliest class when that is likely enough; the others are known to have none", () => {
  const likeliest = {
    names: ["hat", "dog", "cat"],
    ofRow: Int32Array.from([1, 0, -1, 2, 1]),
    confidence: Float32Array.from([0.9, 0.2, 0.9, 0.5, 0.6]),
  };
  const set = automaticTags(likeliest, 0.5, about);
  expect(set).toMatchObject({ role: "predictions", type: "classification", classes: ["cat", "dog"] });
  expect([...set.known]).toEqual([1, 1, 0, 1, 1]);
  expect([...set.first]).toEqual([0, 1, 1, 1, 2, 3]);
  expect(Array.from(set.classOf, (id) => set.classes[id])).toEqual(["dog", "cat", "dog"]);
  expect([...set.scores!]).toEqual([0.9, 0.5, 0.6].map(Math.fround));
});

test("as many images are tagged as were counted, and a lower threshold never tags fewer", () => {
  const rows = fc.array(
    fc.record({ id: fc.integer({ min: -1, max: 3 }), confidence: fc.double({ min: 0, max: 1, noNaN: true }) }),
  );
  fc.assert(
    fc.property(
      rows,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (all, a, b) => {
        const likeliest = {
          names: ["d", "c", "b", "a"],
          ofRow: Int32Array.from(all, ({ id }) => id),
          confidence: Float64Array.from(all, ({ confidence }) => confidence),
        };
        expect(automaticTags(likeliest, a, about).classOf).toHaveLength(taggedCount(likeliest, a));
        expect(taggedCount(likeliest, Math.min(a, b))).toBeGreaterThanOrEqual(taggedCount(likeliest, Math.max(a, b)));
      },
    ),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { plainOrder, textOrder } from "../../../src/core/explore/textOrder.ts";

const bruteForce = (texts: readonly string[]): number[] =>
  [...texts.keys()].sort((a, b) => (texts[a]! < texts[b]! ? -1 : texts[a]! > texts[b]! ? 1 : a - b));

test("texts in their plain order, from nothing or from that of the first ones", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("", "a", "b", "ab", "B", "ä", "z2", "z10")), fc.nat(30), (texts, cut) => {
      const wanted = bruteForce(texts);
      expect([...plainOrder(texts)]).toEqual(wanted);
      expect([...plainOrder(texts, plainOrder(texts.slice(0, cut)))]).toEqual(wanted);
      // An order of more texts than there are says nothing.
      expect([...plainOrder(texts, Uint32Array.from([...texts.keys(), texts.length]))]).toEqual(wanted);
    }),
  );
});

test("few texts as people sort them, whatever is known; many by code units", () => {
  const few = ["z10", "z2", "Z2", "a"];
  expect([...textOrder(few, plainOrder(few))].map((i) => few[i])).toEqual(["a", "z2", "Z2", "z10"]);
  const many = Array.from({ length: 20_001 }, (_, i) => `z${(i * 7_919) % 20_001}`);
  expect([...textOrder(many)]).toEqual(bruteForce(many));
  expect([...textOrder(many, plainOrder(many.slice(0, 9_000)))]).toEqual(bruteForce(many));
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classOfRow, instancesOf } from "../../../src/core/annotations/annotationSet.ts";
import { AnnotationSetBuilder } from "../../../src/core/annotations/setBuilder.ts";

const about = {
  id: "s",
  name: "S",
  role: "labels" as const,
  type: "object-detection" as const,
  source: { format: "test", file: "", at: 0 },
};

describe("a set of annotations", () => {
  it("holds what was added, by row, in the order in which it came", () => {
    const instance = fc.record({ row: fc.nat(40), name: fc.constantFrom("a", "b", "c"), x: fc.nat(1_000) });
    fc.assert(
      fc.property(fc.array(instance, { maxLength: 200 }), fc.array(fc.nat(60), { maxLength: 10 }), (all, empty) => {
        const builder = new AnnotationSetBuilder();
        for (const row of empty) builder.know(row);
        for (const { row, name, x } of all) builder.add(row, { class: builder.classOf(name), box: [x, 0, 1, 1] });
        const set = builder.finish(about);
        const rows = Math.max(-1, ...empty, ...all.map(({ row }) => row)) + 1;
        expect(set.known.length).toBe(rows);
        for (let row = 0; row < rows; row++) {
          const expected = all.filter((one) => one.row === row);
          expect(set.known[row]).toBe(expected.length > 0 || empty.includes(row) ? 1 : 0);
          expect(instancesOf(set, row)).toBe(expected.length);
          for (const [i, { name, x }] of expected.entries()) {
            const at = set.first[row]! + i;
            expect(set.classes[set.classOf[at]!]).toBe(name);
            expect(set.boxes![4 * at]).toBe(x);
          }
        }
      }),
    );
  });

  it("forgets what a row said before", () => {
    const builder = new AnnotationSetBuilder();
    builder.add(1, { class: builder.classOf("a") });
    builder.add(0, { class: builder.classOf("b") });
    builder.startOver(1);
    builder.add(1, { class: builder.classOf("c") });
    const set = builder.finish(about);
    expect([0, 1].map((row) => set.classes[classOfRow(set, row)])).toEqual(["b", "c"]);
    expect(set.classOf.length).toBe(2);
  });

  it("probabilities of some instances only, and classes that come after them", () => {
    const builder = new AnnotationSetBuilder(["a", "b"]);
    builder.add(0, { class: 0 });
    builder.add(1, { class: 1, probabilities: [0.5, 0.5] });
    builder.add(2, { class: builder.classOf("late") });
    const { probabilities } = builder.finish(about);
    const none = Number.NaN;
    expect(Array.from(probabilities!)).toEqual([none, none, none, 0.5, 0.5, 0, none, none, none]);
  });

  it("a map of class names is no prototype", () => {
    const builder = new AnnotationSetBuilder();
    expect(["__proto__", "constructor", "toString"].map((name) => builder.classOf(name))).toEqual([0, 1, 2]);
  });
});

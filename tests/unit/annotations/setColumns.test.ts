import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnnotationSet, Shape } from "../../../src/core/annotations/annotationSet.ts";
import { packedColumns, unpackedColumns } from "../../../src/core/annotations/packedColumns.ts";
import { AnnotationSetBuilder, type NewInstance } from "../../../src/core/annotations/setBuilder.ts";
import { columnsOf, type SetColumns, takeRows, withRows } from "../../../src/core/annotations/setColumns.ts";
import { updatedSet } from "../../../src/core/annotations/updatedSet.ts";
import { joinedParts, storedParts } from "../../../src/store/contents.ts";

const shape: fc.Arbitrary<Shape> = fc.oneof(
  fc
    .array(fc.array(fc.nat(99), { maxLength: 8 }), { maxLength: 3 })
    .map((rings): Shape => ({ kind: "polygons", rings: rings.map((ring) => Float32Array.from(ring)) })),
  fc
    .array(fc.nat(99), { maxLength: 9 })
    .map((points): Shape => ({ kind: "keypoints", points: Float32Array.from(points) })),
  fc
    .array(fc.nat(9), { maxLength: 5 })
    .map((counts): Shape => ({ kind: "runs", width: 4, height: 5, counts: Uint32Array.from(counts) })),
);
const instance = (classes: number): fc.Arbitrary<NewInstance> =>
  fc.record(
    {
      class: fc.nat(classes - 1),
      score: fc.float({ min: 0, max: 1, noNaN: true }),
      box: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9)),
      probabilities: fc.constant(Array.from({ length: classes }, () => 1 / classes)),
      shape,
    },
    { requiredKeys: ["class"] },
  );
const names = ["cat", "dog", "emu", "fox"];
const about = (name: string, role: AnnotationSet["role"] = "labels") => ({
  id: name,
  name,
  role,
  type: "object-detection" as const,
  source: { format: "csv", file: "", at: 0 },
});
const sets = (classes: readonly string[], name = "a"): fc.Arbitrary<AnnotationSet> =>
  fc.array(fc.tuple(fc.nat(9), fc.option(instance(classes.length))), { maxLength: 12 }).map((all) => {
    const builder = new AnnotationSetBuilder(classes);
    for (const [row, one] of all) one ? builder.add(row, one) : builder.know(row);
    return builder.finish(about(name));
  });

/** Each row's instances one by one, in the plainest form. */
function said(columns: SetColumns, row: number): unknown {
  if (row >= columns.known.length) return { known: 0, instances: [] };
  const width = columns.probabilities ? columns.probabilities.length / columns.classOf.length : 0;
  const instances = [];
  for (let at = columns.first[row]!; at < columns.first[row + 1]!; at++) {
    const probabilities = Array.from(columns.probabilities?.subarray(at * width, (at + 1) * width) ?? []);
    instances.push({
      class: columns.classOf[at],
      score: columns.scores?.[at] ?? Number.NaN,
      box: Array.from(columns.boxes?.subarray(at * 4, at * 4 + 4) ?? new Array(4).fill(Number.NaN)),
      probabilities: probabilities.every(Number.isNaN) ? [] : probabilities,
      shape: columns.shapes?.[at] ?? null,
    });
  }
  return { known: columns.known[row], instances };
}
const allSaid = (columns: SetColumns): unknown[] => Array.from({ length: 12 }, (_, row) => said(columns, row));

describe("columns of a set", () => {
  it("say of each row what they said, or what was put in its place", () => {
    const rows = fc.uniqueArray(fc.nat(11), { minLength: 1 }).map((list) => Uint32Array.from(list).sort());
    fc.assert(
      fc.property(sets(names), sets(names), rows, (a, b, chosen) => {
        const own = takeRows(columnsOf(b), chosen);
        const now = withRows(columnsOf(a), chosen, own, names.length);
        const expected = Array.from({ length: 12 }, (_, row) => said(chosen.includes(row) ? b : a, row));
        expect(allSaid(now)).toEqual(expected);
        // Put back, nothing is different from before.
        expect(allSaid(withRows(now, chosen, takeRows(columnsOf(a), chosen), names.length))).toEqual(allSaid(a));
      }),
    );
  });

  it("are packed without an object an instance, and come back whole from parts of any length", () => {
    fc.assert(
      fc.property(sets(names), fc.integer({ min: 8, max: 64 }), (set, longest) => {
        const columns = columnsOf(set);
        expect(unpackedColumns(packedColumns(columns))).toEqual(columns);
        const parts = storedParts({ kind: "set", columns }, longest);
        expect(joinedParts(structuredClone(parts))).toEqual({ kind: "set", columns });
        if (parts.length > 1) expect(joinedParts(parts.slice(0, -1))).toBeNull();
      }),
    );
  });
});

describe("a set that comes again", () => {
  it("says of the rows that it knows what the new file says, and keeps the others", () => {
    fc.assert(
      fc.property(sets(names), sets(["dog", "gnu", "cat"]), (before, after) => {
        const now = updatedSet(before, after);
        expect(new Set(now.classes).size).toBe(now.classes.length);
        for (let row = 0; row < 12; row++) {
          const from = after.known[row] === 1 ? after : before;
          const classesOf = (set: AnnotationSet): string[] =>
            Array.from(set.classOf.subarray(set.first[row] ?? 0, set.first[row + 1] ?? 0), (id) => set.classes[id]!);
          expect(row < now.known.length ? classesOf(now) : []).toEqual(row < from.known.length ? classesOf(from) : []);
        }
        expect(allSaid(updatedSet(now, after))).toEqual(allSaid(now));
      }),
    );
  });

  it("replaces predictions over other classes, whose scores cannot be compared", () => {
    const of = (classes: string[], row: number) => {
      const builder = new AnnotationSetBuilder(classes);
      builder.add(row, { class: 0, score: 0.5 });
      return builder.finish(about("p", "predictions"));
    };
    expect(Array.from(updatedSet(of(["a", "b"], 0), of(["a", "b"], 1)).known)).toEqual([1, 1]);
    expect(Array.from(updatedSet(of(["a", "b"], 0), of(["a", "c"], 1)).known)).toEqual([0, 1]);
  });

  it("keeps the numbers that classes have in their files", () => {
    const of = (classes: string[], classIds: number[]): AnnotationSet => {
      const builder = new AnnotationSetBuilder(classes);
      builder.add(0, { class: 0 });
      const { source, ...rest } = about("a");
      return builder.finish({ ...rest, source: { ...source, classIds } });
    };
    const joined = updatedSet(of(["cat", "dog"], [7, 9]), of(["dog", "emu"], [9, 4]));
    expect([joined.classes, joined.source.classIds]).toEqual([
      ["cat", "dog", "emu"],
      [7, 9, 4],
    ]);
    // Without all of them there are none: half a list would number the others wrongly.
    const { classIds: _none, ...source } = of(["emu"], [4]).source;
    expect(updatedSet(of(["cat"], [7]), { ...of(["emu"], [4]), source }).source.classIds).toBeUndefined();
  });
});

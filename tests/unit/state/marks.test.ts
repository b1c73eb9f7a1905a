import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RowSet } from "../../../src/core/rowSet.ts";
import { changeMarks, rowsBetween } from "../../../src/state/marks.ts";

const rows = fc.array(fc.nat(300));

describe("marks", () => {
  it("behave like sets", () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const marked = RowSet.of(a);
        const sets = { a: new Set(a), b: new Set(b) };
        const sorted = (values: Iterable<number>): number[] => [...new Set(values)].sort((x, y) => x - y);
        expect([...changeMarks(marked, b, "replace").rows]).toEqual(sorted(b));
        expect([...changeMarks(marked, b, "add").rows]).toEqual(sorted([...a, ...b]));
        expect([...changeMarks(marked, b, "subtract").rows]).toEqual(sorted(a.filter((x) => !sets.b.has(x))));
        const either = [...a.filter((x) => !sets.b.has(x)), ...b.filter((x) => !sets.a.has(x))];
        expect([...changeMarks(marked, b, "toggle").rows]).toEqual(sorted(either));
        for (let row = 0; row <= 300; row++) expect(marked.has(row)).toBe(sets.a.has(row));
      }),
    );
  });

  it("a range goes through the gallery's order, both ends included, in both directions", () => {
    const order = Uint32Array.of(4, 2, 9, 7, 1);
    expect([...rowsBetween(order, 2, 7)]).toEqual([2, 9, 7]);
    expect([...rowsBetween(order, 7, 2)]).toEqual([2, 9, 7]);
    expect([...rowsBetween(order, -1, 9)]).toEqual([9]);
    expect([...rowsBetween(order, 2, 5)]).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Condition } from "../../../src/core/explore/filter.ts";
import { type View, viewFromParams, viewToParams } from "../../../src/core/explore/viewText.ts";
import { RowSet } from "../../../src/core/rowSet.ts";

const initial: View = {
  filter: [],
  search: null,
  sortBy: "path",
  sortDescending: false,
  groupBy: null,
  colourBy: "folder",
  projection: "PCA",
};

const addressOf = (view: View): string => new URLSearchParams(viewToParams(view, initial)).toString();

const field = fc.string({ minLength: 1 }).filter((name) => name !== "rows" && !/\p{Surrogate}/u.test(name));
const text = fc.string({ unit: "grapheme" });
const bound = fc.option(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
  { nil: null },
);
const row = fc.nat(999_999_999);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ field, kind: fc.constant("text" as const), text }),
  fc.record({ field, kind: fc.constant("range" as const), min: bound, max: bound }),
  fc
    .record({
      field,
      kind: fc.constant("values" as const),
      values: fc.array(fc.option(text, { nil: null }), { minLength: 1 }),
      not: fc.boolean(),
    })
    .map(({ not, ...rest }): Condition => (not ? { ...rest, not } : rest)),
);
const views: fc.Arbitrary<View> = fc.record({
  search: fc.oneof(
    fc.constant(null),
    fc.record({ word: text }),
    fc.record({ text }),
    fc.record({ positives: fc.array(row, { minLength: 1, maxLength: 5 }), negatives: fc.array(row, { maxLength: 5 }) }),
  ),
  filter: fc.uniqueArray(condition, { selector: (one) => one.field, maxLength: 5 }),
  sortBy: fc.constantFrom("path", "date"),
  sortDescending: fc.boolean(),
  groupBy: fc.constantFrom(null, "tag"),
  colourBy: fc.constantFrom("folder", "density"),
  projection: fc.constantFrom("PCA", "UMAP"),
});

describe("the view in the address", () => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(views, (view) => {
        const address = addressOf(view);
        expect(viewFromParams(new URLSearchParams(address), initial)).toEqual({ view, unread: [] });
      }),
    );
  });

  it("is empty for what a project begins with, and readable otherwise", () => {
    expect(addressOf(initial)).toBe("");
    const filter: Condition[] = [
      { field: "folder", kind: "values", values: ["test", "train"] },
      { field: "bytes", kind: "range", min: 1000, max: null },
    ];
    expect(decodeURIComponent(addressOf({ ...initial, filter, sortBy: "date" }))).toBe(
      "f.folder==test|train&f.bytes=~1000..&sort=date",
    );
  });

  it("leaves out given rows and what does not fit", () => {
    const rows: Condition = { field: "rows", kind: "rows", title: "x", rows: RowSet.of([1]) };
    const long: Condition = { field: "tag", kind: "values", values: ["y".repeat(5_000)] };
    expect(addressOf({ ...initial, filter: [rows, long] })).toBe("");
  });

  it("never fails on an address that somebody made up, and names what it could not read", () => {
    fc.assert(fc.property(fc.string(), (any) => void viewFromParams(new URLSearchParams(any), initial)));
    const { view, unread } = viewFromParams(
      new URLSearchParams("f.a=x&f.b=~1..q&f.c=~5&f.d==ok&f.d==twice&f.rows==1"),
      initial,
    );
    expect(unread).toEqual(["a", "b", "c", "d", "rows"]);
    expect(view.filter).toEqual([{ field: "d", kind: "values", values: ["ok"] }]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Facets } from "../../../src/core/explore/facets.ts";
import { directlyIn, type Field, isWithin } from "../../../src/core/explore/field.ts";
import type { Condition, Filter } from "../../../src/core/explore/filter.ts";
import { withCondition, withValueToggled } from "../../../src/core/explore/filter.ts";
import { RowSet } from "../../../src/core/rowSet.ts";

const rows = 40;
const folders = ["", "a", "a/b", "a/bc", "c"];
const tagNames = ["x", "y", "z"];

const fields = fc
  .record({
    colour: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: rows, maxLength: rows }),
    folder: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: rows, maxLength: rows }),
    size: fc.array(fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 20 })), {
      minLength: rows,
      maxLength: rows,
    }),
    tags: fc.tuple(...tagNames.map(() => fc.uniqueArray(fc.nat(rows - 1)))),
  })
  .map(({ colour, folder, size, tags }): Field[] => [
    { id: "path", title: "", kind: "text", texts: folder.map((f, i) => `${folders[f]}/Image ${i}.jpg`) },
    { id: "colour", title: "", kind: "category", names: ["red", "green", "blue"], ofRow: Int32Array.from(colour) },
    { id: "folder", title: "", kind: "tree", names: folders, ofRow: Int32Array.from(folder) },
    { id: "size", title: "", kind: "number", unit: "count", values: Float64Array.from(size) },
    { id: "tag", title: "", kind: "sets", names: tagNames, sets: tags.map((set) => RowSet.of(set)) },
  ]);

const bound = fc.option(fc.integer({ min: 0, max: 20 }), { nil: null });
const valuesOf = (field: string, names: string[]): fc.Arbitrary<Condition> =>
  fc.record({
    field: fc.constant(field),
    kind: fc.constant("values" as const),
    values: fc.uniqueArray(fc.constantFrom(...names, null), { minLength: 1, maxLength: 3 }),
    not: fc.boolean(),
  });
const filters: fc.Arbitrary<Filter> = fc
  .tuple(
    fc.option(valuesOf("colour", ["red", "green", "blue"]), { nil: null }),
    fc.option(valuesOf("folder", folders), { nil: null }),
    fc.option(valuesOf("tag", tagNames), { nil: null }),
    fc.option(fc.record({ field: fc.constant("size"), kind: fc.constant("range" as const), min: bound, max: bound }), {
      nil: null,
    }),
    fc.option(fc.constantFrom("image 1", "JPG a", "  ", "nothing"), { nil: null }),
  )
  .map(([a, b, c, d, text]) =>
    [a, b, c, d, text === null ? null : { field: "path", kind: "text" as const, text }].filter((one) => one !== null),
  );

/** The definition, said again as plainly as possible. */
function meets(all: Field[], condition: Condition, row: number): boolean {
  const field = all.find(({ id }) => id === condition.field)!;
  if (condition.kind === "values") {
    const names = namesOf(field, row);
    const any =
      (names.length === 0 && condition.values.includes(null)) ||
      condition.values.some((value) =>
        names.some((name) => value !== null && (field.kind === "tree" ? isWithin(name, value) : name === value)),
      );
    return any !== (condition.not ?? false);
  }
  if (condition.kind === "range" && field.kind === "number") {
    const value = field.values[row]!;
    return !Number.isNaN(value) && (condition.min ?? -Infinity) <= value && value <= (condition.max ?? Infinity);
  }
  if (condition.kind === "text" && field.kind === "text") {
    return condition.text
      .toLowerCase()
      .split(" ")
      .every((word) => field.texts[row]!.toLowerCase().includes(word));
  }
  return false;
}

function namesOf(field: Field, row: number): string[] {
  if (field.kind === "sets") return field.names.filter((_, i) => field.sets[i]!.has(row));
  if (field.kind === "category" || field.kind === "tree") return field.names.filter((_, i) => field.ofRow[row] === i);
  return [];
}

describe("folders", () => {
  it("hold what lies below them, or with a slash at the end only what lies directly in them", () => {
    const below = ["", "a", "a/b", "ab"];
    const within = (above: string) => below.filter((folder) => isWithin(folder, above));
    expect(within("")).toEqual(below);
    expect(within("a")).toEqual(["a", "a/b"]);
    expect(within(directlyIn("a"))).toEqual(["a"]);
    expect(within(directlyIn("a/b"))).toEqual(["a/b"]);
    expect(within(directlyIn(""))).toEqual([""]);
  });
});

describe("facets", () => {
  it("show the rows that meet every condition, and count values under the others, whatever was asked before", () => {
    fc.assert(
      fc.property(fields, filters, filters, (all, before, filter) => {
        const facets = Facets.empty.next(all, before, rows).next(all, filter, rows);
        const under = (conditions: Filter): number[] =>
          Array.from({ length: rows }, (_, row) => row).filter((row) =>
            conditions.every((condition) => meets(all, condition, row)),
          );
        expect(facets.visible === null ? under([]) : [...facets.visible.rows]).toEqual(under(filter));
        expect(facets.size).toBe(under(filter).length);
        for (const field of all) {
          const rest = under(filter.filter((condition) => condition.field !== field.id));
          const { counts, none } = facets.counts(field.id);
          if (field.kind === "number") {
            const edges = Float64Array.of(0, 5, 10, 20);
            const inBin = (i: number): number =>
              rest.filter((row) => {
                const value = field.values[row]!;
                return value >= edges[i]! && (value < edges[i + 1]! || (i === 2 && value === 20));
              }).length;
            expect([...facets.histogram(field.id, edges)]).toEqual([0, 1, 2].map(inBin));
          } else if (field.kind !== "text") {
            expect([...counts]).toEqual(
              field.names.map((name) => rest.filter((row) => namesOf(field, row).includes(name)).length),
            );
            expect(none).toBe(rest.filter((row) => namesOf(field, row).length === 0).length);
          }
        }
      }),
    );
  });

  it("a condition on a field that there is not leaves no row; a set of rows leaves these", () => {
    const gone = Facets.empty.next([], [{ field: "gone", kind: "values", values: ["x"] }], 5);
    expect(gone.size).toBe(0);
    const some = gone.next([], [{ field: "rows", kind: "rows", title: "report", rows: RowSet.of([1, 3]) }], 5);
    expect([...some.visible!.rows]).toEqual([1, 3]);
  });

  it("rows past the end of a field have no value", () => {
    const short: Field[] = [{ id: "c", title: "", kind: "category", names: ["x"], ofRow: Int32Array.of(0) }];
    expect(Facets.empty.next(short, [], 3).counts("c")).toEqual({ counts: Uint32Array.of(1), none: 2 });
    expect([...Facets.empty.next(short, [{ field: "c", kind: "values", values: [null] }], 3).visible!.rows]).toEqual([
      1, 2,
    ]);
  });
});

describe("changing a filter", () => {
  it("keeps one condition a field, in place, and drops one without values", () => {
    const first = withValueToggled([], "tag", "x");
    const second = withValueToggled(
      withCondition(first, "size", { field: "size", kind: "range", min: 1, max: null }),
      "tag",
      null,
    );
    expect(second).toEqual([
      { field: "tag", kind: "values", values: ["x", null] },
      { field: "size", kind: "range", min: 1, max: null },
    ]);
    expect(withValueToggled(withValueToggled(second, "tag", "x"), "tag", null)).toEqual([second[1]]);
    expect(withCondition(second, "size", null)).toEqual([second[0]]);
  });
});

import { describe, expect, it } from "vitest";
import type { Field } from "../../../src/core/explore/field.ts";
import { fieldColumns } from "../../../src/core/format/fieldColumns.ts";
import { RowSet } from "../../../src/core/rowSet.ts";

describe("fields as columns", () => {
  it("hold names, joined names, numbers and dates, and nothing where there is nothing", () => {
    const fields: Field[] = [
      { id: "label:a", title: "", kind: "category", names: ["x"], ofRow: Int32Array.from([0, -1]) },
      { id: "prediction:b", title: "", kind: "sets", names: ["p;q", "r"], sets: [RowSet.of([0]), RowSet.of([0])] },
      { id: "score:b/c", title: "", kind: "number", unit: "score", values: Float64Array.from([0.5, Number.NaN]) },
      { id: "meta:d", title: "", kind: "number", unit: "date", values: Float64Array.from([0]) },
      { id: "path", title: "", kind: "text", texts: ["a.jpg"] },
    ];
    const columns = fieldColumns(fields);
    expect(columns.map(({ name }) => name)).toEqual(fields.map(({ id }) => id));
    expect(columns.map(({ value }) => value(0))).toEqual(["x", "p\\;q;r", 0.5, "1970-01-01T00:00:00.000Z", "a.jpg"]);
    expect(columns.map(({ value }) => value(1))).toEqual([null, null, null, null, null]);
  });
});

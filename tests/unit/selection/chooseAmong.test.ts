import { describe, expect, it } from "vitest";
import { RowSet } from "../../../src/core/rowSet.ts";
import { rowsToChooseAmong } from "../../../src/core/selection/chooseAmong.ts";

describe("the rows that a selection chooses among", () => {
  const excluded = RowSet.of([1, 4]);

  it("are all without a filter and without excluded images", () => {
    expect(rowsToChooseAmong(null, RowSet.empty, 5)).toBeNull();
    expect(rowsToChooseAmong(Uint32Array.of(3, 1), RowSet.empty, 5)).toEqual(Uint32Array.of(1, 3));
  });

  it("are those that are not excluded, ascending", () => {
    expect(rowsToChooseAmong(null, excluded, 6)).toEqual(Uint32Array.of(0, 2, 3, 5));
    expect(rowsToChooseAmong(Uint32Array.of(5, 4, 2), excluded, 6)).toEqual(Uint32Array.of(2, 5));
    expect(rowsToChooseAmong(Uint32Array.of(4), excluded, 6)).toEqual(new Uint32Array(0));
  });
});

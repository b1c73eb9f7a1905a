import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tagField } from "../../../src/core/explore/fileFields.ts";
import { leaksAmong, splitNamed, splitsOfField, splitsOfPaths } from "../../../src/core/quality/leaks.ts";
import { RowSet } from "../../../src/core/rowSet.ts";

describe("splits", () => {
  it.each([
    ["train", "train"],
    ["Train2017", "train"],
    ["training_images", "train"],
    ["val", "validation"],
    ["valid", "validation"],
    ["dev", "validation"],
    ["TEST", "test"],
    ["hold-out", "test"],
    ["trains", null],
    ["valley", null],
    ["device", null],
    ["testament", null],
    ["", null],
  ])("“%s” is %s", (name, split) => expect(splitNamed(name)).toBe(split));

  it("are found in folders, the outermost first, and not in file names", () => {
    const splits = splitsOfPaths(["set/test/train/1.jpg", "set/train/2.jpg", "set/x/train.jpg", "set/val/3.jpg"]);
    expect(splits?.names).toEqual(["train", "validation", "test"]);
    expect([...splits!.ofRow]).toEqual([2, 0, -1, 1]);
    expect(splitsOfPaths(["train/1.jpg", "a/2.jpg"])).toBeNull();
    expect(splitsOfPaths([])).toBeNull();
  });

  it("are tags that are called so, or whatever field a person names", () => {
    const tags = tagField(
      new Map([
        ["dog", RowSet.of([0, 1])],
        ["test", RowSet.of([1])],
        ["train", RowSet.of([0, 2])],
      ]),
    );
    expect(splitsOfField(tags, 4)).toEqual({ names: ["train", "test"], ofRow: Int32Array.of(0, 1, 0, -1) });
    const site = {
      id: "site",
      title: "",
      kind: "category" as const,
      names: ["b", "a"],
      ofRow: Int32Array.of(0, 1, -1),
    };
    expect(splitsOfField(site, 4)).toEqual({ names: ["a", "b"], ofRow: Int32Array.of(1, 0, -1, -1) });
  });
});

describe("leaks", () => {
  const noPairs = { a: new Uint32Array(0), b: new Uint32Array(0) };

  it("are also alike images of two groups on both sides of a split", () => {
    const splits = { names: ["train", "test"], ofRow: Int32Array.of(0, 0, 1, 1, 0, -1) };
    const groups = [Uint32Array.of(0, 1), Uint32Array.of(2, 3)];
    // 1 and 2 are alike across the split; 0 and 4 are on one side; 5 is on none; 3 and 2 are in one group already.
    const pairs = { a: Uint32Array.of(1, 0, 3, 2), b: Uint32Array.of(2, 4, 5, 3) };
    const { table, groups: spanning, rows } = leaksAmong(groups, pairs, splits);
    expect(spanning).toEqual([Uint32Array.of(1, 2)]);
    expect([...rows]).toEqual([1, 2]);
    expect([table[1], table[2]]).toEqual([1, 1]);
    expect(leaksAmong(groups, noPairs, splits).groups).toEqual([]);
  });

  it("are the groups that span splits; the table counts groups of each pair", () => {
    const names = ["train", "validation", "test"];
    const row = fc.integer({ min: -1, max: 2 });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 8, maxLength: 8 }),
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7]),
        (all, some) => {
          const groups = [some.slice(0, 3), some.slice(3, 5), some.slice(5)].map((rows) => Uint32Array.from(rows));
          const { table, groups: spanning, rows } = leaksAmong(groups, noPairs, { names, ofRow: Int32Array.from(all) });
          const has = (group: Uint32Array, split: number) => [...group].some((member) => all[member] === split);
          for (let a = 0; a < 3; a++) {
            for (let b = 0; b < 3; b++) {
              expect(table[a * 3 + b]).toBe(groups.filter((group) => has(group, a) && has(group, b)).length);
            }
          }
          const wanted = groups.filter((group) => [0, 1, 2].filter((split) => has(group, split)).length > 1);
          expect(spanning).toEqual(wanted);
          expect([...rows]).toEqual(wanted.flatMap((group) => [...group]).sort((a, b) => a - b));
        },
      ),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fileFields, tagField } from "../../../src/core/explore/fileFields.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import { type Grouping, groupByChosen, groupByField } from "../../../src/ui/colour/grouping.ts";
import { cellGap, cellGeometry, headingHeight, Lines } from "../../../src/ui/gallery/lines.ts";
import { actualScale, fittedSize, withinStage, zoomAt } from "../../../src/ui/viewer/zoom.ts";
import { framed } from "../../../src/ui/workspace/framing.ts";
import { imageTable } from "./fakeWinnow.ts";

describe("gallery geometry", () => {
  test.each([320, 390, 811, 1000, 2560])(
    "cells at %d pixels fill the width and are not smaller than asked",
    (width) => {
      for (const wanted of [64, 104, 256]) {
        const { columns, rowHeight } = cellGeometry(width, wanted, 1000);
        const used = columns * (rowHeight - cellGap) + (columns - 1) * cellGap;
        expect(used).toBeLessThanOrEqual(width);
        expect(width - used).toBeLessThan(columns);
        if (columns > 2) expect(rowHeight - cellGap).toBeGreaterThanOrEqual(wanted);
        expect(new Lines(1000, columns, rowHeight, []).count).toBe(Math.ceil(1000 / columns));
      }
    },
  );

  test.each([
    ["ArrowLeft", 0, 0],
    ["ArrowRight", 22, 22],
    ["ArrowUp", 3, 3],
    ["ArrowDown", 3, 8],
    ["ArrowDown", 19, 22],
    ["ArrowDown", 21, 21],
    ["PageDown", 0, 10],
    ["PageDown", 19, 22],
    ["PageUp", 12, 2],
    ["PageUp", 7, 0],
    ["Home", 12, 0],
    ["End", 12, 22],
  ])("%s from %d of 23 in lines of 5 leads to %d", (key, place, to) => {
    expect(new Lines(23, 5, 100, []).placeAfterKey(key, place, 3)).toBe(to);
  });

  test("other keys and an empty gallery lead nowhere", () => {
    expect(new Lines(23, 5, 100, []).placeAfterKey("x", 3, 3)).toBe(null);
    expect(new Lines(0, 5, 100, []).placeAfterKey("End", 0, 3)).toBe(null);
  });

  test("a million images can be scrolled to their end, with smaller cells", () => {
    const { columns, rowHeight } = cellGeometry(900, 256, 1_000_000);
    expect(Math.ceil(1_000_000 / columns) * rowHeight).toBeLessThanOrEqual(15_000_000);
    expect(rowHeight).toBeGreaterThan(80);
    expect(cellGeometry(900, 104, 100_000)).toEqual(cellGeometry(900, 104, 10));
  });

  test("sections have a heading each, and begin a new line", () => {
    // 7 and 3 images in lines of 5: heading, 5, 2, heading, 3.
    const sections = [
      { name: "a", start: 0, count: 7 },
      { name: null, start: 7, count: 3 },
    ];
    const lines = new Lines(10, 5, 100, sections);
    expect(lines.count).toBe(5);
    expect(Array.from({ length: 5 }, (_, i) => lines.at(i))).toMatchObject([
      { kind: "heading", section: { name: "a", count: 7 } },
      { kind: "cells", start: 0, end: 5 },
      { kind: "cells", start: 5, end: 7 },
      { kind: "heading", section: { name: null, count: 3 } },
      { kind: "cells", start: 7, end: 10 },
    ]);
    expect([0, 4, 6, 7, 9].map((place) => lines.lineOf(place))).toEqual([1, 1, 2, 4, 4]);
    expect([0, 1, 3].map((line) => lines.height(line))).toEqual([headingHeight, 100, headingHeight]);
    expect([0, 5, 8].map((place) => lines.topOfPlace(place))).toEqual([40, 140, 280]);
    expect([0, 39, 140, 170, 260, 900].map((top) => lines.placeAt(top))).toEqual([0, 0, 5, 5, 7, 9]);
    const moves = (key: string, place: number) => lines.placeAfterKey(key, place, 4);
    expect([moves("ArrowDown", 3), moves("ArrowDown", 6), moves("ArrowUp", 9), moves("ArrowRight", 6)]).toEqual([
      6, 8, 6, 7,
    ]);
    expect([moves("ArrowDown", 8), moves("ArrowUp", 1), moves("PageDown", 0), moves("PageUp", 9)]).toEqual([
      8, 1, 9, 0,
    ]);
  });
});

const legend = ({ groups }: Grouping) => groups.map((group) => `${group.name} ${group.count}`);
const nameOf = ({ groups, ofRow }: Grouping, row: number) => groups[ofRow[row]!]!.name;
const groupByFolder = (paths: readonly string[]): Grouping => {
  const table = new ImageTable();
  for (const [row, path] of paths.entries()) table.append({ ...imageTable(1).at(0), row, path });
  return groupByField(fileFields(table)[1]!, paths.length, new Map());
};
const many = (count: number, folder: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${folder(i)}/${i}.jpg`);

describe("colour groups", () => {
  test("few folders keep their whole path, without what all share", () => {
    const grouping = groupByFolder(["set/b/1.jpg", "set/a/c/2.jpg", "set/b/3.jpg", "set/4.jpg"]);
    expect(legend(grouping)).toEqual(["a/c 1", "b 2", "set 1"]);
    expect(nameOf(grouping, 2)).toBe("b");
  });

  test("one folder is called by its own name, no folder by none", () => {
    expect(legend(groupByFolder(["test/dress/1.jpg", "test/dress/2.jpg"]))).toEqual(["dress 2"]);
    expect(legend(groupByFolder(["1.jpg", "2.jpg"]))).toEqual(["top folder 2"]);
  });

  test("images beside a folder are in the top folder", () => {
    expect(legend(groupByFolder(["1.jpg", "a/2.jpg"]))).toEqual(["a 1", "top folder 1"]);
    expect(legend(groupByFolder(["a/2.jpg", "1.jpg"]))).toEqual(["a 1", "top folder 1"]);
    expect(legend(groupByFolder(["b/1.jpg", "a/2.jpg"]))).toEqual(["a 1", "b 1"]);
  });

  test("whatever the folders are, every image is in a group", () => {
    const path = fc.array(fc.constantFrom("a", "b", "ab", " ", "..x"), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 30 }), (folders) => {
        const grouping = groupByFolder(folders.map((parts, i) => [...parts, `${i}.jpg`].join("/")));
        expect(grouping.groups.reduce((sum, { count }) => sum + count, 0)).toBe(folders.length);
      }),
    );
  });

  test("the same innermost folder on both sides of a split is one group", () => {
    const grouping = groupByFolder(many(200, (i) => `${i < 100 ? "test" : "train"}/class ${i % 10}`));
    expect(legend(grouping)).toEqual(Array.from({ length: 10 }, (_, i) => `class ${i} 20`));
  });

  test("too many of both fall back to the outermost folder that differs", () => {
    const grouping = groupByFolder(many(240, (i) => `photos/${2020 + (i % 3)}/${1 + (Math.floor(i / 3) % 12)}`));
    expect(legend(grouping)).toEqual(["2020 80", "2021 80", "2022 80"]);
  });

  test("beyond ten the smallest share one group, and all counts add up", () => {
    const paths = many(300, (i) => `class ${i < 100 ? i % 10 : i % 25}`);
    const grouping = groupByFolder(paths);
    expect(grouping.groups).toHaveLength(11);
    expect(grouping.groups.at(-1)?.name).toBe("15 other folders");
    expect(grouping.groups.reduce((sum, group) => sum + group.count, 0)).toBe(300);
    for (const [index, group] of grouping.groups.entries()) {
      expect(grouping.ofRow.filter((place) => place === index)).toHaveLength(group.count);
    }
  });

  test("a row with several tags has the first, one without has the grey one", () => {
    const tags = new Map([
      ["keep", RowSet.of([1, 2])],
      ["dark", RowSet.of([2, 3])],
      ["gone", RowSet.empty],
    ]);
    const grouping = groupByField(tagField(tags), 5, new Map([["keep", { colour: 6, key: null }]]));
    expect(legend(grouping)).toEqual(["dark 2", "keep 1", "no tag 2"]);
    expect(nameOf(grouping, 2)).toBe("dark");
    expect(grouping.groups.map(({ colour }) => colour)).toEqual(["--group-1", "--group-7", "--group-none"]);
    expect(grouping.groups.at(-1)?.values).toEqual([null]);
  });

  test("chosen against the rest", () => {
    const grouping = groupByChosen(4, new Map([[2, 1]]));
    expect(legend(grouping)).toEqual(["chosen 1", "not chosen 3"]);
    expect(nameOf(grouping, 2)).toBe("chosen");
  });
});

describe("the frame of a map", () => {
  const cloud = (width: number, height: number, angle = 0) =>
    Float32Array.from({ length: 400 }, (_, i) => {
      const t = ((i >> 1) / 100) * Math.PI;
      const [x, y] = [(Math.cos(t) * width) / 2, (Math.sin(t) * height) / 2];
      return i % 2 === 0
        ? x * Math.cos(angle) - y * Math.sin(angle) + 7
        : x * Math.sin(angle) + y * Math.cos(angle) - 3;
    });
  const extent = (xy: Float32Array, axis: 0 | 1) => {
    const values = xy.filter((_, i) => i % 2 === axis);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const distance = (xy: Float32Array, a: number, b: number) =>
    Math.hypot(xy[2 * a]! - xy[2 * b]!, xy[2 * a + 1]! - xy[2 * b + 1]!);

  test.each([
    ["lying in a wide panel", 0, 2, 2],
    ["diagonal in a wide panel", Math.PI / 4, 2, 2],
    ["upright in a wide panel", Math.PI / 2, 2, 2],
    ["lying in a tall panel", 0, 0.5, 2],
  ])("a long layout %s fills its longer side, centred", (_, angle, aspect, reach) => {
    const out = framed(cloud(4, 1, angle), aspect);
    const long = extent(out, aspect > 1 ? 0 : 1);
    expect(long[0]).toBeCloseTo(-reach, 1);
    expect(long[1]).toBeCloseTo(reach, 1);
    const short = extent(out, aspect > 1 ? 1 : 0);
    expect(short[0]).toBeGreaterThanOrEqual(-1.001);
    expect(short[0] + short[1]).toBeCloseTo(0, 3);
  });

  test("shape is kept: all distances change by one factor", () => {
    const before = cloud(4, 1, 0.7);
    const after = framed(before, 1.75);
    const factor = distance(after, 0, 1) / distance(before, 0, 1);
    for (const [a, b] of [
      [3, 90],
      [17, 150],
      [60, 199],
    ] as const) {
      expect(distance(after, a, b)).toBeCloseTo(distance(before, a, b) * factor, 3);
    }
  });

  test("a round layout is not turned", () => {
    const before = cloud(2, 2);
    const after = framed(before, 1.5);
    expect(after[0]).toBeCloseTo(before[0]! - 7, 3);
    expect(after[1]).toBeCloseTo(before[1]! + 3, 3);
  });

  test("one point lies in the middle, none are none", () => {
    expect([...framed(Float32Array.of(5, 6), 1.5)]).toEqual([0, 0]);
    expect(framed(new Float32Array(0), 1.5)).toHaveLength(0);
  });
});

describe("zoom", () => {
  const stage = { width: 800, height: 600 };

  test("an image fits without changing its shape, and small ones are enlarged, not to tiles", () => {
    expect(fittedSize({ width: 4000, height: 2000 }, stage)).toEqual({ width: 800, height: 400 });
    expect(fittedSize({ width: 16, height: 16 }, stage)).toEqual({ width: 96, height: 96 });
  });

  test("100 % is one image pixel a device pixel", () => {
    expect(actualScale({ width: 4000, height: 2000 }, { width: 800, height: 400 }, 2)).toBe(2.5);
  });

  test("what is under the pointer stays there", () => {
    const fitted = { width: 800, height: 600 };
    const view = zoomAt({ scale: 1, x: 0, y: 0 }, 3, { x: 100, y: -50 }, fitted, stage);
    expect(view).toEqual({ scale: 3, x: -200, y: 100 });
  });

  test("edges do not leave the stage's edges, and a smaller side stays centred", () => {
    const fitted = { width: 800, height: 200 };
    expect(withinStage({ scale: 2, x: 9999, y: 50 }, fitted, stage)).toEqual({ scale: 2, x: 400, y: 0 });
  });
});

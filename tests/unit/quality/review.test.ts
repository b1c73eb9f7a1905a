import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ImageTable } from "../../../src/core/imageTable.ts";
import { bestFirst } from "../../../src/core/quality/bestFirst.ts";
import { borderOf } from "../../../src/core/quality/border.ts";
import { decidedGroups, nextUndecided } from "../../../src/core/quality/decidedGroups.ts";
import { checkTitles, IssueFinder, issueField } from "../../../src/core/quality/issueFinder.ts";
import { rowsUnder } from "../../../src/core/quality/issues.ts";
import { defaultQuality, withThreshold } from "../../../src/core/quality/qualitySettings.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import { someMeasures } from "../../fixtures/measures.ts";
import { imageRecord } from "../../fixtures/records.ts";

/** Images that differ in size, sharpness and darkness; one without measures where `dark` is null. */
function tableOf(rows: readonly { side?: number; sharpness?: number; bytes?: number; dark?: number | null }[]) {
  const table = new ImageTable();
  for (const [row, { side = 100, sharpness = 10, bytes = 5, dark = 0.9 }] of rows.entries()) {
    table.append({
      ...imageRecord(row, { width: side, height: side, bytes }),
      ...(dark !== null && {
        measures: someMeasures({ dark, sharpness, pixelHash: row.toString(16).padStart(16, "a") }),
      }),
    });
  }
  return table;
}

describe("the border of a threshold", () => {
  it("counts what is under it and names the nearest on either side, as sorting does", () => {
    const scores = fc.array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(Number.NaN)), { maxLength: 60 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 5 }), (all, twelfths, most) => {
        const values = Float32Array.from(all, (value) => value / 12);
        const threshold = twelfths / 12;
        const cut = Math.fround(threshold);
        const near = (rows: number[]) =>
          rows.sort((a, b) => Math.abs(values[a]! - cut) - Math.abs(values[b]! - cut) || a - b).slice(0, most);
        const rows = [...values.keys()].filter((row) => !Number.isNaN(values[row]));
        expect(borderOf(values, threshold, most)).toEqual({
          count: rowsUnder(values, threshold).length,
          under: near(rows.filter((row) => values[row]! < cut)),
          over: near(rows.filter((row) => values[row]! >= cut)),
        });
      }),
    );
  });
});

describe("the image worth keeping", () => {
  it("is the largest, then the sharpest, then the largest file, then the first", () => {
    const images = tableOf([
      { side: 50, sharpness: 99 },
      { side: 100, sharpness: 20, bytes: 7 },
      { side: 100, sharpness: 20, bytes: 9 },
      { side: 100, sharpness: 30 },
      { side: 100, sharpness: 20, bytes: 9 },
      { side: 100, dark: null },
    ]);
    expect([...bestFirst(images, Uint32Array.of(0, 1, 2, 3, 4, 5))]).toEqual([3, 2, 4, 1, 5, 0]);
  });
});

describe("decisions about groups", () => {
  it("are made when every image is out or kept; the next undecided one comes round", () => {
    const groups = [Uint32Array.of(0, 1), Uint32Array.of(2, 3), Uint32Array.of(4, 5, 6)];
    const decided = decidedGroups(groups, RowSet.of([1, 5, 6]), RowSet.of([0, 2]));
    expect([...decided]).toEqual([1, 0, 0]);
    expect(nextUndecided(decided, 1)).toBe(2);
    expect(nextUndecided(decided, 2)).toBe(1);
    expect(nextUndecided(Uint8Array.of(1, 1), 0)).toBe(-1);
  });
});

describe("the finder of issues", () => {
  const images = tableOf([{ dark: 0.1 }, { dark: 0.3 }, { dark: 0.5 }, { dark: null }]);
  const outlierScores = Float32Array.of(0.4, 0.4, 0.35, 0.01);
  const project = { images, duplicates: null, outlierScores: null, settings: defaultQuality };

  it("follows the thresholds, and keeps what they do not concern", () => {
    const finder = new IssueFinder();
    const before = finder.find(project);
    expect([...before.checks.dark!.flagged]).toEqual([0, 1]);
    expect(finder.find(project)).toBe(before);
    const settings = withThreshold(defaultQuality, "dark", 0.2);
    const after = finder.find({ ...project, settings });
    expect([...after.checks.dark!.flagged]).toEqual([0]);
    expect(after.checks.blurry).toBe(before.checks.blurry);
    expect(finder.find({ ...project, settings: withThreshold(settings, "dark", null) })).toEqual(before);
  });

  it("has outliers and near duplicates once they are known", () => {
    const finder = new IssueFinder();
    expect(Object.keys(finder.find(project).checks)).not.toContain("near_duplicate");
    const duplicates = { exact: [], groups: [Uint32Array.of(1, 2)] };
    const { checks, groups } = finder.find({ ...project, duplicates, outlierScores });
    expect([...checks.near_duplicate!.flagged]).toEqual([1, 2]);
    expect([...checks.outlier!.flagged]).toEqual([3]);
    expect(groups).toBe(duplicates.groups);
    const settings = withThreshold(defaultQuality, "outlier", 0.36);
    expect([...finder.find({ ...project, outlierScores, settings }).checks.outlier!.flagged]).toEqual([2, 3]);
  });

  it("sees images that came later, and says everything as a field", () => {
    const growing = tableOf([{ dark: 0.1 }]);
    const finder = new IssueFinder();
    finder.find({ ...project, images: growing });
    growing.append({ ...growing.at(0), row: 1, path: "copy.jpg" });
    const found = finder.find({ ...project, images: growing });
    const field = issueField(found);
    const rowsOf = (name: string) => [...field.sets[field.names.indexOf(name)]!.rows];
    expect(rowsOf(checkTitles.dark)).toEqual([0, 1]);
    expect(rowsOf(checkTitles.exact_duplicate)).toEqual([0, 1]);
    expect(found.groups.map((group) => [...group])).toEqual([[0, 1]]);
  });
});

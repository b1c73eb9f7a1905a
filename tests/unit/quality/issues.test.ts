import { describe, expect, it } from "vitest";
import { fileFields } from "../../../src/core/explore/fileFields.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";
import { exactDuplicates, groupScores } from "../../../src/core/quality/exactDuplicates.ts";
import { defaultThresholds, issueRows } from "../../../src/core/quality/issues.ts";
import type { ImageMeasures } from "../../../src/core/quality/measures.ts";
import { Random } from "../../../src/core/random.ts";
import { someMeasures } from "../../fixtures/measures.ts";
import { imageRecord } from "../../fixtures/records.ts";

interface Row {
  width?: number;
  height?: number;
  sha256?: string;
  measures?: Partial<ImageMeasures> | null;
}

function tableOf(rows: readonly Row[]): ImageTable {
  const table = new ImageTable();
  for (const [row, { width = 400, height = 300, sha256, measures = {} }] of rows.entries()) {
    const record = imageRecord(row, { width, height, ...(sha256 && { sha256 }) });
    const pixelHash = row.toString(16).padStart(16, "a");
    table.append(measures ? { ...record, measures: someMeasures({ pixelHash, ...measures }) } : record);
  }
  return table;
}

describe("the measures in the table", () => {
  it("come back as they were put, past the first growth", () => {
    const random = new Random(3);
    const hex = (): string => Array.from({ length: 16 }, () => random.below(16).toString(16)).join("");
    const measures = Array.from({ length: 2_500 }, (_, row) =>
      row % 7 === 0 ? null : { dark: row / 4096, perceptualHash: hex(), pixelHash: hex() },
    );
    const table = tableOf(measures.map((one) => ({ measures: one })));
    for (const [row, one] of measures.entries()) {
      expect(table.at(row).measures).toEqual(one ? someMeasures(one) : undefined);
    }
    expect(table.measures.measured).toBe(measures.filter((one) => one !== null).length);
  });

  it("can be taken later", () => {
    const table = tableOf([{ measures: null }, { measures: null }]);
    expect(fileFields(table).some(({ id }) => id === "dark")).toBe(false);
    table.measure(1, someMeasures({ dark: 0.125 }));
    const dark = fileFields(table).find(({ id }) => id === "dark");
    expect(dark).toMatchObject({ kind: "number", values: Float32Array.of(Number.NaN, 0.125) });
    expect(() => table.measure(2, someMeasures())).toThrow(RangeError);
  });
});

describe("issues", () => {
  it("are scores strictly under their thresholds; an image without measures has none of theirs", () => {
    const table = tableOf([
      { measures: { dark: 0.32 } },
      { measures: { dark: 0.3199 } },
      { measures: { channelSpread: 2 } },
      { measures: { channelSpread: 3 } },
      { measures: null, width: 100, height: 34 },
    ]);
    const issues = issueRows(table);
    expect([...issues.dark.flagged]).toEqual([1]);
    expect([...issues.grayscale.flagged]).toEqual([2]);
    expect([...issues.odd_aspect_ratio.flagged]).toEqual([4]);
    expect(issues.dark.scores[4]).toBeNaN();
    expect(issues.grayscale.scores[4]).toBeNaN();
    const strict = issueRows(table, { ...defaultThresholds, dark: 0.4, blurry: 0.51 });
    expect([...strict.dark.flagged]).toEqual([0, 1]);
    expect([...strict.blurry.flagged]).toEqual([0, 1, 2, 3]);
  });

  it("find odd sizes by quartiles, and none among sizes that hardly differ", () => {
    const usual = Array.from({ length: 40 }, (_, i) => ({ width: 400, height: 533 + (i % 2) }));
    const issues = issueRows(tableOf([...usual, { width: 4_000, height: 3_000 }, { width: 40, height: 30 }]));
    expect([...issues.odd_size.flagged]).toEqual([40, 41]);
    expect(issues.odd_size.scores[0]).toBeGreaterThan(0.95);
    expect(issues.odd_size.scores[40]).toBe(0);
    // The fence: quartiles 300 and 500, so from −300 to 1,100.
    const sides = [300, 300, 500, 500, 1_099, 1_101];
    const spread = issueRows(tableOf(sides.map((side) => ({ width: side, height: side }))));
    expect([...spread.odd_size.flagged]).toEqual([]);
  });
});

describe("exact duplicates", () => {
  it("have equal bytes or equal pixels, and hang together over both", () => {
    const table = tableOf([
      { sha256: "a".repeat(64) },
      { measures: { pixelHash: "1234567800000000" } },
      { sha256: "a".repeat(64), measures: { pixelHash: "1234567800000000" } },
      { measures: { pixelHash: "8765432100000000" } },
      { measures: null },
      { measures: null },
      { sha256: `aaaaaaaa${"b".repeat(56)}` },
    ]);
    const groups = exactDuplicates(table);
    expect(groups.map((group) => [...group])).toEqual([[0, 1, 2]]);
    expect([...groupScores(groups, 4)]).toEqual([1 / 3, 1 / 3, 1 / 3, 1].map(Math.fround));
  });

  it("are as brute force finds them", () => {
    const random = new Random(11);
    const rows = Array.from({ length: 400 }, () => ({
      sha256: random.below(300).toString(16).padStart(64, "0"),
      measures: { pixelHash: random.below(300).toString(16).padStart(16, "0") },
    }));
    const table = tableOf(rows);
    const set = Array.from(rows.keys());
    for (let changed = true; changed; ) {
      changed = false;
      for (let a = 0; a < rows.length; a++) {
        for (let b = 0; b < a; b++) {
          const same =
            rows[a]!.sha256 === rows[b]!.sha256 || rows[a]!.measures.pixelHash === rows[b]!.measures.pixelHash;
          if (!same || set[a] === set[b]) continue;
          set[a] = Math.min(set[a]!, set[b]!);
          set[b] = set[a]!;
          changed = true;
        }
      }
    }
    const groups = exactDuplicates(table);
    expect(groups.length).toBeGreaterThan(0);
    for (const group of groups) expect(new Set(Array.from(group, (row) => set[row])).size).toBe(1);
    const grouped = groups.reduce((sum, { length }) => sum + length, 0);
    const alone = rows.length - grouped;
    expect(new Set(set).size).toBe(groups.length + alone);
  });
});

import { describe, expect, it } from "vitest";
import { Facets } from "../../../src/core/explore/facets.ts";
import type { CategoryField, NumberField, TreeField } from "../../../src/core/explore/field.ts";
import { fileFields } from "../../../src/core/explore/fileFields.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";
import { IssueFinder, issueField } from "../../../src/core/quality/issueFinder.ts";
import { leaksAmong, splitsOfPaths } from "../../../src/core/quality/leaks.ts";
import { defaultQuality } from "../../../src/core/quality/qualitySettings.ts";
import { buildReport } from "../../../src/core/report/buildReport.ts";
import { classBalance } from "../../../src/core/report/classBalance.ts";
import { histogramBlock } from "../../../src/core/report/histogramBlock.ts";
import type { ReportBlock, ReportNumber } from "../../../src/core/report/report.ts";
import { reportHtml } from "../../../src/core/report/reportHtml.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import { someMeasures } from "../../fixtures/measures.ts";
import { imageRecord, sha256Of } from "../../fixtures/records.ts";

const format = (value: number): string => value.toFixed(2);

function tableOf(paths: readonly string[]): ImageTable {
  const table = new ImageTable();
  for (const [row, path] of paths.entries()) {
    // Every third image has the bytes of the first.
    const sha256 = sha256Of(row % 3 === 0 ? 0 : row);
    table.append({
      ...imageRecord(row, { path, width: 100 + row, height: 100, bytes: 1_000 * (row + 1), sha256 }),
      modifiedAt: row * 86_400_000,
      measures: someMeasures({
        dark: row / 16,
        pixelHash: (row % 3 === 0 ? 0 : row).toString(16).padStart(16, "a"),
        format: path.endsWith(".png") ? "png" : "jpeg",
      }),
    });
  }
  return table;
}

const hostile = `train/<img src=x onerror=alert(1)>"&'\u202e`;
const images = tableOf([...Array.from({ length: 8 }, (_, i) => `${hostile}/${i}.jpg`), "test/b/8.png", "test/b/9.jpg"]);
const issues = new IssueFinder().find({ images, duplicates: null, outlierScores: null, settings: defaultQuality });
const fields = [...fileFields(images), issueField(issues)];
const splits = splitsOfPaths(images.paths)!;
const report = buildReport({
  title: "<script>alert(1)</script>",
  images,
  fields,
  issues,
  quality: defaultQuality,
  tags: new Map([["excluded", RowSet.of([1])]]),
  labels: null,
  leaks: leaksAmong(issues.groups, { a: new Uint32Array(0), b: new Uint32Array(0) }, splits),
  unreadable: 2,
  ignored: 3,
  format,
});
const blocks = report.sections.flatMap((section) => section.blocks);
const numbersOf = (block: ReportBlock): readonly ReportNumber[] => {
  if (block.kind === "facts") return block.facts;
  if (block.kind === "bars") return block.bars;
  return block.kind === "histogram" ? block.bins : block.rows.flatMap(({ cells }) => cells);
};
const numberOf = (label: string): ReportNumber => blocks.flatMap(numbersOf).find((one) => one.label === label)!;

describe("the report", () => {
  it("counts what there is", () => {
    expect(numberOf("Images").value).toBe(10);
    expect(numberOf("Size of all files").value).toBe(55_000);
    expect(numberOf("Excluded images").value).toBe(1);
    expect(numberOf("Files that could not be read")).toMatchObject({ value: 2, flagged: true });
    expect(numberOf("Dark").value).toBe([0, 1, 2, 3, 4, 5].length);
    expect(numberOf("Groups").value).toBe(1);
    expect(numberOf("Images that could go").value).toBe(3);
    expect(numberOf("jpg").value).toBe(9);
  });

  it("shows as many images on a click as a number says", () => {
    const rows = images.length;
    const facets = Facets.empty.next(fields, [], rows);
    const withImages = blocks
      .filter((block) => block.kind === "bars" || block.kind === "histogram")
      .flatMap(numbersOf)
      .filter(({ filter, value }) => filter !== null && value > 0);
    expect(withImages.length).toBeGreaterThan(20);
    for (const { label, value, filter } of withImages) {
      expect([label, facets.next(fields, filter!, rows).size]).toEqual([label, value]);
    }
  });

  it("finds leaks across the splits that folders are called after", () => {
    const table = blocks.find(({ kind }) => kind === "table");
    expect(table).toMatchObject({ columns: ["train", "test"] });
    const leak = numberOf("train and test");
    expect(leak).toMatchObject({ value: 1, flagged: true });
    const [condition] = leak.filter!;
    expect(condition).toMatchObject({ kind: "rows", rows: RowSet.of([0, 3, 6, 9]) });
  });

  it("draws the threshold where it lies", () => {
    const values = Float32Array.from({ length: 101 }, (_, i) => i / 100);
    const field: NumberField = { id: "x", title: "X", kind: "number", unit: "score", values };
    const block = histogramBlock(field, 101, format, 0.25)!;
    expect(block.mark).toBeCloseTo(0.25, 3);
    expect(block.bins.reduce((sum, { value }) => sum + value, 0)).toBe(101);
    expect(histogramBlock(field, 101, format, 3)!.mark).toBeNull();
    expect(histogramBlock({ ...field, values: new Float32Array(5) }, 5, format)).toBeNull();
  });

  it("names classes with less than a tenth of an even share", () => {
    const ofRow = Int32Array.from({ length: 100 }, (_, row) => (row < 4 ? 2 : row % 2));
    const labels: CategoryField = { id: "label", title: "L", kind: "category", names: ["a", "b", "c"], ofRow };
    expect(classBalance(labels, null, 100)!.bars.map(({ label, flagged }) => [label, flagged])).toEqual([
      ["a", false],
      ["b", false],
      ["c", false],
    ]);
    const rare = { ...labels, ofRow: ofRow.map((name, row) => (name === 2 && row > 2 ? 1 : name)) };
    expect(classBalance(rare, null, 100)!.bars.at(-1)).toMatchObject({ label: "c", value: 3, flagged: true });
    const folders: TreeField = { ...labels, kind: "tree", names: ["train/a", "test/a", "test/b"] };
    expect(classBalance(null, folders, 100)!.bars.map(({ label, value }) => [label, value])).toEqual([
      ["a", 96],
      ["b", 4],
    ]);
    expect(classBalance(null, null, 100)).toBeNull();
  });
});

describe("the report as HTML", () => {
  const html = reportHtml(report, "today");

  it("holds every number and nothing that runs, loads or hides", () => {
    for (const number of blocks.flatMap(numbersOf)) {
      if (number.text === undefined) expect(html).toContain(number.value.toLocaleString("en"));
    }
    expect(html).not.toMatch(/<script|<img|onerror=[^&]*>|javascript:|https?:\/\//i);
    expect(html).not.toContain("\u202e");
    expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&amp;&#39;⟨U+202E⟩");
  });

  it("has balanced tags", () => {
    const open: string[] = [];
    for (const [, close, name] of html.matchAll(/<(\/?)([a-z0-9]+)(?:\s[^<>]*?)?(?<!\/)>/g)) {
      if (name === "meta") continue;
      if (close) expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
  });
});

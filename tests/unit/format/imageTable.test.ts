import fc from "fast-check";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { unescapeFormula } from "../../../src/core/format/csvRows.ts";
import { imageCsv, joinTags, splitTags } from "../../../src/core/format/imageCsv.ts";
import { imageJson } from "../../../src/core/format/imageJson.ts";
import { type ImageRow, takenAtText } from "../../../src/core/format/imageRow.ts";
import { problemsCsv } from "../../../src/core/format/problemsCsv.ts";
import type { ImageRecord } from "../../../src/core/records.ts";

const sha256 = "0123456789abcdef".repeat(4);
const record = (row: number, path: string, takenAt: number | null = null): ImageRecord => ({
  row,
  id: sha256.slice(0, 32),
  path,
  width: 400,
  height: 533,
  bytes: 34_567,
  sha256,
  modifiedAt: 0,
  takenAt,
});
const plain = (row: number, path: string): ImageRow => ({ record: record(row, path), tags: [], label: "", rank: null });

test("CSV has the columns that product.md names, in that order, and then id and capture time", () => {
  const rows: ImageRow[] = [
    { record: record(0, "test/hat/x.jpg", Date.UTC(2024, 4, 1, 12, 30)), tags: ["red", "a;b"], label: "hat", rank: 1 },
    plain(1, "test/hat/ü, 2.jpg"),
  ];
  expect([...imageCsv(rows)].join("").split("\r\n")).toEqual([
    "path,width,height,bytes,sha256,tags,label,selected_rank,id,taken_at",
    `test/hat/x.jpg,400,533,34567,${sha256},red;a\\;b,hat,1,${sha256.slice(0, 32)},2024-05-01T12:30:00`,
    `"test/hat/ü, 2.jpg",400,533,34567,${sha256},,,,${sha256.slice(0, 32)},`,
    "",
  ]);
});

test("hostile paths and tags come back from CSV and JSON", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1 });
  fc.assert(
    fc.property(fc.array(fc.record({ path: name, tags: fc.array(name), label: name })), (images) => {
      const rows = images.map(({ path, tags, label }, i) => ({ record: record(i, path), tags, label, rank: i + 1 }));
      const cells = Papa.parse([...imageCsv(rows)].join(""), { newline: "\r\n", delimiter: "," }).data.slice(1, -1);
      const back = cells.map((cell) => ({
        path: unescapeFormula(cell[0]!),
        tags: splitTags(unescapeFormula(cell[5]!)),
        label: unescapeFormula(cell[6]!),
      }));
      expect(back).toEqual(images);

      const json = JSON.parse([...imageJson(rows)].join("")) as (typeof images)[number][];
      expect(json.map(({ path, tags, label }) => ({ path, tags, label }))).toEqual(images);
    }),
  );
});

test("tags split as they were joined", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", ";", "\\", " "), minLength: 1 })), (tags) => {
      expect(splitTags(joinTags(tags))).toEqual(tags);
    }),
  );
});

test("JSON is one array with the CSV's names and null for what is absent", () => {
  const text = [...imageJson([plain(0, "a.jpg"), { ...plain(1, "b.jpg"), label: "hat", rank: 3 }])].join("");
  const parsed = JSON.parse(text);
  expect(parsed).toEqual([
    {
      path: "a.jpg",
      width: 400,
      height: 533,
      bytes: 34_567,
      sha256,
      tags: [],
      label: null,
      selected_rank: null,
      id: sha256.slice(0, 32),
      taken_at: null,
    },
    {
      path: "b.jpg",
      width: 400,
      height: 533,
      bytes: 34_567,
      sha256,
      tags: [],
      label: "hat",
      selected_rank: 3,
      id: sha256.slice(0, 32),
      taken_at: null,
    },
  ]);
  expect(text.trimEnd().split("\n")).toHaveLength(4);
  expect(JSON.parse([...imageJson([])].join(""))).toEqual([]);
});

test("JSON of many images comes in pieces that join to one document", () => {
  const rows = Array.from({ length: 5000 }, (_, i) => plain(i, `${i}.jpg`));
  const chunks = [...imageJson(rows)];
  expect(chunks.length).toBeGreaterThan(4);
  expect(JSON.parse(chunks.join(""))).toHaveLength(5000);
});

test("capture times keep the camera's clock, and an impossible one is unknown", () => {
  expect(takenAtText(Date.UTC(2024, 0, 2, 3, 4, 5, 60))).toBe("2024-01-02T03:04:05.060");
  expect(takenAtText(0)).toBe("1970-01-01T00:00:00");
  expect([takenAtText(null), takenAtText(Number.NaN), takenAtText(1e17)]).toEqual([null, null, null]);
});

test("problems are listed with path and reason", () => {
  const text = [...problemsCsv([{ path: "-a.jpg", reason: 'It says "no".' }])].join("");
  expect(text).toBe('path,reason\r\n"\'-a.jpg","It says ""no""."\r\n');
});

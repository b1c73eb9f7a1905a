import fc from "fast-check";
import { expect, test } from "vitest";
import { imageFormats } from "../../../src/core/image/sniff.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";
import { exactDuplicates } from "../../../src/core/quality/exactDuplicates.ts";
import { type ImageMeasures, numberMeasures } from "../../../src/core/quality/measures.ts";
import type { ImageRecord } from "../../../src/core/records.ts";

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });
const number = fc.float({ noNaN: true, noDefaultInfinity: true });
const measures = fc
  .tuple(
    fc.array(number, { minLength: numberMeasures.length, maxLength: numberMeasures.length }),
    hex(16),
    hex(16),
    fc.constantFrom(...imageFormats),
  )
  .map(([numbers, perceptualHash, pixelHash, format]) => ({
    ...Object.fromEntries(numberMeasures.map((name, i) => [name, numbers[i]])),
    perceptualHash,
    pixelHash,
    format,
  })) as fc.Arbitrary<ImageMeasures>;
const images = fc
  .array(
    fc.record({
      path: fc.string({ unit: "binary" }),
      sha256: fc.oneof(hex(64), fc.constantFrom("0".repeat(64), "f".repeat(64)), fc.constantFrom("", "no hash")),
      width: fc.nat(),
      height: fc.nat(),
      bytes: fc.nat(2 ** 40),
      modifiedAt: fc.nat(2 ** 41),
      takenAt: fc.option(fc.nat(2 ** 41)),
      measures: fc.option(measures, { nil: undefined }),
    }),
    { maxLength: 40 },
  )
  .map((list) =>
    list.map(
      ({ measures, ...image }, row): ImageRecord => ({
        ...image,
        row,
        id: image.sha256.slice(0, 32),
        ...(measures && { measures }),
      }),
    ),
  );
const tableOf = (records: readonly ImageRecord[], table = new ImageTable()): ImageTable => {
  for (const record of records) table.append(record);
  return table;
};
const recordsOf = (table: ImageTable): ImageRecord[] => Array.from({ length: table.length }, (_, row) => table.at(row));

test("what is put into columns comes out, packed in any parts or not at all", () => {
  fc.assert(
    fc.property(images, fc.array(fc.nat(40)), (records, cuts) => {
      const table = tableOf(records);
      expect(recordsOf(table)).toEqual(records);
      const ends = [...new Set([...cuts.filter((cut) => cut < records.length), records.length])].sort((a, b) => a - b);
      const parts = new ImageTable();
      for (const [i, end] of ends.entries()) {
        const packed = structuredClone(table.packed(ends[i - 1] ?? 0, end));
        // What a database gives back must be enough.
        parts.appendPacked(packed);
      }
      expect(recordsOf(parts)).toEqual(records);
      expect(parts.measures.measured).toBe(records.filter((record) => record.measures).length);
    }),
  );
});

test("more rows than expected have room, packed or not", () => {
  const record = (row: number): ImageRecord => ({
    row,
    id: "",
    path: `image ${row}`,
    sha256: row.toString(16).padStart(64, "0"),
    width: row,
    height: 1,
    bytes: row,
    modifiedAt: row,
    takenAt: null,
  });
  const many = tableOf(Array.from({ length: 5_000 }, (_, row) => record(row)));
  const table = new ImageTable(10);
  table.appendPacked(many.packed(0, 3_000));
  for (let row = 3_000; row < 5_000; row++) table.append(record(row));
  expect(recordsOf(table)).toEqual(recordsOf(many));
});

test("equal bytes are found by their hash, images without one are nobody's duplicate", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("", "odd", "0".repeat(64), `${"0".repeat(63)}1`, `1${"0".repeat(63)}`)),
      (hashes) => {
        const table = tableOf(
          hashes.map((sha256, row) => ({
            row,
            id: "",
            path: "",
            sha256,
            width: 1,
            height: 1,
            bytes: 1,
            modifiedAt: 0,
            takenAt: null,
          })),
        );
        const groups = [...new Set(hashes)].flatMap((hash) => {
          const rows = [...hashes.keys()].filter((row) => hashes[row] === hash);
          return hash !== "" && rows.length > 1 ? [rows] : [];
        });
        const byFirst = (a: number[], b: number[]) => a[0]! - b[0]!;
        expect(
          exactDuplicates(table)
            .map((group) => [...group])
            .sort(byFirst),
        ).toEqual(groups.sort(byFirst));
      },
    ),
  );
});

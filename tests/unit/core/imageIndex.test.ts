import fc from "fast-check";
import { expect, test } from "vitest";
import { ImageIndex, type KnownFile } from "../../../src/core/imageIndex.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";

const hash = fc
  .integer({ min: 0, max: 12 })
  .map((n) => (n === 0 ? "" : n.toString(16).padStart(64, n % 2 ? "0" : "f")));
const files = fc.uniqueArray(
  fc.record({ path: fc.string({ unit: "binary", maxLength: 5 }), sha256: hash, bytes: fc.nat(), modifiedAt: fc.nat() }),
  { selector: ({ path }) => path, maxLength: 60 },
);
const tableOf = (list: readonly KnownFile[]): ImageTable => {
  const table = new ImageTable();
  for (const [row, file] of list.entries()) {
    table.append({ ...file, row, id: "", width: 1, height: 1, takenAt: null });
  }
  return table;
};

test("finds what a map of paths and one of hashes finds, whether taken from a table or added", () => {
  fc.assert(
    fc.property(files, fc.nat(60), fc.array(fc.string({ maxLength: 5 })), (list, cut, others) => {
      const index = ImageIndex.of(tableOf(list.slice(0, cut)));
      for (const file of list.slice(cut)) index.add(file);
      expect(index.length).toBe(list.length);
      const byPath = new Map(list.map((file) => [file.path, file]));
      for (const path of [...byPath.keys(), ...others]) expect(index.ofPath(path)).toEqual(byPath.get(path));
      const hashes = list.map(({ sha256 }) => sha256);
      for (const sha256 of [...hashes, "1".repeat(64), "a"]) {
        const row = hashes.indexOf(sha256);
        expect(index.rowOfHash(sha256)).toBe(row < 0 ? undefined : row);
      }
    }),
  );
});

test("grows past what it had room for", () => {
  const index = ImageIndex.empty();
  const rows = 10_000;
  const fileOf = (row: number): KnownFile => ({
    path: `folder ${row % 7}/${row}.jpg`,
    sha256: Math.floor(row / 2)
      .toString(16)
      .padStart(64, "0"),
    bytes: row,
    modifiedAt: 2 * row,
  });
  for (let row = 0; row < rows; row++) index.add(fileOf(row));
  for (let row = 0; row < rows; row += 13) {
    expect(index.ofPath(fileOf(row).path)).toEqual(fileOf(row));
    expect(index.rowOfHash(fileOf(row).sha256)).toBe(row - (row % 2));
  }
});

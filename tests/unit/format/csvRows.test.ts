import fc from "fast-check";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { type CsvValue, csvChunks, unescapeFormula } from "../../../src/core/format/csvRows.ts";

/** Text with everything that CSV and spreadsheets treat specially. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."\",;\r\n\t'=+-@\uFEFF＝＋－＠ "),
    fc.string({ minLength: 1, maxLength: 1, unit: "grapheme" }),
  ),
  maxLength: 12,
});
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(text, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }));

const csv = (columns: string[], rows: Iterable<readonly CsvValue[]>): string => [...csvChunks(columns, rows)].join("");

/** RFC 4180 read character by character, and nothing beyond it. */
function parseStrictly(source: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < source.length) {
    let field = "";
    if (source[at] === '"') {
      for (at++; ; at++) {
        if (at >= source.length) throw new Error("a quoted field does not end");
        if (source[at] === '"' && source[++at] !== '"') break;
        field += source[at];
      }
    } else {
      while (at < source.length && !',\r\n"'.includes(source[at]!)) field += source[at++];
    }
    row.push(field);
    if (source[at] === ",") at++;
    else if (source.startsWith("\r\n", at)) {
      at += 2;
      rows.push(row);
      row = [];
    } else throw new Error(`neither a comma nor a line end at ${at}`);
  }
  if (row.length > 0) throw new Error("the last line does not end");
  return rows;
}

test("a strict RFC 4180 reader and papaparse both get the same text back", () => {
  fc.assert(
    fc.property(table, (rows) => {
      const columns = rows[0]!.map((_, i) => `c${i}`);
      const written = csv(columns, rows);
      const [header, ...strict] = parseStrictly(written);
      expect(header).toEqual(columns);
      expect(strict.map((row) => row.map(unescapeFormula))).toEqual(rows);

      const loose = Papa.parse(written, { newline: "\r\n", delimiter: "," });
      // papaparse reports the end of the last line as one more row with an empty field.
      expect(loose.data.at(-1)).toEqual([""]);
      expect(loose.data.slice(1, -1).map((row) => row.map(unescapeFormula))).toEqual(rows);
    }),
    { numRuns: 500 },
  );
});

test("no field that a spreadsheet would run is left as it is", () => {
  fc.assert(
    fc.property(table, (rows) => {
      for (const row of parseStrictly(csv(rows[0]!.map(String), rows))) {
        for (const field of row) expect(field).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/u);
      }
    }),
  );
});

test("formulas with a line break in them are escaped too", () => {
  expect(csv(["a", "b"], [["=1+1\n2", "x"]])).toBe('a,b\r\n"\'=1+1\n2",x\r\n');
});

test("numbers stay numbers, null is empty, text with an apostrophe stays apart from escaped text", () => {
  expect(csv(["a", "b"], [[-1.5, null]])).toBe("a,b\r\n-1.5,\r\n");
  expect(parseStrictly(csv(["a", "b"], [["=1", "'=1"]]))[1]).toEqual(["'=1", "''=1"]);
  expect(unescapeFormula("'tis")).toBe("'tis");
});

test("a row of another length is refused with both numbers", () => {
  expect(() => csv(["a", "b"], [["x"]])).toThrow("expected 2 columns, got 1");
});

test("no rows give a header; many rows come in pieces and are taken as they are needed", () => {
  expect(csv(["a", "b"], [])).toBe("a,b\r\n");
  let made = 0;
  const rows = function* (): Generator<CsvValue[]> {
    for (; made < 100_000; made++) yield [made, `row ${made}`];
  };
  const chunks = csvChunks(["n", "text"], rows());
  const first = chunks.next().value ?? "";
  expect(made).toBeLessThan(10_000);
  const rest = [...chunks];
  expect(rest.length).toBeGreaterThan(10);
  expect(Math.max(...rest.map((chunk) => chunk.length))).toBeLessThan(1 << 20);
  const lines = (first + rest.join("")).split("\r\n");
  expect(lines).toHaveLength(100_002);
  expect(lines[100_000]).toBe("99999,row 99999");
});

import Papa from "papaparse";

/** Numbers are written as they are, null as an empty field. */
export type CsvValue = string | number | null;

/** About 1 MB of text and less than a frame of work. */
const ROWS_PER_CHUNK = 2048;

/**
 * Text that Excel, LibreOffice or Google Sheets would run as a formula: it begins with one of = + - @, their full-width
 * forms, a tab or a line break (OWASP, “CSV Injection”). Apostrophes in front belong to the pattern, so that escaped
 * text is escaped once more and {@link unescapeFormula} always finds the original. (papaparse's own pattern misses text
 * with a line break in it.)
 */
const FORMULA = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * A table as RFC 4180 CSV, in pieces of a few thousand rows, so that a million rows never are one string: comma, CRLF
 * after every row, quotes where needed, no byte order mark. Text that a spreadsheet would run as a formula gets an
 * apostrophe in front; numbers do not.
 */
export function* csvChunks(
  columns: readonly string[],
  rows: Iterable<readonly CsvValue[]>,
): Generator<string, void, void> {
  let pending: (readonly CsvValue[])[] = [columns];
  for (const row of rows) {
    if (row.length !== columns.length) throw new RangeError(`expected ${columns.length} columns, got ${row.length}`);
    pending.push(row);
    if (pending.length >= ROWS_PER_CHUNK) {
      yield asText(pending);
      pending = [];
    }
  }
  if (pending.length > 0) yield asText(pending);
}

/** The text as it was before {@link csvChunks} escaped it. */
export function unescapeFormula(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}

function asText(rows: readonly (readonly CsvValue[])[]): string {
  return `${Papa.unparse(rows, { newline: "\r\n", escapeFormulae: FORMULA })}\r\n`;
}

/** A row of a table in a text file. */
export interface TextRow {
  /** Line on which it begins, from 1. */
  line: number;
  cells: string[];
  /** Quotes that are not closed, and the like; "" when it is well formed. */
  problem: string;
}

/** A cell is not a file: beyond it a quote was left open. */
const longestCell = 1 << 20;
/** A row is not a file either: a file without line breaks would be one. */
const mostCells = 100_000;

/** The delimiter of a table's beginning: the one of comma, semicolon, tab and bar that stands most often in its first line. */
export function delimiterOf(text: string): string {
  const line = firstLine(text);
  let best = ",";
  let most = 0;
  for (const delimiter of [",", ";", "\t", "|"]) {
    const count = line.split(delimiter).length - 1;
    if (count > most) {
      best = delimiter;
      most = count;
    }
  }
  return best;
}

/** The first line, without what stands in quotes. */
function firstLine(text: string): string {
  const outside = text.replace(/^\uFEFF/, "").replace(/"(?:[^"]|"")*"/g, "");
  return /^[\r\n]*([^\r\n]*)/.exec(outside)?.[1] ?? "";
}

/**
 * The rows of a table as RFC 4180 describes it, with any delimiter, any line end, and quotes with line breaks inside; in
 * parts, so that a file of any size never is in memory whole. Empty lines are left out.
 */
export async function* delimitedRows(
  parts: AsyncIterable<string> | Iterable<string>,
  delimiter: string,
): AsyncGenerator<TextRow[]> {
  const rows = new RowCutter(delimiter);
  for await (const part of parts) yield rows.take(part);
  const last = rows.end();
  if (last) yield [last];
}

class RowCutter {
  private line = 1;
  private startLine = 1;
  private cells: string[] = [];
  private cell = "";
  /** Outside of quotes, inside, or after one that may be the first of two. */
  private state: "plain" | "quoted" | "quote" = "plain";
  private problem = "";
  private afterReturn = false;
  private begun = false;
  private started = false;

  constructor(private readonly delimiter: string) {}

  take(part: string): TextRow[] {
    const rows: TextRow[] = [];
    const text = this.started ? part : part.replace(/^\uFEFF/, "");
    this.started = true;
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const character = text[i]!;
      if (this.afterReturn) {
        this.afterReturn = false;
        if (character === "\n") {
          from = i + 1;
          continue;
        }
      }
      if (this.state === "quoted") {
        if (character === '"') {
          this.cell += text.slice(from, i);
          this.state = "quote";
          from = i + 1;
        } else if (character === "\n") this.line++;
        continue;
      }
      if (this.state === "quote") {
        if (character === '"') {
          this.state = "quoted";
          from = i;
          continue;
        }
        this.state = "plain";
      }
      if (character === this.delimiter) {
        this.closeCell(text.slice(from, i));
        from = i + 1;
      } else if (character === "\n" || character === "\r") {
        const row = this.closeRow(text.slice(from, i));
        if (row) rows.push(row);
        from = i + 1;
        this.afterReturn = character === "\r";
      } else if (character === '"' && i === from && this.cell === "") {
        this.state = "quoted";
        this.begun = true;
        from = i + 1;
      }
    }
    this.cell += text.slice(from);
    if (text.length > from) this.begun = true;
    this.limit();
    return rows;
  }

  end(): TextRow | null {
    if (this.state === "quoted") this.problem = "a quote is not closed";
    return this.closeRow("");
  }

  private closeCell(rest: string): void {
    if (this.cells.length < mostCells) this.cells.push(this.cell + rest);
    else this.problem = `it has more than ${mostCells} cells`;
    this.cell = "";
    this.begun = true;
  }

  private closeRow(rest: string): TextRow | null {
    const line = this.startLine;
    const empty = !this.begun && rest === "";
    if (!empty) this.closeCell(rest);
    const row = empty ? null : { line, cells: this.cells, problem: this.problem };
    this.cells = [];
    this.cell = "";
    this.problem = "";
    this.begun = false;
    this.state = "plain";
    this.startLine = ++this.line;
    return row;
  }

  /** A quote that is never closed would take the rest of the file for one cell. */
  private limit(): void {
    if (this.cell.length <= longestCell) return;
    this.problem = `a cell is longer than ${longestCell} characters; is a quote not closed?`;
    this.cell = this.cell.slice(0, 1_000);
  }
}

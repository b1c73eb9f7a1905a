import type { MetadataField } from "../../annotations/metadataField.ts";

/** More different texts are no categories but sentences. */
const mostNames = 100_000;
/** What a JSON value in a column is cut to. */
const longestText = 1_000;

const numeric = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const dated = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const yes = /^(?:true|yes)$/i;
const no = /^(?:false|no)$/i;

/**
 * Gathers one column of metadata and finds out what it is: numbers, dates (ISO 8601, without a zone read as UTC), yes
 * and no, or names. “007” is a name. Empty cells, null, NaN and “nan” have no value.
 */
export class MetadataColumn {
  private numbers = new Float64Array(0);
  /** Index into `names`, −1 without. */
  private ofRow = new Int32Array(0);
  private readonly names: string[] = [];
  private readonly ids = new Map<string, number>();
  private overflowed = false;

  constructor(
    readonly key: string,
    private readonly rows: number,
    /** Numbers are names of classes. */
    private readonly numbersAreNames = false,
  ) {}

  set(row: number, value: unknown): void {
    if (this.numbers.length === 0) {
      this.numbers = new Float64Array(this.rows).fill(Number.NaN);
      this.ofRow = new Int32Array(this.rows).fill(-1);
    }
    this.numbers[row] = Number.NaN;
    this.ofRow[row] = -1;
    const plain = plainOf(value);
    if (typeof plain === "number" && !this.numbersAreNames) this.numbers[row] = plain;
    else if (plain !== "") this.ofRow[row] = this.idOf(String(plain));
  }

  /** @returns null when no row has a value, a text when the column cannot be kept */
  finish(): MetadataField | string | null {
    const { key, names } = this;
    if (this.overflowed) return `“${key}” has more than ${mostNames} different texts and is left out.`;
    const named = this.ofRow.some((id) => id >= 0);
    const numbered = this.numbers.some((value) => !Number.isNaN(value));
    if (!named) return numbered ? { key, kind: "number", values: this.numbers } : null;
    if (!numbered && names.every((name) => dated.test(name))) {
      const times = names.map(timeOf);
      return { key, kind: "date", values: Float64Array.from(this.ofRow, (id) => times[id] ?? Number.NaN) };
    }
    if (!numbered && names.every((name) => yes.test(name) || no.test(name))) {
      return { key, kind: "boolean", ofRow: this.ofRow.map((id) => (id < 0 ? -1 : yes.test(names[id]!) ? 1 : 0)) };
    }
    for (const [row, value] of this.numbers.entries()) {
      if (!Number.isNaN(value)) this.ofRow[row] = this.idOf(String(value));
    }
    return { key, kind: "category", names, ofRow: this.ofRow };
  }

  private idOf(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    if (this.names.length === mostNames) {
      this.overflowed = true;
      return -1;
    }
    this.ids.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

/** A number, or text; "" stands for no value. */
function plainOf(value: unknown): number | string {
  if (typeof value === "number") return Number.isFinite(value) ? value : "";
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  if (typeof value === "string") {
    const text = value.trim();
    if (/^(?:nan|null|none)?$/i.test(text)) return "";
    return numeric.test(text) && Number.isFinite(Number(text)) ? Number(text) : text.slice(0, longestText);
  }
  return value === null || value === undefined ? "" : (JSON.stringify(value) ?? "").slice(0, longestText);
}

/** Milliseconds since 1970; NaN for a day that no calendar has. */
export function timeOf(text: string): number {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text.slice(10)) || text.length === 10;
  return Date.parse(zoned ? text.replace(" ", "T") : `${text.replace(" ", "T")}Z`);
}

import { RowSet } from "../rowSet.ts";
import { binsOf, noBin } from "./binning.ts";
import type { Field } from "./field.ts";
import { type Condition, type Filter, markFailing } from "./filter.ts";

/** How many rows of each value there are under the conditions of the other fields. */
export interface ValueCounts {
  /** By index into the field's names. A row with several names counts under each of them. */
  counts: Uint32Array;
  /** Rows without a value. */
  none: number;
}

interface Applied {
  field: Field | undefined;
  condition: Condition;
  bit: number;
}

/** One bit a condition and row, so at most as many conditions. */
const mostConditions = 31;

/**
 * The rows that a filter leaves, and how many there would be under every value of a field. A snapshot: it never
 * changes; {@link next} makes one for another filter and works only on what is different.
 */
export class Facets {
  static readonly empty = new Facets([], [], new Uint32Array(0));
  private readonly byId: ReadonlyMap<string, Field>;
  private readonly counted = new Map<string, ValueCounts>();
  private shown: RowSet | null | undefined;

  private constructor(
    fields: readonly Field[],
    private readonly applied: readonly Applied[],
    /** By row the bits of the conditions that it does not meet. */
    private readonly fails: Uint32Array,
  ) {
    this.byId = new Map(fields.map((field) => [field.id, field]));
  }

  /** @param rows how many images there are */
  next(fields: readonly Field[], filter: Filter, rows: number): Facets {
    const byId = new Map(fields.map((field) => [field.id, field]));
    const wanted = filter
      .slice(0, mostConditions)
      .map((condition) => ({ condition, field: byId.get(condition.field) }));
    const grown = rows !== this.fails.length;
    const kept = grown
      ? []
      : this.applied.filter((old) =>
          wanted.some(({ condition, field }) => old.condition === condition && old.field === field),
        );
    const bitsKept = kept.reduce((bits, { bit }) => bits | bit, 0);
    const fails = new Uint32Array(rows);
    if (bitsKept !== 0) for (let row = 0; row < rows; row++) fails[row] = this.fails[row]! & bitsKept;
    const applied = [...kept];
    let free = 1;
    for (const { condition, field } of wanted) {
      if (kept.some((old) => old.condition === condition)) continue;
      while (applied.some(({ bit }) => bit === free)) free <<= 1;
      applied.push({ condition, field, bit: free });
      markFailing(fails, free, field, condition);
    }
    return new Facets(fields, applied, fails);
  }

  /** Rows that meet every condition; null when there is none to meet. */
  get visible(): RowSet | null {
    this.shown ??= this.applied.length === 0 ? null : RowSet.ofAscending(this.meeting());
    return this.shown;
  }

  /** How many images there are, shown or not. */
  get rows(): number {
    return this.fails.length;
  }

  /** How many rows meet every condition. */
  get size(): number {
    return this.visible?.size ?? this.fails.length;
  }

  /** Of a category, tree or sets field; all zero for others. */
  counts(id: string): ValueCounts {
    const known = this.counted.get(id);
    if (known) return known;
    const field = this.byId.get(id);
    const others = ~this.bitOf(id);
    const made = field ? countValues(field, this.fails, others) : { counts: new Uint32Array(0), none: 0 };
    this.counted.set(id, made);
    return made;
  }

  /**
   * How many rows have a number in each bin [edges[i], edges[i + 1]), the last bin closed, under the conditions of the
   * other fields.
   * @param edges ascending, 2 to 255 of them
   */
  histogram(id: string, edges: Float64Array): Uint32Array {
    const bins = new Uint32Array(Math.max(0, edges.length - 1));
    const field = this.byId.get(id);
    if (field?.kind !== "number") return bins;
    const others = ~this.bitOf(id);
    const { fails } = this;
    const ofRow = binsOf(field.values, edges);
    const rows = Math.min(fails.length, ofRow.length);
    for (let row = 0; row < rows; row++) {
      if ((fails[row]! & others) === 0 && ofRow[row] !== noBin) bins[ofRow[row]!]!++;
    }
    return bins;
  }

  private bitOf(id: string): number {
    return this.applied.find(({ condition }) => condition.field === id)?.bit ?? 0;
  }

  private meeting(): Uint32Array {
    const { fails } = this;
    const rows = new Uint32Array(fails.length);
    let count = 0;
    for (let row = 0; row < rows.length; row++) if (fails[row] === 0) rows[count++] = row;
    return rows.slice(0, count);
  }
}

function countValues(field: Field, fails: Uint32Array, others: number): ValueCounts {
  if (field.kind === "category" || field.kind === "tree") {
    const counts = new Uint32Array(field.names.length);
    let none = 0;
    for (let row = 0; row < fails.length; row++) {
      if ((fails[row]! & others) !== 0) continue;
      const name = field.ofRow[row] ?? -1;
      if (name < 0) none++;
      else counts[name]!++;
    }
    return { counts, none };
  }
  if (field.kind === "sets") {
    const inAny = new Uint8Array(fails.length);
    const counts = Uint32Array.from(field.sets, (set) => {
      let count = 0;
      for (const row of set.rows) {
        if (row >= fails.length) break;
        inAny[row] = 1;
        if ((fails[row]! & others) === 0) count++;
      }
      return count;
    });
    let none = 0;
    for (let row = 0; row < fails.length; row++) if (inAny[row] === 0 && (fails[row]! & others) === 0) none++;
    return { counts, none };
  }
  return { counts: new Uint32Array(0), none: 0 };
}

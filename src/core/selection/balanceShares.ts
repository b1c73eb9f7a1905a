import type { BalancePart } from "./columns.ts";
import { logFloor } from "./logFloor.ts";

const leastShare = 1e-10;

/** The class shares of a growing set, and what a row would make of them. */
export class BalanceShares {
  /** By class: how often it occurs in what is chosen. */
  private readonly totals: Float64Array;
  private sum = 0;
  private readonly target: Float64Array;
  /** Rows with the same classes are judged once: by row the number of its pattern. */
  readonly patternOf: Uint32Array;
  private readonly patterns: { classes: Uint32Array; counts: Float64Array; sum: number }[] = [];

  /** @param included by row, 1 for the rows whose distribution is the input's */
  constructor({ counts, target }: BalancePart, rows: number, included: (row: number) => boolean) {
    const { names, first, classes, counts: times } = counts;
    this.totals = new Float64Array(names.length);
    this.patternOf = new Uint32Array(rows);
    const known = new Map<string, number>();
    const input = new Float64Array(names.length);
    for (let row = 0; row < rows; row++) {
      const own = {
        classes: classes.slice(first[row]!, first[row + 1]!),
        counts: times.slice(first[row]!, first[row + 1]!),
      };
      const key = `${own.classes.join(",")}|${own.counts.join(",")}`;
      let pattern = known.get(key);
      if (pattern === undefined) {
        pattern = known.size;
        known.set(key, pattern);
        this.patterns.push({ ...own, sum: own.counts.reduce((sum, count) => sum + count, 0) });
      }
      this.patternOf[row] = pattern;
      if (included(row)) for (const [i, c] of own.classes.entries()) input[c] = input[c]! + own.counts[i]!;
    }
    const all = input.reduce((sum, count) => sum + count, 0);
    this.target = target ?? input.map((count) => (all > 0 ? count / all : 0));
  }

  choose(row: number): void {
    const { classes, counts, sum } = this.patterns[this.patternOf[row]!]!;
    for (const [i, c] of classes.entries()) this.totals[c] = this.totals[c]! + counts[i]!;
    this.sum += sum;
  }

  /** 1 − ½ Σ |share − target| after adding a row, by pattern. */
  products(): Float64Array {
    return this.judged((shares) => {
      let apart = 0;
      for (let c = 0; c < shares.length; c++) apart += Math.abs(shares[c]! - this.target[c]!);
      return 1 - apart / 2;
    });
  }

  /** ln (1 / (−Σ target · ln share)) after adding a row, by pattern: LightlyStudio's measure. */
  cumulative(): Float64Array {
    return this.judged((shares) => {
      let entropy = 0;
      for (let c = 0; c < shares.length; c++) entropy -= this.target[c]! * Math.log(Math.max(leastShare, shares[c]!));
      return -logFloor(entropy);
    });
  }

  private judged(judge: (shares: Float64Array) => number): Float64Array {
    const shares = new Float64Array(this.totals.length);
    return Float64Array.from(this.patterns, ({ classes, counts, sum }) => {
      const all = this.sum + sum;
      for (let c = 0; c < shares.length; c++) shares[c] = all > 0 ? this.totals[c]! / all : 0;
      for (let i = 0; i < classes.length; i++) shares[classes[i]!] = shares[classes[i]!]! + counts[i]! / all;
      return judge(shares);
    });
  }
}

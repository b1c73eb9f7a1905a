import type { Kernels } from "../../kernels/load.ts";
import { distanceSquared } from "../distance.ts";
import { WinnowError } from "../errors.ts";
import type { Matrix } from "../matrix.ts";
import { FarthestFirst } from "../select/farthestFirst.ts";
import type { Task } from "../task.ts";
import { BalanceShares } from "./balanceShares.ts";
import type { Pick } from "./greedy.ts";
import { logFloor } from "./logFloor.ts";
import type { Play } from "./play.ts";

/**
 * LightlyStudio's rule: the candidate with the largest Σ strength · ln F(chosen with it), where F accumulates over the
 * set. Diversity: A + d², A the sum over the chosen of the squared distance to their nearest other chosen one; static
 * strategies: the sum of values; balance: 1 / cross-entropy of target and shares.
 */
export function* cumulative(kernels: Kernels, play: Play, n: number, done: (pick: Pick) => void): Task<string> {
  const { size, chosen, statics, diversity, balance, coverage } = play;
  const stops = statics.some(({ maxSum, range }) => maxSum !== null || range !== null);
  if (coverage.length > 0 || stops || diversity.some(({ minDistance }) => minDistance > 0)) {
    throw new WinnowError(
      "config",
      "combination “cumulative” is LightlyStudio's rule, which has neither COVERAGE nor stopping conditions.",
    );
  }
  if (diversity.some(({ points }) => points.first !== null)) {
    throw new WinnowError(
      "config",
      "combination “cumulative” judges whole images: take “task” out of the DIVERSITY strategy, or the combination.",
    );
  }
  const allowed = play.allowed.slice();
  const before = new Set(chosen);
  const shares = balance.map(
    (part) => new BalanceShares(part, size, (unit) => allowed[unit] === 1 || before.has(unit)),
  );
  const embeddings = diversity[0]?.points.embeddings;
  const set = embeddings ? new FarthestFirst(kernels, embeddings, chosen.length + n, { lazy: false }) : null;
  const sums = statics.map(() => 0);
  /** Of each chosen unit the squared distance to its nearest other chosen one. */
  const nearest = new Map<number, number>();
  let apart = 0;
  const take = function* (unit: number): Task<void> {
    let own = Number.POSITIVE_INFINITY;
    if (set && embeddings) {
      for (const [other, old] of nearest) {
        const d = between(embeddings, unit, other);
        own = Math.min(own, d);
        if (d < old) nearest.set(other, d);
      }
      nearest.set(unit, own);
      apart = nearest.size < 2 ? 0 : [...nearest.values()].reduce((sum, d) => sum + d, 0);
      yield* set.choose(unit);
    }
    allowed[unit] = 0;
    for (const [s, { values }] of statics.entries()) sums[s] = sums[s]! + values[unit]!;
    for (const share of shares) share.choose(unit);
  };
  try {
    for (const unit of chosen) yield* take(unit);
    for (let picks = 0; picks < n; picks++) {
      const squared = set && nearest.size > 0 ? set.squared() : null;
      const balances = shares.map((share) => share.cumulative());
      let best = -1;
      let most = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < size; i++) {
        if (allowed[i] === 0) continue;
        let value = 0;
        if (squared) {
          const log = Math.log(Math.max(1e-18, apart + squared[i]!));
          for (const { strength } of diversity) value += strength * log;
        }
        for (let s = 0; s < statics.length; s++)
          value += statics[s]!.strength * logFloor(sums[s]! + statics[s]!.values[i]!);
        for (let b = 0; b < shares.length; b++) value += balance[b]!.strength * balances[b]![shares[b]!.patternOf[i]!]!;
        if (value > most) {
          most = value;
          best = i;
        }
      }
      if (best < 0) return "";
      const factors = new Map<number, number>();
      for (const { strategy } of diversity) factors.set(strategy, squared ? Math.sqrt(squared[best]!) : 1);
      for (const { strategy, values } of statics) factors.set(strategy, values[best]!);
      for (const [b, { strategy }] of balance.entries()) {
        factors.set(strategy, Math.exp(balances[b]![shares[b]!.patternOf[best]!]!));
      }
      done({ unit: best, factors });
      yield* take(best);
      yield { done: picks + 1, total: n };
    }
    return "";
  } finally {
    set?.free();
  }
}

const between = ({ data, cols }: Matrix, a: number, b: number): number =>
  distanceSquared(data, a * cols, data, b * cols, cols);

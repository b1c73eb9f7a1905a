import type { Kernels } from "../../kernels/load.ts";
import type { Task } from "../task.ts";
import { BalanceShares } from "./balanceShares.ts";
import { ChosenPoints } from "./chosenPoints.ts";
import { CoverageGain } from "./coverageGain.ts";
import { DistanceFactors } from "./distanceFactors.ts";
import { LazyTop } from "./lazyTop.ts";
import { logFloor } from "./logFloor.ts";
import type { Play } from "./play.ts";

/** A unit that is taken, with the factor of each strategy that judged it. */
export interface Pick {
  unit: number;
  factors: Map<number, number>;
}

/** ln differences above this lose precision as f64 products: then everything is compared in logs. */
const widestProduct = 600;

/**
 * Takes one unit after the other: each time the one with the largest Π factor^strength, of equals the lowest. Lazily,
 * and exactly, where factors only fall as the set grows; by a full scan otherwise.
 * @param n most picks
 * @param done called with each pick, before the next is looked for
 * @returns why it ended early, for people; “” when n were taken or nothing is left
 */
export function* greedy(kernels: Kernels, play: Play, n: number, done: (pick: Pick) => void): Task<string> {
  const logs = staticLogs(play);
  const hasRange = play.statics.some(({ range }) => range !== null);
  const falling = [...play.diversity, ...play.coverage].every(({ strength }) => strength > 0);
  if (falling && play.balance.length === 0 && !hasRange) {
    if (play.coverage.length === 0 && play.diversity.length > 0 && samePoints(play.diversity).length === 1) {
      const weights = productWeights(play, logs);
      if (weights !== "too wide") return yield* byDiversity(kernels, play, n, done, logs, weights);
    }
    if (play.diversity.length === 0) return yield* byCoverage(play, n, done, logs);
  }
  return yield* byScan(kernels, play, n, done, logs);
}

/** Strategies that look at the same points, together. */
function samePoints(diversity: Play["diversity"]): Play["diversity"][] {
  const byPoints = new Map<Play["diversity"][number]["points"], Play["diversity"]>();
  for (const part of diversity) byPoints.set(part.points, [...(byPoints.get(part.points) ?? []), part]);
  return [...byPoints.values()];
}

/** By unit: Σ strength · ln factor of all that does not change. */
function staticLogs({ size, statics }: Play): Float64Array {
  const logs = new Float64Array(size);
  for (const { strength, values } of statics) {
    for (let i = 0; i < size; i++) logs[i] = logs[i]! + strength * logFloor(values[i]!);
  }
  return logs;
}

/** What squared distances are multiplied by to compare like the logs; null where all are alike. */
function productWeights({ diversity, allowed }: Play, logs: Float64Array): Float64Array | null | "too wide" {
  const strength = diversity.reduce((sum, part) => sum + part.strength, 0);
  let most = Number.NEGATIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < logs.length; i++) {
    if (allowed[i] === 0) continue;
    most = Math.max(most, logs[i]!);
    least = Math.min(least, logs[i]!);
  }
  if (!(most > least)) return null;
  if ((2 * (most - least)) / strength > widestProduct) return "too wide";
  // A product of the nearest distances needs one strength for all of them.
  return logs.map((log) => Math.exp((2 * (log - most)) / strength));
}

/** The sums that stop or skip: before a pick that exceeds one, after a pick that reaches one. */
class Sums {
  private readonly totals: number[];

  constructor(private readonly statics: Play["statics"]) {
    this.totals = statics.map(() => 0);
  }

  /** Whether taking a unit would exceed a largest sum at which everything stops. */
  exceeds(unit: number): boolean {
    return this.statics.some(({ maxSum, raw }, i) => maxSum !== null && this.totals[i]! + raw[unit]! > maxSum);
  }

  /** Whether a unit does not fit under the upper end of a range. */
  skips(unit: number): boolean {
    return this.statics.some(({ range, raw }, i) => range !== null && this.totals[i]! + raw[unit]! > range.maxSum);
  }

  add(unit: number): void {
    for (const [i, { raw }] of this.statics.entries()) this.totals[i] = this.totals[i]! + raw[unit]!;
  }

  /** Whether all ranges are reached. */
  get reached(): boolean {
    const ranged = this.statics.filter(({ range }) => range !== null);
    return ranged.length > 0 && this.statics.every(({ range }, i) => range === null || this.totals[i]! >= range.minSum);
  }

  get endWord(): string {
    return "the next image would exceed stopping_condition_max_sum";
  }
}

const tooNear = "no image is as far from the chosen ones as stopping_condition_minimum_distance asks";
const outOfRange = "target_range is reached";
const nothingFits = "no further image fits into target_range";

const minDistanceOf = ({ diversity }: Play): number =>
  diversity.reduce((most, one) => Math.max(most, one.minDistance), 0);

function staticFactors({ statics }: Play, unit: number): Map<number, number> {
  return new Map(statics.map(({ strategy, values }) => [strategy, values[unit]!]));
}

/** The allowed unit with the largest log, of equals the lowest; −1 for none. */
function bestOf(allowed: Uint8Array, logs: Float64Array): number {
  let best = -1;
  for (let i = 0; i < logs.length; i++) if (allowed[i] === 1 && (best < 0 || logs[i]! > logs[best]!)) best = i;
  return best;
}

function* byDiversity(
  kernels: Kernels,
  play: Play,
  n: number,
  done: (pick: Pick) => void,
  logs: Float64Array,
  weights: Float64Array | null,
): Task<string> {
  const { allowed, chosen, diversity } = play;
  const least = minDistanceOf(play);
  // With weights the best may be too near while another is not: then all must be looked at.
  if (weights !== null && least > 0) return yield* byScan(kernels, play, n, done, logs);
  const sums = new Sums(play.statics);
  const set = new ChosenPoints(kernels, diversity[0]!.points, chosen.length + n, {
    candidates: allowed,
    ...(weights && { weights }),
  });
  const reporting = function* <T>(task: Task<T>): Task<T> {
    for (;;) {
      const step = task.next();
      if (step.done) return step.value;
      yield { done: picks, total: n };
    }
  };
  let picks = 0;
  try {
    for (const unit of chosen) yield* reporting(set.choose(unit));
    for (; picks < n; picks++) {
      const first = set.isEmpty;
      const unit = first ? bestOf(allowed, logs) : -1;
      const found = !first
        ? yield* reporting(set.farthest())
        : unit < 0
          ? null
          : { unit, squared: Number.POSITIVE_INFINITY };
      if (found === null) return "";
      const distance = first ? 1 : Math.sqrt(found.squared);
      if (!first && least > 0 && distance < least) return tooNear;
      if (sums.exceeds(found.unit)) return sums.endWord;
      sums.add(found.unit);
      const factors = staticFactors(play, found.unit);
      for (const { strategy } of diversity) factors.set(strategy, distance);
      done({ unit: found.unit, factors });
      yield* reporting(set.choose(found.unit));
    }
    return "";
  } finally {
    set.free();
  }
}

function* byCoverage(play: Play, n: number, done: (pick: Pick) => void, logs: Float64Array): Task<string> {
  const { allowed, chosen, coverage } = play;
  const gains = yield* gainsOf(play);
  const sums = new Sums(play.statics);
  for (const unit of chosen) for (const gain of gains) gain.choose(unit);
  const firsts = gains.map((gain) => largestGain(gain, allowed));
  const worthOf = (unit: number): number =>
    coverage.reduce((sum, { strength }, i) => sum + strength * logFloor(gains[i]!.of(unit) / firsts[i]!), logs[unit]!);
  const top = new LazyTop(allowed, worthOf);
  for (let picks = 0; picks < n; picks++) {
    const unit = top.take();
    if (unit < 0) return "";
    if (sums.exceeds(unit)) return sums.endWord;
    sums.add(unit);
    const factors = staticFactors(play, unit);
    for (const [i, { strategy }] of coverage.entries()) factors.set(strategy, gains[i]!.of(unit) / firsts[i]!);
    done({ unit, factors });
    for (const gain of gains) gain.choose(unit);
    yield { done: picks + 1, total: n };
  }
  return "";
}

function* gainsOf(play: Play): Task<CoverageGain[]> {
  const gains: CoverageGain[] = [];
  for (const { neighbours, demand, graph, first } of play.coverage)
    gains.push(new CoverageGain(yield* graph(neighbours), neighbours, demand, first));
  return gains;
}

const largestGain = (gain: CoverageGain, allowed: Uint8Array): number => {
  let most = 0;
  for (let i = 0; i < allowed.length; i++) if (allowed[i] === 1) most = Math.max(most, gain.of(i));
  return most > 0 ? most : 1;
};

/** Every candidate at every pick. */
function* byScan(
  kernels: Kernels,
  play: Play,
  n: number,
  done: (pick: Pick) => void,
  logs: Float64Array,
): Task<string> {
  const { size, chosen, diversity, coverage, balance } = play;
  const allowed = play.allowed.slice();
  const inPlay = new Set(chosen);
  const distances: DistanceFactors[] = [];
  try {
    for (const parts of samePoints(diversity)) distances.push(new DistanceFactors(kernels, parts, chosen.length + n));
    const gains = yield* gainsOf(play);
    const shares = balance.map(
      (part) => new BalanceShares(part, size, (unit) => allowed[unit] === 1 || inPlay.has(unit)),
    );
    const sums = new Sums(play.statics);
    const take = function* (unit: number): Task<void> {
      allowed[unit] = 0;
      for (const gain of gains) gain.choose(unit);
      for (const share of shares) share.choose(unit);
      for (const own of distances) yield* own.choose(unit);
    };
    for (const unit of chosen) yield* take(unit);
    const firsts = gains.map((gain) => largestGain(gain, allowed));
    for (let picks = 0; picks < n; picks++) {
      for (const own of distances) own.update();
      const balances = shares.map((share) => share.products().map(logFloor));
      let best = -1;
      let most = Number.NEGATIVE_INFINITY;
      let near = false;
      let unfit = false;
      for (let i = 0; i < size; i++) {
        if (allowed[i] === 0) continue;
        let value = logs[i]!;
        let tooClose = false;
        for (const own of distances) {
          if (own.isTooNear(i)) tooClose = true;
          value += own.logOf(i);
        }
        if (tooClose) {
          near = true;
          continue;
        }
        for (let c = 0; c < gains.length; c++) value += coverage[c]!.strength * logFloor(gains[c]!.of(i) / firsts[c]!);
        for (let b = 0; b < shares.length; b++) value += balance[b]!.strength * balances[b]![shares[b]!.patternOf[i]!]!;
        if (!(value > most)) continue;
        if (sums.skips(i)) {
          unfit = true;
          continue;
        }
        most = value;
        best = i;
      }
      if (best < 0) return unfit ? nothingFits : near ? tooNear : "";
      if (sums.exceeds(best)) return sums.endWord;
      const factors = staticFactors(play, best);
      for (const own of distances) own.addFactors(best, factors);
      for (const [c, part] of coverage.entries()) factors.set(part.strategy, gains[c]!.of(best) / firsts[c]!);
      for (const [b, part] of balance.entries()) {
        factors.set(part.strategy, Math.exp(balances[b]![shares[b]!.patternOf[best]!]!));
      }
      sums.add(best);
      done({ unit: best, factors });
      yield* take(best);
      if (sums.reached) return outOfRange;
      yield { done: picks + 1, total: n };
    }
    return "";
  } finally {
    for (const own of distances) own.free();
  }
}

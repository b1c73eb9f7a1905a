import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { kCenter } from "../../../src/core/select/kCenter.ts";
import { similarityTo } from "../../../src/core/select/similarity.ts";
import { typicality } from "../../../src/core/select/typicality.ts";
import type { SelectionConfig, SelectionStrategy } from "../../../src/core/selection/config.ts";
import type { SelectionData, SelectionScope } from "../../../src/core/selection/problem.ts";
import { selectImages } from "../../../src/core/selection/selectImages.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels, wasmKernels } from "../../fixtures/kernels.ts";
import { dataOf, oneClassEach, unitRows } from "./selectionData.ts";

const everything: SelectionScope = { alreadyChosen: new Uint32Array(0), among: null };
const diversity: SelectionStrategy = { input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } };
const weights: SelectionStrategy = { input: { type: "METADATA", key: "w" }, strategy: { type: "WEIGHTS" } };
const run = (data: SelectionData, config: SelectionConfig, scope = everything, kernels = wasmKernels) =>
  runToEnd(selectImages(kernels, data, config, scope));
const picks = (...args: Parameters<typeof run>): number[] => [...run(...args).rows];

const distance = ({ data, cols }: Matrix, a: number, b: number): number => {
  let sum = 0;
  for (let c = 0; c < cols; c++) sum += (data[a * cols + c]! - data[b * cols + c]!) ** 2;
  return Math.sqrt(sum);
};

interface Problem {
  m: Matrix;
  w: number[];
  classOf: number[];
  chosen: number[];
  strategies: SelectionStrategy[];
  n: number;
}

const names = ["a", "b", "c"];
const query = [0, 1];

/** Π factor^strength of every candidate after some picks, in logs, by the definition. */
function judge({ m, w, classOf, strategies }: Problem, chosen: readonly number[]): Float64Array {
  const logs = new Float64Array(m.rows);
  const ln = (x: number): number => Math.log(Math.max(1e-9, x));
  const graph = (k: number) => runToEnd(knnGraph(wasmKernels, m, Math.min(k, m.rows - 1)));
  for (const { input, strategy } of strategies) {
    const { strength = 1 } = strategy;
    const factor = ((): ((row: number) => number) => {
      switch (strategy.type) {
        case "DIVERSITY":
          return (row) => (chosen.length === 0 ? 1 : Math.min(...chosen.map((other) => distance(m, row, other))));
        case "WEIGHTS": {
          const least = Math.min(...w);
          const most = Math.max(...w);
          return (row) => (least >= 0 ? w[row]! : (w[row]! - least) / (most - least || 1));
        }
        case "SIMILARITY": {
          const values = runToEnd(similarityTo(wasmKernels, m, Uint32Array.from(query)));
          return (row) => values[row]!;
        }
        case "TYPICALITY": {
          const k = strategy.numNearestNeighbors ?? 20;
          const values = runToEnd(typicality(graph(k), k));
          return (row) => values[row]!;
        }
        case "COVERAGE": {
          const { k, indices } = graph(strategy.numNearestNeighbors ?? 30);
          const linked = (a: number, b: number): boolean =>
            a === b ||
            indices.subarray(a * k, (a + 1) * k).includes(b) ||
            indices.subarray(b * k, (b + 1) * k).includes(a);
          const s = (a: number, b: number): number =>
            linked(a, b) ? (a === b ? 1 : 1 - distance(m, a, b) ** 2 / 4) : 0;
          const all = Array.from({ length: m.rows }, (_, row) => row);
          const gain = (row: number, set: readonly number[]): number =>
            all.reduce((sum, i) => sum + Math.max(0, s(i, row) - Math.max(0, ...set.map((c) => s(i, c)))), 0);
          return (row) => gain(row, chosen);
        }
        case "BALANCE": {
          const target: Record<string, number> =
            strategy.distribution === "UNIFORM"
              ? Object.fromEntries(names.map((name) => [name, 1 / 3]))
              : strategy.distribution === "TARGET"
                ? strategy.target!
                : Object.fromEntries(
                    names.map((name, c) => [name, classOf.filter((one) => one === c).length / classOf.length]),
                  );
          const other = Math.max(0, 1 - Object.values(target).reduce((sum, share) => sum + share, 0));
          return (row) => {
            const set = [...chosen, row];
            const share = (test: (name: string) => boolean): number =>
              set.filter((one) => test(names[classOf[one]!]!)).length / set.length;
            let apart = Math.abs(share((name) => !(name in target)) - other);
            for (const [name, wanted] of Object.entries(target))
              apart += Math.abs(share((one) => one === name) - wanted);
            return 1 - apart / 2;
          };
        }
        default:
          throw new Error(`${input.type} ${strategy.type}`);
      }
    })();
    for (let row = 0; row < m.rows; row++) logs[row] = logs[row]! + strength * ln(factor(row));
  }
  return logs;
}

const strength = fc.constantFrom(1, 0.5, 2, -1, 30);
const positive = fc.constantFrom(1, 0.5, 2);
const strategy: fc.Arbitrary<SelectionStrategy> = fc.oneof(
  strength.map((s): SelectionStrategy => ({ ...diversity, strategy: { type: "DIVERSITY", strength: s } })),
  positive.map((s): SelectionStrategy => ({ ...diversity, strategy: { type: "DIVERSITY", strength: s } })),
  strength.map((s): SelectionStrategy => ({ ...weights, strategy: { type: "WEIGHTS", strength: s } })),
  strength.map(
    (s): SelectionStrategy => ({
      input: { type: "EMBEDDINGS", tagName: "q" },
      strategy: { type: "SIMILARITY", strength: s },
    }),
  ),
  fc.tuple(strength, fc.constantFrom(2, 5)).map(
    ([s, k]): SelectionStrategy => ({
      input: { type: "EMBEDDINGS" },
      strategy: { type: "TYPICALITY", strength: s, numNearestNeighbors: k },
    }),
  ),
  fc.tuple(positive, fc.constantFrom(1, 3, 30)).map(
    ([s, k]): SelectionStrategy => ({
      input: { type: "EMBEDDINGS" },
      strategy: { type: "COVERAGE", strength: s, numNearestNeighbors: k },
    }),
  ),
  fc
    .constantFrom(
      { distribution: "UNIFORM" as const },
      { distribution: "INPUT" as const },
      { distribution: "TARGET" as const, target: { a: 0.5, b: 0.2 } },
      { distribution: "TARGET" as const, target: { a: 0.5, b: 0.2, c: 0.3 } },
    )
    .map(
      (rule): SelectionStrategy => ({
        input: { type: "METADATA", key: "class" },
        strategy: { type: "BALANCE", ...rule },
      }),
    ),
);

const problems: fc.Arbitrary<Problem> = fc.integer({ min: 4, max: 18 }).chain((rows) =>
  fc.record({
    m: fc.integer({ min: 1, max: 1e6 }).map((seed) => unitRows(rows, 3, seed)),
    w: fc
      .array(fc.double({ min: -0.2, max: 1, noNaN: true }), { minLength: rows, maxLength: rows })
      .map((all) => (all.some((x) => x !== 0) ? all : all.map(() => 1))),
    classOf: fc.array(fc.nat(2), { minLength: rows, maxLength: rows }),
    chosen: fc.uniqueArray(fc.nat(rows - 1), { maxLength: 3 }),
    strategies: fc.array(strategy, { minLength: 1, maxLength: 4 }),
    n: fc.integer({ min: 1, max: rows + 2 }),
  }),
);

const dataFor = ({ m, w, classOf }: Problem): SelectionData =>
  dataOf(m, { w }, oneClassEach(names, classOf), { q: query });

/** Weights as the engine maps them to 0…1, by those that may be chosen, where one is negative. */
function mapped(w: readonly number[], chosen: readonly number[]): number[] {
  const free = w.filter((_, row) => !chosen.includes(row));
  const [least, most] = [Math.min(...free), Math.max(...free)];
  if (!(least < 0)) return w.map((value) => Math.max(0, value));
  return w.map((value) => (most > least ? Math.max(0, (value - least) / (most - least)) : 1));
}

/** A weight that decides by less than rounding cannot be told from a tie. */
const rounding = 1e-6;

describe.each(everyKernels)("the selection engine, %s kernels", (_, kernels) => {
  it("takes the candidate with the largest product of factors, whatever the strategies", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { chosen, strategies, n, m, w } = problem;
        // Weights are mapped by those that may be chosen; here all may, so that the definition stays short.
        const before = w.some((x) => x < 0) ? [] : chosen;
        const scope = { alreadyChosen: Uint32Array.from(before), among: null };
        const { rows, factors } = run(dataFor(problem), { nSamples: n, strategies }, scope, kernels);
        expect(rows.length).toBe(Math.min(n, m.rows - before.length));
        expect(factors.length).toBe(rows.length * strategies.length);
        const set = [...before];
        for (const row of rows) {
          expect(set).not.toContain(row);
          const logs = judge(problem, set);
          const best = Math.max(...[...logs].filter((_, i) => !set.includes(i)));
          expect(logs[row]).toBeGreaterThan(best - rounding * Math.max(1, Math.abs(best)));
          set.push(row);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("does not mind the order of strategies, and permuting images permutes the answer", () => {
    fc.assert(
      fc.property(problems, fc.infiniteStream(fc.nat()), (problem, order) => {
        const { strategies, n, m } = problem;
        const config = { nSamples: n, strategies };
        const ours = picks(dataFor(problem), config, everything, kernels);
        const shuffled = [...strategies].sort(() => ((order.next().value ?? 0) % 2) - 0.5);
        const again = picks(dataFor(problem), { nSamples: n, strategies: shuffled }, everything, kernels);
        // Sums of logs in another order round differently: only where nothing is nearly tied the picks must be equal.
        const clear = (rows: readonly number[]): boolean =>
          rows.every((row, i) => {
            const set = rows.slice(0, i);
            const logs = judge(problem, set);
            return [...logs].every(
              (log, j) => j === row || set.includes(j) || log < logs[row]! - 1e-9 * Math.max(1, Math.abs(log)),
            );
          });
        if (clear(ours)) expect(again).toEqual(ours);
        const reversed = Array.from({ length: m.rows }, (_, i) => m.rows - 1 - i);
        const data = new Float32Array(m.data.length);
        for (const [i, row] of reversed.entries()) data.set(m.data.subarray(row * 3, row * 3 + 3), i * 3);
        if (strategies.some(({ strategy }) => strategy.type === "SIMILARITY")) return;
        const turned = {
          ...problem,
          m: matrix(data, m.rows, 3),
          w: reversed.map((row) => problem.w[row]!),
          classOf: reversed.map((row) => problem.classOf[row]!),
        };
        if (clear(ours))
          expect(picks(dataFor(turned), config, everything, kernels).map((i) => reversed[i])).toEqual(ours);
      }),
      { numRuns: 60 },
    );
  });

  it("lazily chooses what the full scan chooses", () => {
    // One class for all: its factor is 1 whatever is chosen, but it makes the engine look at every candidate.
    const neutral: SelectionStrategy = {
      input: { type: "METADATA", key: "class" },
      strategy: { type: "BALANCE", distribution: "UNIFORM" },
    };
    const lazily = problems.filter(({ strategies }) =>
      strategies.every(({ strategy: { type, strength: s = 1 } }) => type !== "BALANCE" && s > 0),
    );
    fc.assert(
      fc.property(lazily, (problem) => {
        const { m, w, strategies, n, chosen } = problem;
        const data = dataOf(m, { w }, oneClassEach(["all"], new Int32Array(m.rows)), { q: query });
        const scope = { alreadyChosen: Uint32Array.from(chosen), among: null };
        const lazy = picks(data, { nSamples: n, strategies }, scope, kernels);
        const full = picks(data, { nSamples: n, strategies: [...strategies, neutral] }, scope, kernels);
        // Where two candidates differ by less than rounding, either may be taken.
        const at = lazy.findIndex((row, i) => row !== full[i]);
        if (at >= 0) {
          const logs = judge({ ...problem, w: mapped(w, chosen) }, [...chosen, ...lazy.slice(0, at)]);
          expect(Math.abs(logs[lazy[at]!]! - logs[full[at]!]!)).toBeLessThan(1e-6);
        }
        expect(full.length).toBe(lazy.length);
      }),
      { numRuns: 120 },
    );
  });

  it("leaves out what thresholds forbid, and takes chance as one more factor", () => {
    const narrowed = fc.tuple(
      problems,
      fc.constantFrom("SMALLER" as const, "BIGGER_EQUAL" as const),
      fc.double({ min: -0.2, max: 1, noNaN: true }),
      fc.nat(99),
    );
    fc.assert(
      fc.property(narrowed, ([problem, operation, threshold, seed]) => {
        const { m, w, n } = problem;
        const positive = w.map(Math.abs);
        const fits = positive.map((value) => (operation === "SMALLER" ? value < threshold : value >= threshold));
        const strategies: SelectionStrategy[] = [
          ...problem.strategies,
          { input: { type: "METADATA", key: "w" }, strategy: { type: "THRESHOLD", threshold, operation } },
          { input: { type: "RANDOM", randomSeed: seed }, strategy: { type: "WEIGHTS", strength: 2 } },
        ];
        const data = dataFor({ ...problem, w: positive });
        const config = { nSamples: n, strategies };
        if (!fits.includes(true)) {
          expect(() => run(data, config, everything, kernels)).toThrow(/leaves no image|all weights are zero/);
          return;
        }
        // Weights that are zero for all that are left tell nothing; that is refused elsewhere.
        if (positive.every((value, row) => !fits[row] || value === 0)) return;
        const random = new Random(seed);
        const chance = Array.from({ length: m.rows }, () => random.float());
        const balances = strategies.some(({ strategy: { type } }) => type === "BALANCE");
        const set: number[] = [];
        for (const row of run(data, config, everything, kernels).rows) {
          expect(fits[row]).toBe(true);
          // INPUT is the distribution of what may be chosen, which the definition here does not narrow.
          if (!balances) {
            const logs = judge({ ...problem, w: positive }, set).map((log, i) => log + 2 * Math.log(chance[i]!));
            const best = Math.max(...[...logs].filter((_, i) => fits[i] && !set.includes(i)));
            expect(logs[row]).toBeGreaterThan(best - rounding * Math.max(1, Math.abs(best)) * 10);
          }
          set.push(row);
        }
        expect(set.length).toBe(Math.min(n, fits.filter(Boolean).length));
      }),
      { numRuns: 120 },
    );
  });

  it("is plain k-center for DIVERSITY alone, with its smallest distance", () => {
    const m = unitRows(500, 8, 4);
    for (const minDistance of [0, 0.8]) {
      const before = Uint32Array.of(7, 200);
      const rule = {
        type: "DIVERSITY" as const,
        ...(minDistance > 0 && { stoppingConditionMinimumDistance: minDistance }),
      };
      const config: SelectionConfig = { nSamples: 120, strategies: [{ ...diversity, strategy: rule }] };
      const found = run(dataOf(m), config, { alreadyChosen: before, among: null }, kernels);
      const expected = runToEnd(kCenter(kernels, m, { n: 120, alreadyChosen: before, minDistance }));
      expect([...found.rows]).toEqual([...expected.rows]);
      expect([...found.factors].map(Math.fround)).toEqual([...expected.pickDistances]);
      if (minDistance > 0) expect(found.stopped).toContain("stopping_condition_minimum_distance");
    }
  });
});

describe("worked examples", () => {
  it("distances and weights (1, 0.3), (0.8, 0.8), (0.5, 1): the second is taken", () => {
    // Row 0 is chosen; the others lie at those distances from it.
    const m = matrix(Float32Array.of(0, 1, 0.8, 0.5), 4, 1);
    const data = dataOf(m, { w: [1, 0.3, 0.8, 1] });
    expect(
      picks(data, { nSamples: 1, strategies: [diversity, weights] }, { alreadyChosen: Uint32Array.of(0), among: null }),
    ).toEqual([2]);
  });

  it("rows [[1],[3],[5]], n = 2, DIVERSITY: rows 0 and 2", () => {
    expect(picks(dataOf(matrix(Float32Array.of(1, 3, 5), 3, 1)), { nSamples: 2, strategies: [diversity] })).toEqual([
      0, 2,
    ]);
  });

  it("already chosen rows are not counted, a share is of all", () => {
    const m = unitRows(40, 4, 1);
    const scope = { alreadyChosen: Uint32Array.of(3, 4), among: null };
    expect(picks(dataOf(m), { nSamples: 10, strategies: [diversity] }, scope)).toHaveLength(10);
    expect(picks(dataOf(m), { proportionSamples: 0.25, strategies: [diversity] })).toHaveLength(10);
  });

  it("products of very many strong factors stay finite", () => {
    const m = unitRows(60, 4, 2);
    const w = Array.from({ length: 60 }, (_, i) => (i % 7) / 7);
    const strategies = Array.from(
      { length: 40 },
      (): SelectionStrategy => ({ ...weights, strategy: { type: "WEIGHTS", strength: 1e6 } }),
    );
    const rows = picks(dataOf(m, { w }), { nSamples: 8, strategies: [...strategies, diversity] });
    expect(rows.every((row) => row % 7 === 6)).toBe(true);
  });
});

describe("what narrows and what stops", () => {
  const m = unitRows(50, 4, 9);
  const w = Array.from({ length: 50 }, (_, i) => i / 10);

  it("thresholds filter first", () => {
    const threshold: SelectionStrategy = {
      input: { type: "METADATA", key: "w" },
      strategy: { type: "THRESHOLD", threshold: 4, operation: "BIGGER_EQUAL" },
    };
    const rows = picks(dataOf(m, { w }), { nSamples: 50, strategies: [diversity, threshold] });
    expect(rows.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, i) => 40 + i));
    const none = { ...threshold, strategy: { type: "THRESHOLD" as const, threshold: 9, operation: "BIGGER" as const } };
    expect(() => run(dataOf(m, { w }), { nSamples: 5, strategies: [none] })).toThrow(
      "strategies[0] (THRESHOLD of METADATA “w”) leaves no image: none is bigger than 9.",
    );
  });

  it("paths, a given set and the already chosen are one restriction", () => {
    const among = Uint32Array.from({ length: 20 }, (_, i) => i);
    const config: SelectionConfig = { nSamples: 30, strategies: [diversity], pathExpression: "^folder 0/" };
    const found = run(dataOf(m), config, { alreadyChosen: Uint32Array.of(45), among });
    expect([...found.rows].sort((a, b) => a - b)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(found.stopped).toBe("only 10 images were left");
    expect(() => run(dataOf(m), { ...config, pathExpression: "no such" })).toThrow("path_expression matches no image");
  });

  it("sums stop before they are exceeded, ranges when they are reached", () => {
    const most: SelectionStrategy = { ...weights, strategy: { type: "WEIGHTS", stoppingConditionMaxSum: 12 } };
    const heavy = run(dataOf(m, { w }), { nSamples: -1, strategies: [most] });
    expect([...heavy.rows]).toEqual([49, 48]);
    expect(heavy.stopped).toContain("stopping_condition_max_sum");
    const ranged: SelectionStrategy = {
      ...weights,
      strategy: { type: "WEIGHTS", targetRange: { minSum: 10, maxSum: 10.2 } },
    };
    const found = run(dataOf(m, { w }), { nSamples: -1, strategies: [ranged] });
    const sum = found.rows.reduce((total, row) => total + w[row]!, 0);
    expect(sum).toBeGreaterThanOrEqual(10);
    expect(sum).toBeLessThanOrEqual(10.2 + 1e-9);
    expect(found.stopped).toBe("target_range is reached");
  });

  it("images without a value are counted and not chosen; nonsense is refused", () => {
    const gaps = w.map((value, i) => (i % 5 === 0 ? Number.NaN : value));
    const found = run(dataOf(m, { w: gaps }), { nSamples: 50, strategies: [weights] });
    expect(found.rows).toHaveLength(40);
    expect(found.notes).toEqual([
      "strategies[0] (WEIGHTS of METADATA “w”): 10 images have no value and can not be chosen: “folder 0/0000.jpg”, “folder 1/0005.jpg”, “folder 0/0010.jpg”, “folder 1/0015.jpg”, “folder 0/0020.jpg”, “folder 1/0025.jpg”, “folder 0/0030.jpg”, “folder 1/0035.jpg” and 2 more.",
    ]);
    const refused = (values: number[], message: string) =>
      expect(() => run(dataOf(m, { w: values }), { nSamples: 5, strategies: [weights] })).toThrow(message);
    refused(
      w.map(() => 0),
      "all weights are zero",
    );
    refused(
      w.map(() => Number.NaN),
      "no image has a value",
    );
    refused(
      w.map(() => Number.POSITIVE_INFINITY),
      "is not finite",
    );
    const query: SelectionStrategy = {
      input: { type: "EMBEDDINGS", tagName: "none" },
      strategy: { type: "SIMILARITY" },
    };
    expect(() => run(dataOf(m), { nSamples: 5, strategies: [query] })).toThrow("no image has the tag “none”");
    const balance: SelectionStrategy = {
      input: { type: "METADATA", key: "c" },
      strategy: { type: "BALANCE", distribution: "TARGET", target: { dgo: 0.5 } },
    };
    const classes = oneClassEach(
      ["cat", "dog"],
      w.map((_, i) => i % 2),
    );
    expect(() => run(dataOf(m, {}, classes), { nSamples: 5, strategies: [balance] })).toThrow("There are: cat, dog.");
  });

  it("names strategy and field in everything that it refuses or leaves out", () => {
    const of = (key: string, strategy: SelectionStrategy["strategy"]): SelectionStrategy => ({
      input: { type: "METADATA", key },
      strategy,
    });
    const said = (strategies: SelectionStrategy[], values: number[]): string => {
      try {
        return run(dataOf(m, { w: values }), { nSamples: 5, strategies: [diversity, ...strategies] }).notes.join();
      } catch (error) {
        return (error as Error).message;
      }
    };
    const bad = w.map((value, row) => (row === 3 ? -1 : value));
    const cases: [string, string][] = [
      [said([of("w", { type: "WEIGHTS" })], Array(50).fill(0)), "all weights are zero"],
      [said([of("w", { type: "WEIGHTS" })], Array(50).fill(Number.NaN)), "no image has a value"],
      [said([of("w", { type: "WEIGHTS" })], bad), "were mapped to 0…1, because some are negative"],
      [said([of("w", { type: "THRESHOLD", threshold: 1e3, operation: "BIGGER" })], w), "leaves no image"],
    ];
    for (const [message, words] of cases) {
      expect(message).toMatch(/^strategies\[1\] \((WEIGHTS|THRESHOLD) of METADATA “w”\)/);
      expect(message).toContain(words);
    }
    const demand: SelectionStrategy = {
      input: { type: "EMBEDDINGS" },
      strategy: { type: "COVERAGE", demand: { type: "METADATA", key: "w" } },
    };
    expect(said([demand], bad)).toMatch(/^strategies\[1\] \(COVERAGE\): the demand of .* is -1, expected 0 or more/);
    expect(said([demand], Array(50).fill(0))).toContain("the demand of all images is zero");
  });

  it("a graph with more neighbours than asked for changes nothing", () => {
    const config: SelectionConfig = {
      nSamples: 12,
      strategies: [
        { input: { type: "EMBEDDINGS" }, strategy: { type: "COVERAGE", numNearestNeighbors: 3 } },
        { input: { type: "EMBEDDINGS" }, strategy: { type: "TYPICALITY", numNearestNeighbors: 4 } },
      ],
    };
    const data = dataOf(m);
    const generous = { ...data, graph: () => data.graph(25) };
    expect(picks(generous, config)).toEqual(picks(data, { ...config }));
  });

  it("takes frames together", () => {
    const config: SelectionConfig = { nSamples: 12, strategies: [diversity], selectedSequenceLength: 3 };
    const rows = picks(dataOf(m), config);
    expect(rows).toHaveLength(12);
    for (let i = 0; i < 12; i += 3) expect([rows[i + 1]! - rows[i]!, rows[i + 2]! - rows[i + 1]!]).toEqual([2, 2]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SelectionConfig, SelectionInput, SelectionStrategy } from "../../../src/core/selection/config.ts";
import { configText, readConfig, snakeCased } from "../../../src/core/selection/readConfig.ts";

const embeddings: SelectionInput = { type: "EMBEDDINGS" };
const diversity = { input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } };
const config = (...strategies: unknown[]) => ({ n_samples: 5, strategies });
const failing = (value: unknown): string => {
  try {
    readConfig(value);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was read");
};

const strength = fc.option(
  fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((x) => x + 0),
  { nil: undefined },
);
const word = fc.string({ minLength: 1, maxLength: 12 });
const numbers: fc.Arbitrary<SelectionInput> = fc.oneof(
  fc.record({ type: fc.constant("SCORES" as const), task: word, score: word }),
  fc.record({ type: fc.constant("METADATA" as const), key: word }),
);
const strategy: fc.Arbitrary<SelectionStrategy> = fc
  .oneof(
    fc.record({
      input: fc.constant(embeddings),
      strategy: fc.record({ type: fc.constant("DIVERSITY" as const), strength }),
    }),
    fc.record({
      input: word.map((tagName): SelectionInput => ({ type: "EMBEDDINGS", tagName })),
      strategy: fc.record({ type: fc.constant("SIMILARITY" as const), strength }),
    }),
    fc.record({
      input: fc.constant(embeddings),
      strategy: fc.record({
        type: fc.constant("COVERAGE" as const),
        strength,
        numNearestNeighbors: fc.integer({ min: 1, max: 200 }),
        demand: fc.option(numbers, { nil: undefined }),
      }),
    }),
    fc.record({
      input: numbers,
      strategy: fc.record({
        type: fc.constant("WEIGHTS" as const),
        strength,
        targetRange: fc.option(fc.constant({ minSum: 1, maxSum: 2 }), { nil: undefined }),
      }),
    }),
    fc.record({
      input: word.map((key): SelectionInput => ({ type: "METADATA", key })),
      strategy: fc.record({
        type: fc.constant("BALANCE" as const),
        distribution: fc.constant("TARGET" as const),
        target: fc.dictionary(word, fc.constantFrom(0, 0.125)).filter((all) => Object.keys(all).length <= 8),
        strength,
      }),
    }),
  )
  .map((one) => one as SelectionStrategy);
const configs: fc.Arbitrary<SelectionConfig> = fc.record({
  nSamples: fc.integer({ min: 1, max: 1e6 }),
  strategies: fc.array(strategy, { minLength: 1, maxLength: 4 }),
  combination: fc.constantFrom("product" as const, "cumulative" as const),
});
/** Without keys that are undefined. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe("a selection configuration", () => {
  it("comes back as it was written, in snake_case", () => {
    fc.assert(
      fc.property(configs, (given) => {
        const text = configText(given);
        expect(plain(readConfig(JSON.parse(text)))).toEqual(plain(given));
        // Written again it is the same, and camelCase reads the same.
        expect(plain(readConfig(JSON.parse(configText(readConfig(JSON.parse(text))))))).toEqual(plain(given));
        expect(plain(readConfig(plain(given)))).toEqual(plain(given));
      }),
    );
    expect(
      snakeCased({ nSamples: 1, strategies: [{ input: { randomSeed: 2 }, strategy: { target: { aB: 1 } } }] }),
    ).toEqual({
      n_samples: 1,
      strategies: [{ input: { random_seed: 2 }, strategy: { target: { aB: 1 } } }],
    });
  });

  it("keeps classes that are called like parts of every object", () => {
    const target = JSON.parse('{"__proto__": 0.25, "constructor": 0.25, "prototype": 0.5}');
    const balance = { input: { type: "METADATA", key: "c" }, strategy: { type: "BALANCE", target } };
    const { strategies } = readConfig(JSON.parse(configText(readConfig(config(balance)))));
    expect(Object.entries((strategies[0]!.strategy as { target: object }).target)).toEqual(Object.entries(target));
  });

  it("of LightlyOne's documentation runs unchanged", () => {
    const read = readConfig({
      n_samples: 500,
      strategies: [
        {
          input: { type: "EMBEDDINGS" },
          strategy: { type: "DIVERSITY", stopping_condition_minimum_distance: 0.2, strength: 1.0 },
        },
        { input: { type: "SCORES", task: "detector", score: "uncertainty_entropy" }, strategy: { type: "WEIGHTS" } },
        {
          input: { type: "METADATA", key: "lightly.sharpness" },
          strategy: { type: "THRESHOLD", threshold: 20, operation: "BIGGER" },
        },
        {
          input: { type: "PREDICTIONS", task: "detector", name: "CLASS_DISTRIBUTION" },
          strategy: { type: "BALANCE", target: { Ambulance: 0.2, Bus: 0.4 } },
        },
        {
          input: { type: "PREDICTIONS", task: "detector", name: "CATEGORY_COUNT", categories: ["Bus"] },
          strategy: { type: "WEIGHTS" },
        },
        { input: { type: "EMBEDDINGS", dataset_id: "6", tag_name: "interesting" }, strategy: { type: "SIMILARITY" } },
        { input: { type: "EMBEDDINGS" }, strategy: { type: "TYPICALITY" }, strength: -1 },
        { input: { type: "RANDOM", random_seed: 42 }, strategy: { type: "WEIGHTS" } },
      ],
    });
    expect(read.strategies.map(({ strategy }) => strategy.type)).toHaveLength(8);
    expect(read.strategies[3]!.strategy).toMatchObject({
      distribution: "TARGET",
      target: { Ambulance: 0.2, Bus: 0.4 },
    });
    expect(read.strategies[5]!.input).toEqual({ type: "EMBEDDINGS", tagName: "interesting" });
    expect(read.strategies[6]!.strategy).toEqual({ type: "TYPICALITY", strength: -1 });
  });

  it.each([
    [{ ...config(diversity), n_sampels: 4 }, "unknown key “n_sampels” (did you mean “n_samples”?)"],
    [config({ ...diversity, strategy: { type: "DIVERSTY" } }), "“DIVERSTY” (did you mean “DIVERSITY”?); it can be"],
    [
      config({ ...diversity, strategy: { type: "DIVERSITY", minimum_distance: 1 } }),
      "strategies[0].strategy has an unknown key",
    ],
    [
      config({ ...diversity, strategy: { type: "WEIGHTS" } }),
      "EMBEDDINGS cannot be used for WEIGHTS; it can for DIVERSITY",
    ],
    [config({ ...diversity, input: { type: "SCORES", task: "a" } }), "strategies[0].input.score is missing"],
    [{ strategies: [diversity] }, "needs either n_samples or proportion_samples"],
    [{ ...config(diversity), proportion_samples: 0.1 }, "needs either n_samples or proportion_samples"],
    [{ n_samples: 0, strategies: [diversity] }, "n_samples is 0"],
    [{ n_samples: -1, strategies: [diversity] }, "no strategy has a stopping condition"],
    [{ n_samples: 5, strategies: [diversity], selected_sequence_length: 2 }, "5 is not by 2"],
    [{ ...config(diversity), path_expression: "(" }, "path_expression is no regular expression"],
    [{ n_samples: 5, strategies: [] }, "strategies"],
    [[], "should be an object"],
    [
      config({ ...diversity, strategy: { type: "DIVERSITY", strength: "x" } }),
      'strategies[0].strategy.strength is "x", expected',
    ],
    [
      config({ ...diversity, strength: 1, strategy: { type: "DIVERSITY", strength: 2 } }),
      "both in the strategy and beside it",
    ],
    [config({ input: { type: "EMBEDDINGS" }, strategy: { type: "SIMILARITY" } }), "needs tag_name"],
    [
      config({ input: { type: "METADATA", key: "c" }, strategy: { type: "BALANCE", target: { a: 0.7, b: 0.6 } } }),
      "adds up to 1.3, which is more than 1",
    ],
    [config({ input: { type: "METADATA", key: "c" }, strategy: { type: "BALANCE" } }), "needs a target"],
    [
      config({ input: { type: "METADATA", key: "c" }, strategy: { type: "BALANCE", target: { cat: 2 } } }),
      "strategies[0].strategy.target gives “cat” 2, expected a share from 0 to 1",
    ],
    [
      config({ input: { type: "METADATA", key: "c" }, strategy: { type: "BALANCE", target: [0.5] } }),
      "strategies[0].strategy.target should be an object",
    ],
    [
      config({
        input: { type: "METADATA", key: "c" },
        strategy: { type: "WEIGHTS", stopping_condition_max_sum: 1, target_range: { min_sum: 1, max_sum: 2 } },
      }),
      "contradict each other",
    ],
  ])("says in one sentence what is wrong with %j", (value, message) => {
    const said = failing(value);
    expect(said).toContain(message);
    expect(said.endsWith(".")).toBe(true);
  });
});

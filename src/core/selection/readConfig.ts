import * as v from "valibot";
import { WinnowError } from "../errors.ts";
import type { SelectionConfig, SelectionInput, SelectionRule } from "./config.ts";

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
const whole = v.pipe(v.number(), v.integer());
const strength = v.optional(v.pipe(v.number(), v.minValue(-1e9), v.maxValue(1e9)));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const inputs = {
  EMBEDDINGS: { tagName: v.optional(text), task: v.optional(text) },
  SCORES: { task: text, score: text },
  METADATA: { key: text },
  PREDICTIONS: {
    task: text,
    name: v.picklist(["CLASS_DISTRIBUTION", "CATEGORY_COUNT"]),
    categories: v.optional(v.pipe(v.array(text), v.minLength(1))),
  },
  RANDOM: { randomSeed: v.optional(whole) },
} as const;

const rules = {
  DIVERSITY: {
    strength,
    stoppingConditionMinimumDistance: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  },
  COVERAGE: {
    strength,
    numNearestNeighbors: v.optional(v.pipe(whole, v.minValue(1), v.maxValue(200))),
    demand: v.optional(v.any()),
  },
  WEIGHTS: {
    strength,
    stoppingConditionMaxSum: v.optional(v.pipe(v.number(), v.minValue(0))),
    targetRange: v.optional(v.object({ minSum: v.number(), maxSum: v.number() })),
  },
  THRESHOLD: {
    strength,
    threshold: v.number(),
    operation: v.picklist(["SMALLER", "SMALLER_EQUAL", "BIGGER", "BIGGER_EQUAL"]),
  },
  BALANCE: {
    strength,
    // Not v.record, which drops classes that are called like parts of every object.
    target: v.optional(v.any()),
    distribution: v.optional(v.picklist(["TARGET", "UNIFORM", "INPUT"])),
  },
  SIMILARITY: { strength },
  TYPICALITY: {
    strength,
    numNearestNeighbors: v.optional(v.pipe(whole, v.minValue(2), v.maxValue(200))),
    stoppingConditionMinimumTypicality: v.optional(share),
  },
} as const;

const top = {
  nSamples: v.optional(v.pipe(whole, v.minValue(-1))),
  proportionSamples: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  strategies: v.pipe(v.array(v.any()), v.minLength(1)),
  combination: v.optional(v.picklist(["product", "cumulative"])),
  selectedSequenceLength: v.optional(v.pipe(whole, v.minValue(1))),
  pathExpression: v.optional(text),
};

/** Which strategies an input may have. */
const allowed: Record<SelectionInput["type"], readonly SelectionRule["type"][]> = {
  EMBEDDINGS: ["DIVERSITY", "COVERAGE", "SIMILARITY", "TYPICALITY"],
  SCORES: ["WEIGHTS", "THRESHOLD"],
  METADATA: ["WEIGHTS", "THRESHOLD", "BALANCE"],
  PREDICTIONS: ["BALANCE", "WEIGHTS", "THRESHOLD"],
  RANDOM: ["WEIGHTS", "THRESHOLD"],
};

/** Keys that LightlyOne's files have and that say nothing here. */
const ignored: Readonly<Record<string, readonly string[]>> = { EMBEDDINGS: ["datasetId"] };
/** Objects whose keys are names that people gave. */
const ownKeys = new Set(["target"]);

/**
 * Reads a selection configuration, snake_case or camelCase.
 * @param value what `JSON.parse` gave
 * @throws WinnowError `config` that names the place and the remedy
 */
export function readConfig(value: unknown): SelectionConfig {
  const whole = parsed(top, value, "the configuration") as Omit<SelectionConfig, "strategies"> & {
    strategies: unknown[];
  };
  if ((whole.nSamples === undefined) === (whole.proportionSamples === undefined)) {
    throw wrong("the configuration", "needs either n_samples or proportion_samples, not both and not neither");
  }
  if (whole.nSamples === 0) throw wrong("n_samples", "is 0: ask for at least one image, or for −1, no limit");
  if (whole.pathExpression !== undefined) expressionOf(whole.pathExpression);
  const strategies = whole.strategies.map((one, i) => readStrategy(one, `strategies[${i}]`));
  const length = whole.selectedSequenceLength ?? 1;
  if (whole.nSamples !== undefined && whole.nSamples > 0 && whole.nSamples % length !== 0) {
    throw wrong("n_samples", `must be divisible by selected_sequence_length: ${whole.nSamples} is not by ${length}`);
  }
  if (whole.nSamples === -1 && !strategies.some(({ strategy }) => stops(strategy))) {
    throw wrong("n_samples", "is −1, no limit, but no strategy has a stopping condition");
  }
  return { ...whole, strategies };
}

/** @throws WinnowError `config` when it is none */
export function expressionOf(expression: string): RegExp {
  try {
    return new RegExp(expression, "u");
  } catch (error) {
    throw wrong("path_expression", `is no regular expression: ${error instanceof Error ? error.message : error}`);
  }
}

/** A configuration as JSON in snake_case, as LightlyOne writes it; what {@link readConfig} reads is the same again. */
export const configText = (config: SelectionConfig): string => `${JSON.stringify(snakeCased(config), null, 2)}\n`;

/** The JSON value that {@link configText} writes. */
export function snakeCased(value: unknown, named = false): unknown {
  if (Array.isArray(value)) return value.map((one) => snakeCased(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => [named ? key : toSnake(key), snakeCased(one, ownKeys.has(key))]),
  );
}

function readStrategy(value: unknown, place: string): SelectionConfig["strategies"][number] {
  const given = objectAt(value, place);
  const known = ["input", "strategy", "strength"];
  for (const key of Object.keys(given)) if (!known.includes(key)) throw unknownKey(place, key, known);
  const input = readInput(given.input, `${place}.input`);
  const rule = objectAt(given.strategy, `${place}.strategy`);
  // LightlyOne reads the strength beside the strategy as well.
  if (given.strength !== undefined && rule.strength !== undefined) {
    throw wrong(`${place}.strength`, "stands both in the strategy and beside it");
  }
  const strategy = readRule(
    given.strength === undefined ? rule : { ...rule, strength: given.strength },
    `${place}.strategy`,
  );
  if (!allowed[input.type].includes(strategy.type)) {
    throw wrong(place, `${input.type} cannot be used for ${strategy.type}; it can for ${listed(allowed[input.type])}`);
  }
  if (input.type === "PREDICTIONS") {
    const balances = strategy.type === "BALANCE";
    if (balances !== (input.name === "CLASS_DISTRIBUTION")) {
      throw wrong(
        `${place}.input.name`,
        `is ${input.name}, which ${strategy.type} cannot use; it needs ${balances ? "CLASS_DISTRIBUTION" : "CATEGORY_COUNT"}`,
      );
    }
    if (!balances && input.categories === undefined) throw wrong(`${place}.input`, "needs categories to count");
  }
  if (strategy.type === "SIMILARITY" && input.type === "EMBEDDINGS" && input.tagName === undefined) {
    throw wrong(`${place}.input`, "needs tag_name, the tag of the images to be similar to");
  }
  return { input, strategy };
}

function readInput(value: unknown, place: string): SelectionInput {
  const { type, rest } = typed(value, place, inputs);
  for (const key of ignored[type] ?? []) delete rest[key];
  return { type, ...(parsed(inputs[type], rest, place) as object) } as SelectionInput;
}

function readRule(value: unknown, place: string): SelectionRule {
  const { type, rest } = typed(value, place, rules);
  const fields = parsed(rules[type], rest, place) as Record<string, unknown>;
  const rule = { type, ...fields } as SelectionRule;
  switch (rule.type) {
    case "WEIGHTS": {
      const { targetRange: range, stoppingConditionMaxSum: most } = rule;
      if (range && !(range.minSum <= range.maxSum))
        throw wrong(`${place}.target_range`, "has a min_sum above its max_sum");
      if (range && most !== undefined) {
        throw wrong(
          place,
          "has both stopping_condition_max_sum and target_range, which contradict each other: keep one",
        );
      }
      return rule;
    }
    case "BALANCE": {
      const distribution = rule.distribution ?? "TARGET";
      if (rule.target !== undefined) requireShares(rule.target, `${place}.target`);
      if (distribution === "TARGET" && rule.target === undefined)
        throw wrong(place, "needs a target, or another distribution");
      if (distribution !== "TARGET" && rule.target !== undefined) {
        throw wrong(place, `has a target, which the distribution ${distribution} does not use: take one of them away`);
      }
      const sum = Object.values(rule.target ?? {}).reduce((total, one) => total + one, 0);
      if (sum > 1 + 1e-9) throw wrong(`${place}.target`, `adds up to ${Number(sum.toFixed(6))}, which is more than 1`);
      return { ...rule, distribution };
    }
    case "COVERAGE": {
      if (rule.demand === undefined) return rule;
      const demand = readInput(rule.demand, `${place}.demand`);
      if (demand.type !== "SCORES" && demand.type !== "METADATA") {
        throw wrong(`${place}.demand`, "can be an input of type SCORES or METADATA");
      }
      return { ...rule, demand };
    }
    default:
      return rule;
  }
}

/** @throws WinnowError `config` for what is no object of shares */
function requireShares(target: unknown, place: string): void {
  for (const [name, one] of Object.entries(objectAt(target, place))) {
    if (v.is(share, one)) continue;
    throw wrong(
      place,
      `gives “${name}” ${typeof one === "number" ? one : JSON.stringify(one)}, expected a share from 0 to 1`,
    );
  }
}

const stops = (rule: SelectionRule): boolean =>
  (rule.type === "DIVERSITY" && rule.stoppingConditionMinimumDistance !== undefined) ||
  (rule.type === "WEIGHTS" && (rule.stoppingConditionMaxSum !== undefined || rule.targetRange !== undefined)) ||
  (rule.type === "TYPICALITY" && rule.stoppingConditionMinimumTypicality !== undefined);

/** The type of an input or strategy, and its other keys in camelCase. */
function typed<T extends object>(
  value: unknown,
  place: string,
  kinds: T,
): { type: keyof T & string; rest: Record<string, unknown> } {
  const { type, ...rest } = camelCased(objectAt(value, place)) as Record<string, unknown>;
  const names = Object.keys(kinds);
  if (typeof type !== "string") throw wrong(`${place}.type`, `is missing; it can be ${listed(names)}`);
  const upper = type.toUpperCase();
  if (!names.includes(upper))
    throw wrong(`${place}.type`, `is “${type}”${nearest(upper, names)}; it can be ${listed(names)}`);
  return { type: upper as keyof T & string, rest };
}

/** @throws WinnowError `config` for unknown keys and wrong values */
function parsed(entries: v.ObjectEntries, value: unknown, place: string): unknown {
  const given = camelCased(objectAt(value, place)) as Record<string, unknown>;
  for (const key of Object.keys(given)) if (!(key in entries)) throw unknownKey(place, key, Object.keys(entries));
  const result = v.safeParse(v.object(entries), given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = (issue.path ?? []).map(({ key }) => (typeof key === "string" ? toSnake(key) : String(key))).join(".");
  const where = path === "" ? place : place === "the configuration" ? path : `${place}.${path}`;
  throw wrong(
    where,
    issue.received === "undefined"
      ? "is missing"
      : `is ${issue.received}, expected ${issue.expected ?? "another value"}`,
  );
}

function objectAt(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(place, value === undefined ? "is missing" : "should be an object {…}");
}

/** Keys in camelCase one level down, except in objects whose keys are people's names. */
function camelCased(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [toCamel(key), ownKeys.has(key) ? one : camelCased(one)]),
  );
}

const toCamel = (key: string): string => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const toSnake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const listed = (names: readonly string[]): string =>
  names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;

const wrong = (place: string, what: string): WinnowError => new WinnowError("config", `${place} ${what}.`, { place });

const unknownKey = (place: string, key: string, known: readonly string[]): WinnowError =>
  wrong(place, `has an unknown key “${toSnake(key)}”${nearest(toSnake(key), known.map(toSnake))}`);

/** “, did you mean “…”?” for a name that is near enough. */
function nearest(name: string, known: readonly string[]): string {
  const [best] = known
    .map((other) => ({ other, far: editDistance(name.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best && best.far <= Math.max(2, best.other.length / 2) ? ` (did you mean “${best.other}”?)` : "";
}

/** Levenshtein's. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}

import { WinnowError } from "../errors.ts";
import type { ObjectPoints } from "../objects/objectPoints.ts";
import { Random } from "../random.ts";
import type { SelectionConfig, SelectionRule, SelectionStrategy, ThresholdOperation } from "./config.ts";
import type { SelectionData, SelectionScope } from "./problem.ts";
import { expressionOf } from "./readConfig.ts";

/** What narrowing looks at. */
export type NarrowedData = Pick<SelectionData, "rows" | "path" | "numbers"> & {
  /** By row where the objects of a task begin. */
  objects(task: string): Pick<ObjectPoints, "first">;
};

const tests: Record<ThresholdOperation, (value: number, threshold: number) => boolean> = {
  SMALLER: (value, threshold) => value < threshold,
  SMALLER_EQUAL: (value, threshold) => value <= threshold,
  BIGGER: (value, threshold) => value > threshold,
  BIGGER_EQUAL: (value, threshold) => value >= threshold,
};

const words: Record<ThresholdOperation, string> = {
  SMALLER: "smaller than",
  SMALLER_EQUAL: "at most",
  BIGGER: "bigger than",
  BIGGER_EQUAL: "at least",
};

/**
 * By row: 1 for images of the scope whose path fits, those chosen already included.
 * @throws WinnowError `config` where no path fits
 */
export function eligibleRows(
  { pathExpression }: SelectionConfig,
  { rows, path }: Pick<SelectionData, "rows" | "path">,
  { among }: Pick<SelectionScope, "among">,
): Uint8Array {
  const eligible = new Uint8Array(rows).fill(among === null ? 1 : 0);
  for (const row of among ?? []) eligible[row] = 1;
  if (pathExpression === undefined) return eligible;
  const expression = expressionOf(pathExpression);
  for (let row = 0; row < rows; row++) if (!expression.test(path(row))) eligible[row] = 0;
  if (!eligible.includes(1)) throw new WinnowError("config", `path_expression matches no image: “${pathExpression}”.`);
  return eligible;
}

/**
 * How many images are asked for.
 * @param eligible images of the scope, those chosen already included: what a share is of
 * @param left images that may be chosen: what there is without a limit
 */
export function askedOf({ nSamples, proportionSamples = 0 }: SelectionConfig, eligible: number, left: number): number {
  if (nSamples === undefined) return Math.round(proportionSamples * eligible);
  return nSamples < 0 ? left : nSamples;
}

/** By row: what WEIGHTS and THRESHOLD go by; NaN where an image has none. */
export function inputNumbers(
  data: Pick<SelectionData, "rows" | "numbers">,
  strategies: readonly SelectionStrategy[],
  index: number,
): Float64Array {
  const { input } = strategies[index]!;
  if (input.type === "RANDOM") {
    // Without a seed of its own: which of the random ones it is, so that strategies of other kinds may stand anywhere.
    const before = strategies.slice(0, index).filter((other) => other.input.type === "RANDOM").length;
    const random = new Random(input.randomSeed ?? before);
    return Float64Array.from({ length: data.rows }, () => random.float());
  }
  if (input.type === "EMBEDDINGS") throw new WinnowError("internal", "embeddings have no single number");
  return data.numbers(input);
}

/**
 * Takes images out of `allowed` that a threshold keeps away.
 * @throws WinnowError `config` where none is left
 */
export function applyThreshold(
  { operation, threshold }: Extract<SelectionRule, { type: "THRESHOLD" }>,
  values: Float64Array,
  allowed: Uint8Array,
  place: string,
): void {
  const meets = tests[operation];
  for (let row = 0; row < allowed.length; row++) if (!meets(values[row]!, threshold)) allowed[row] = 0;
  if (allowed.includes(1)) return;
  throw new WinnowError("config", `${place} leaves no image: none is ${words[operation]} ${threshold}.`);
}

/** Images that a sentence lists. */
const mostListed = 8;

/**
 * Takes images without a value out of `allowed`: they cannot be judged.
 * @param lacking what they do not have
 * @returns a sentence that counts them and lists the first eight; “” for none
 * @throws WinnowError `config` for a value that is not finite, and where no image has one
 */
export function leaveOutUnknown(
  values: Float64Array,
  allowed: Uint8Array,
  path: (row: number) => string,
  place: string,
  lacking = "value",
): string {
  let count = 0;
  const listed: string[] = [];
  for (let row = 0; row < values.length; row++) {
    if (values[row] === Number.POSITIVE_INFINITY || values[row] === Number.NEGATIVE_INFINITY) {
      throw new WinnowError("config", `${place}: the value of “${path(row)}” is not finite.`, { row });
    }
    if (!Number.isNaN(values[row]!) || allowed[row] === 0) continue;
    allowed[row] = 0;
    if (count++ < mostListed) listed.push(`“${path(row)}”`);
  }
  if (count === 0) return "";
  if (!allowed.includes(1))
    throw new WinnowError("config", `${place}: no image has a${/^[aeiou]/.test(lacking) ? "n" : ""} ${lacking}.`);
  const images = count === 1 ? "1 image has" : `${count.toLocaleString("en")} images have`;
  const more = count > listed.length ? ` and ${(count - listed.length).toLocaleString("en")} more` : "";
  return `${place}: ${images} no ${lacking} and can not be chosen: ${listed.join(", ")}${more}.`;
}

/** Takes images without an object out of `allowed`, as {@link leaveOutUnknown}. */
export function leaveOutWithoutObjects(
  { first }: Pick<ObjectPoints, "first">,
  allowed: Uint8Array,
  path: (row: number) => string,
  place: string,
): string {
  const counts = Float64Array.from(
    { length: first.length - 1 },
    (_, row) => first[row + 1]! - first[row]! || Number.NaN,
  );
  return leaveOutUnknown(counts, allowed, path, place, "object");
}

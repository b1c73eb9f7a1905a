import { InvalidArgumentError } from "commander";
import { boxThresholdNames, boxThresholdRanges } from "../core/annotations/boxThresholds.ts";
import { qualityChecks } from "../core/quality/issues.ts";
import type { CheckOptions } from "./commands/check.ts";
import type { SelectOptions } from "./commands/select.ts";

/** A number in a range; anything else is refused with what was expected. */
export const number =
  (what: string, least: number, whole = true, most = Number.POSITIVE_INFINITY) =>
  (text: string): number => {
    const value = Number(text);
    const outside = !Number.isFinite(value) || value < least || value > most;
    if (text.trim() === "" || outside || (whole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`Expected ${what}.`);
    }
    return value;
  };
export const count = number("a whole number from 1", 1);
export const probability = number("a number from 0 to 1", 0, false, 1);
export const seed = number("a whole number from 0", 0);

/** `500` or `5%`. */
export function amount(text: string): SelectOptions["n"] {
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (share === undefined) return { count: count(text) };
  if (Number(share) > 100) throw new InvalidArgumentError("Expected at most 100%.");
  return { share: Number(share) / 100 };
}

/** `blurry=0.4`, several times. */
export function threshold(text: string, others: CheckOptions["threshold"]): CheckOptions["threshold"] {
  const [name = "", value = ""] = text.split("=", 2);
  if (!qualityChecks.some((check) => check === name)) {
    throw new InvalidArgumentError(`Expected CHECK=VALUE with one of ${qualityChecks.join(", ")}.`);
  }
  return { ...others, [name]: number("CHECK=VALUE with a number from 0", 0, false)(value) };
}

/** `sure=0.9`, several times. */
export function boxThreshold(text: string, others: CheckOptions["boxThreshold"]): CheckOptions["boxThreshold"] {
  const [given = "", value = ""] = text.split("=", 2);
  const name = boxThresholdNames.find((one) => one === given);
  if (!name) throw new InvalidArgumentError(`Expected NAME=VALUE with one of ${boxThresholdNames.join(", ")}.`);
  const { least, most } = boxThresholdRanges[name];
  const wanted = `${name}=VALUE with a number from ${least} to ${most}`;
  return { ...others, [name]: number(wanted, least, false, most)(value) };
}

/** What such options are without any: `sure=0.95 least=0`. */
export const valuesIn = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");

/** For verbs that work on one of a project's embeddings. */
export const spaceOption = [
  "--space <name>",
  "a further embedding, by name or id (winnow spaces); default: the project's own",
] as const;

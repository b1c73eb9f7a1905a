import { Tokenizer, TokenParser, TokenType } from "@streamparser/json";
import { WinnowError } from "../../errors.ts";
import type { FileBytes } from "../../projectFolder/folderFiles.ts";
import { BareNumbers } from "./bareNumbers.ts";
import { fileChunks } from "./fileChunks.ts";
import type { ImportContext } from "./imported.ts";

/** Deeper than any annotation, and shallow enough that what follows may recurse. */
const deepest = 64;

/** A value of a JSON file. */
export interface StreamedValue {
  value: unknown;
  /** Name or number in what holds it. */
  key: string | number;
  /** Name of what holds it in the file's outermost object; "" where that is the outermost value itself. */
  section: string;
}

/**
 * Reads a JSON file in parts and hands over the values at some places (`$.images.*`, `$.*`) as they are complete, so
 * that a file of any size needs memory for one value only. Bare NaN and Infinity come as "".
 * @throws WinnowError `shape` that names the file and the place when it is no whole JSON
 */
export async function streamJson(
  file: FileBytes,
  name: string,
  places: readonly string[],
  onValue: (value: StreamedValue) => void,
  progress?: ImportContext["progress"],
): Promise<void> {
  const tokenizer = new Tokenizer();
  const parser = new TokenParser({ paths: [...places], keepStack: false });
  const numbers = new BareNumbers();
  let depth = 0;
  let at = 0;
  tokenizer.onToken = (token) => {
    if (token.token === TokenType.LEFT_BRACE || token.token === TokenType.LEFT_BRACKET) {
      if (++depth > deepest) throw new WinnowError("shape", `“${name}” is nested deeper than ${deepest} levels.`);
    } else if (token.token === TokenType.RIGHT_BRACE || token.token === TokenType.RIGHT_BRACKET) depth--;
    at = token.offset;
    parser.write(token);
  };
  parser.onValue = ({ value, key, stack }) => {
    onValue({ value, key: key ?? "", section: String(stack[1]?.key ?? "") });
  };
  try {
    for await (const chunk of fileChunks(file, progress)) {
      if (parser.isEnded) break;
      tokenizer.write(numbers.pass(chunk));
    }
    if (!parser.isEnded) throw new Error("it ends in the middle");
  } catch (error) {
    if (error instanceof WinnowError) throw error;
    const reason = error instanceof Error ? error.message.slice(0, 200) : "";
    throw new WinnowError(
      "shape",
      `“${name}” is no whole JSON: ${reason || "it cannot be read"} (after byte ${at}). Nothing was imported.`,
      { file: name, at },
      { cause: error },
    );
  }
}

/** A JSON object's own property: names such as `__proto__` find nothing else. */
export function own(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** A finite number, also one written as text; NaN otherwise. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return Number.isFinite(value) ? value : Number.NaN;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string" || value.trim() === "") return Number.NaN;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : Number.NaN;
}

/** Text, or a number as text; "" otherwise. */
export const textOf = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" || typeof value === "bigint" ? String(value) : "";

/** A list of finite numbers; null where it is anything else. */
export function numbersOf(value: unknown): number[] | null {
  if (!Array.isArray(value)) return null;
  const numbers = value.map(numberOf);
  return numbers.some(Number.isNaN) ? null : numbers;
}

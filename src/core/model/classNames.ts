import { WinnowError } from "../errors.ts";

const mostClasses = 100_000;
const longestName = 1_000;
/** Under what names exporters write a model's classes into it. */
const metadataKeys = ["names", "classes", "labels", "id2label", "class_names"];

/** The class names that a model's file holds, in order; empty where it holds none. */
export function classNamesIn(metadata: ReadonlyMap<string, string>): string[] {
  for (const key of metadataKeys) {
    const text = metadata.get(key);
    if (text === undefined) continue;
    const names = namesOf(parsed(text)) ?? pythonNames(text) ?? commaNames(text);
    if (names) return names;
  }
  return [];
}

/**
 * Class names from a file that was chosen with a model: a name a line, or JSON with a list, with numbered names
 * (`{"0": "cat"}`), or with either under `id2label` or `names` (a Hugging Face `config.json`).
 * @throws WinnowError `config` when there are no names in it
 */
export function readClassNames(text: string, file: string): string[] {
  const isJson = /\.json$/i.test(file);
  const names = isJson ? namesOf(parsed(text)) : fitting(text.split(/\r?\n/).map((line) => line.trim()));
  if (names) return names;
  throw new WinnowError(
    "config",
    `“${file}” holds no class names: expected ${isJson ? "a list, or names by number under id2label or names" : `a name a line, at most ${mostClasses.toLocaleString("en")}`}.`,
    { file },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function namesOf(value: unknown): string[] | null {
  if (Array.isArray(value)) return fitting(value);
  if (typeof value !== "object" || value === null) return null;
  const inside = new Map(Object.entries(value));
  for (const key of metadataKeys) {
    const found = inside.get(key);
    if (typeof found === "object" && found !== null) return namesOf(found);
  }
  return numbered(inside);
}

/** Names by number, 0 first, without a gap. */
function numbered(byNumber: ReadonlyMap<string, unknown>): string[] | null {
  if (byNumber.size === 0 || byNumber.size > mostClasses) return null;
  return fitting(Array.from({ length: byNumber.size }, (_, i) => byNumber.get(String(i))));
}

/** `{0: 'person', 1: "fire hydrant"}`, as Python prints it. */
function pythonNames(text: string): string[] | null {
  const found = text.matchAll(/(\d+)\s*:\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")/g);
  return numbered(new Map(Array.from(found, ([, id, a, b]) => [id!, (a ?? b ?? "").replace(/\\(.)/g, "$1")])));
}

const commaNames = (text: string): string[] | null =>
  text.includes(",") && !/[{}[\]]/.test(text) ? fitting(text.split(",").map((part) => part.trim())) : null;

/** Names that can be told apart by people: none empty but those at the end of a file. */
function fitting(values: readonly unknown[]): string[] | null {
  const end = values.findLastIndex((value) => value !== "") + 1;
  const names = values.slice(0, end);
  const good = (name: unknown): name is string =>
    typeof name === "string" && name.trim() !== "" && name.length <= longestName;
  return names.length > 0 && names.length <= mostClasses && names.every(good) ? names : null;
}

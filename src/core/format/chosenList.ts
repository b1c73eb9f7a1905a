import { WinnowError } from "../errors.ts";
import { PathMatcher } from "./annotations/pathMatcher.ts";
import { readFileList } from "./fileList.ts";

/**
 * The paths that a list of chosen images names: a text file with one a line, the JSON record of a selection, or a JSON
 * array of paths or of objects with a `path`.
 * @param file its name, for errors
 * @throws WinnowError `shape` for JSON of another kind, `empty` where no path is named
 */
export function chosenPaths(text: string, file: string): string[] {
  const plain = text.replace(/^\uFEFF/, "");
  const paths = /^\s*[[{]/.test(plain) ? pathsOfJson(plain, file) : readFileList(plain).filter((line) => line.trim());
  if (paths.length === 0)
    throw new WinnowError("empty", `“${file}” names no image: expected one path a line.`, { file });
  return paths;
}

/**
 * The images that a list of chosen images names.
 * @param paths by row
 * @param given what {@link chosenPaths} read
 * @returns ascending rows, each once, and the lines that mean no image or several
 */
export function chosenRows(
  paths: readonly string[],
  given: readonly string[],
): { rows: Uint32Array; unmatched: string[] } {
  const matcher = new PathMatcher(paths);
  const rows = new Set<number>();
  const unmatched: string[] = [];
  for (const line of given) {
    const found = matcher.find(line);
    if (typeof found === "number") rows.add(found);
    else unmatched.push(line);
  }
  return { rows: Uint32Array.from(rows).sort(), unmatched };
}

function pathsOfJson(text: string, file: string): string[] {
  const wrong = (found: string): WinnowError =>
    new WinnowError(
      "shape",
      `“${file}” ${found}; expected the record of a selection, or an array of paths. A text file with one path a line does as well.`,
      { file },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(`is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (Array.isArray(value)) return listed(value, wrong);
  const { picks, already_chosen = [] } = value as Record<string, unknown>;
  if (!Array.isArray(picks) || !Array.isArray(already_chosen)) throw wrong("has no picks");
  return listed([...already_chosen, ...picks], wrong);
}

function listed(entries: readonly unknown[], wrong: (found: string) => WinnowError): string[] {
  return entries.map((entry, i) => {
    const path = typeof entry === "object" && entry !== null && "path" in entry ? entry.path : entry;
    if (typeof path !== "string") throw wrong(`has no path in entry ${i + 1}`);
    return path;
  });
}

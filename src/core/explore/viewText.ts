import type { Condition, Filter } from "./filter.ts";

/** An object in an image: which instance of a row, from 0, in which set of annotations. */
export interface AskedObject {
  set: string;
  row: number;
  index: number;
}

/** What is searched for: a word of the classifier's, words of any kind, an object, or rows to be like and unlike. */
export type AskedSearch =
  | { word: string }
  | { text: string }
  | { object: AskedObject }
  | { positives: readonly number[]; negatives: readonly number[] };

/** What of the view stands in the page's address. What is as at the beginning is left out. */
export interface View {
  filter: Filter;
  search: AskedSearch | null;
  sortBy: string;
  sortDescending: boolean;
  groupBy: string | null;
  colourBy: string;
  projection: string;
}

/** Addresses longer than this are cut by some programs that pass them on; conditions that do not fit are left out. */
const longest = 4_000;
const valueMark = "=";
const notMark = "!";
const rangeMark = "~";
const textMark = "*";
const noValue = "\\-";

/**
 * The view as parameters of an address, readable: `f.folder==test|train&f.bytes=~1000..&sort=date`. Conditions on given
 * rows do not go in, because they mean nothing elsewhere.
 */
export function viewToParams(view: View, initial: View): [name: string, value: string][] {
  const params: [string, string][] = [];
  let length = 0;
  for (const condition of view.filter) {
    const text = conditionToText(condition);
    if (text === null || length + text.length > longest) continue;
    length += text.length;
    params.push([`f.${condition.field}`, text]);
  }
  if (view.search && "word" in view.search) params.push(["find", view.search.word]);
  else if (view.search && "text" in view.search) params.push(["words", view.search.text]);
  else if (view.search && "object" in view.search) {
    const { set, row, index } = view.search.object;
    params.push(["object", `${row}.${index}.${set}`]);
  } else if (view.search) {
    params.push(["like", view.search.positives.join(",")]);
    if (view.search.negatives.length > 0) params.push(["unlike", view.search.negatives.join(",")]);
  }
  if (view.sortBy !== initial.sortBy) params.push(["sort", view.sortBy]);
  if (view.sortDescending) params.push(["down", "1"]);
  if (view.groupBy !== null) params.push(["group", view.groupBy]);
  if (view.colourBy !== initial.colourBy) params.push(["colour", view.colourBy]);
  if (view.projection !== initial.projection) params.push(["map", view.projection]);
  return params;
}

/** The view that {@link viewToParams} wrote; `unread` are conditions that could not be understood and were left out. */
export function viewFromParams(
  params: Iterable<[name: string, value: string]>,
  initial: View,
): { view: View; unread: string[] } {
  const filter: Condition[] = [];
  const unread: string[] = [];
  const others = new Map<string, string>();
  for (const [name, text] of params) {
    if (!name.startsWith("f.")) {
      others.set(name, text);
      continue;
    }
    const condition = conditionFromText(name.slice(2), text.slice(0, longest));
    if (condition === null || filter.some(({ field }) => field === condition.field)) unread.push(name.slice(2));
    else filter.push(condition);
  }
  const word = others.get("find");
  const object = objectOf(others.get("object"));
  const text = others.get("words");
  const positives = rowsOf(others.get("like"));
  const view: View = {
    filter,
    search:
      word !== undefined
        ? { word: word.slice(0, longest) }
        : text !== undefined
          ? { text: text.slice(0, longest) }
          : object !== null
            ? { object }
            : positives.length > 0
              ? { positives, negatives: rowsOf(others.get("unlike")) }
              : null,
    sortBy: others.get("sort") ?? initial.sortBy,
    sortDescending: others.get("down") === "1",
    groupBy: others.get("group") ?? null,
    colourBy: others.get("colour") ?? initial.colourBy,
    projection: others.get("map") ?? initial.projection,
  };
  return { view, unread };
}

const rowsOf = (text = ""): number[] => (/^\d{1,9}(,\d{1,9}){0,999}$/.test(text) ? text.split(",").map(Number) : []);

function objectOf(text = ""): AskedObject | null {
  const [, row, index, set] = /^(\d{1,9})\.(\d{1,9})\.(.+)$/.exec(text.slice(0, longest)) ?? [];
  return set === undefined ? null : { set, row: Number(row), index: Number(index) };
}

function conditionToText(condition: Condition): string | null {
  switch (condition.kind) {
    case "rows":
      return null;
    case "text":
      return textMark + condition.text;
    case "range":
      return `${rangeMark}${condition.min ?? ""}..${condition.max ?? ""}`;
    case "values":
      return (condition.not ? notMark : valueMark) + condition.values.map(escaped).join("|");
  }
}

function conditionFromText(field: string, text: string): Condition | null {
  const rest = text.slice(1);
  if (field === "" || field === "rows") return null;
  switch (text[0]) {
    case textMark:
      return { field, kind: "text", text: rest };
    case rangeMark: {
      const [, min, max] = /^([^.]*(?:\.\d[^.]*)?)\.\.(.*)$/.exec(rest) ?? [];
      if (min === undefined || max === undefined) return null;
      const bounds = [min, max].map((bound) => (bound === "" ? null : Number(bound)));
      if (bounds.some((bound) => bound !== null && !Number.isFinite(bound))) return null;
      return { field, kind: "range", min: bounds[0]!, max: bounds[1]! };
    }
    case valueMark:
    case notMark:
      return { field, kind: "values", values: splitValues(rest), ...(text[0] === notMark && { not: true }) };
    default:
      return null;
  }
}

const escaped = (value: string | null): string => (value === null ? noValue : value.replace(/[\\|]/g, "\\$&"));

/** Undoes the joining of escaped values by bars. */
function splitValues(text: string): (string | null)[] {
  const parts = [""];
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === "|") parts.push("");
    else if (character === "\\" && i + 1 < text.length) parts[parts.length - 1] += character + text[++i]!;
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => (part === noValue ? null : part.replace(/\\(.)/gs, "$1")));
}

import { firstNames } from "../../core/explore/arrangement.ts";
import type { Field } from "../../core/explore/field.ts";
import type { TagStyles } from "../../core/tags.ts";
import { tagColour } from "../tags/tagColour.ts";
import { noValueText } from "../text/fieldValues.ts";

export interface Group {
  name: string;
  count: number;
  /** A CSS custom property of tokens.css. */
  colour: `--${string}`;
  /** The values of the field that it stands for, to filter by; absent when it is none of a field. */
  values?: readonly (string | null)[];
}

/** How rows are coloured in map and gallery. */
export interface Grouping {
  /** In the order of the legend. */
  groups: readonly Group[];
  /** Index into `groups` by row. */
  ofRow: Uint8Array;
}

/** As many hues as stay apart for most eyes; what is beyond shares one grey. */
export const groupColours = 10;

const colourOf = (index: number): `--${string}` => `--group-${index + 1}`;
const noColour = "--group-none";

/** Every colour that a group can have. */
export const groupColourNames: readonly `--${string}`[] = [
  ...Array.from({ length: groupColours }, (_, index) => colourOf(index)),
  noColour,
  "--pick",
];

/** Every row alike. */
export const oneGroup = (rows: number): Grouping => ({
  groups: [{ name: "all images", count: rows, colour: "--group-1" }],
  ofRow: new Uint8Array(rows),
});

/** Chosen against the rest. */
export function groupByChosen(rows: number, ranks: ReadonlyMap<number, number>): Grouping {
  const ofRow = new Uint8Array(rows).fill(1);
  for (const row of ranks.keys()) if (row < rows) ofRow[row] = 0;
  return {
    groups: [
      { name: "chosen", count: ranks.size, colour: "--pick" },
      { name: "not chosen", count: rows - ranks.size, colour: noColour },
    ],
    ofRow,
  };
}

/**
 * By the names of a category, tree or sets field. A row with several names has the colour of the first of them. Folders
 * are shown by their whole path where that gives few enough groups; otherwise by the innermost folder's name (test/shoes
 * and train/shoes are both shoes); otherwise by the outermost folder that differs.
 */
export function groupByField(field: Field, rows: number, styles: TagStyles): Grouping {
  if (!("names" in field)) return oneGroup(rows);
  const shownNames = field.kind === "tree" ? folderNames(field.names) : field.names;
  const ids = new Map<string, number>();
  const values: string[][] = [];
  const idOfName = Int32Array.from(shownNames, (shown, i) => {
    const id = ids.get(shown) ?? ids.size;
    ids.set(shown, id);
    values[id] ??= [];
    values[id].push(field.names[i]!);
    return id;
  });
  const idOfRow = firstNames(field, rows)
    .subarray(0, rows)
    .map((name) => (name < 0 ? -1 : idOfName[name]!));
  // Classes look on the map as their boxes do, where there are few enough of them.
  const classes = /^(label|prediction):/.test(field.id) && field.names.length <= groupColours ? field.names : [];
  const style = (name: string): `--${string}` | null => {
    const found = field.id === "tag" ? styles.get(name) : undefined;
    if (found) return tagColour(found);
    const id = classes.indexOf(name);
    return id < 0 ? null : colourOf(id);
  };
  return collect([...ids.keys()], values, idOfRow, field.title, style);
}

/** What each folder is called in the legend. */
function folderNames(paths: readonly string[]): string[] {
  const shared = sharedFolder(paths);
  const holder = (paths[0] ?? "").slice(0, Math.max(0, shared - 1));
  const topName = holder.slice(holder.lastIndexOf("/") + 1) || "top folder";
  const named = (nameOf: (path: string) => string): string[] => paths.map((path) => nameOf(path) || topName);
  const whole = named((path) => path.slice(shared));
  if (whole.length <= groupColours) return whole;
  const innermost = named((path) => path.slice(Math.max(shared, path.lastIndexOf("/") + 1)));
  if (new Set(innermost).size <= groupColours) return innermost;
  const outermost = named((path) => {
    const end = path.indexOf("/", shared);
    return path.slice(shared, end < 0 ? undefined : end);
  });
  return new Set(outermost).size > 1 ? outermost : whole;
}

/** Length of the folder prefix that all folders have in common, its last slash included. */
function sharedFolder(paths: readonly string[]): number {
  // The top folder holds all others: they share nothing.
  if (paths.includes("")) return 0;
  const first = `${paths[0] ?? ""}/`;
  let length = first.length;
  for (const path of paths) {
    while (length > 0 && !`${path}/`.startsWith(first.slice(0, length))) {
      length = length < 2 ? 0 : first.lastIndexOf("/", length - 2) + 1;
    }
  }
  // One folder alone keeps its name.
  return length > first.length - 1 ? first.lastIndexOf("/", first.length - 2) + 1 : length;
}

/** The largest groups get a colour each, the others and rows without a name (−1) share the grey one, last. */
function collect(
  names: readonly string[],
  values: readonly (readonly string[])[],
  idOfRow: Int32Array,
  title: string,
  style: (name: string) => `--${string}` | null,
): Grouping {
  const counts = new Uint32Array(names.length);
  let unnamed = 0;
  for (const id of idOfRow) {
    if (id < 0) unnamed++;
    else counts[id]!++;
  }
  const order = names.flatMap((_, id) => (counts[id]! > 0 ? [id] : []));
  const coloured =
    order.length <= groupColours ? order : order.sort((a, b) => counts[b]! - counts[a]!).slice(0, groupColours);
  coloured.sort((a, b) => names[a]!.localeCompare(names[b]!, "en", { numeric: true }));

  const groups: Group[] = coloured.map((id, place) => ({
    name: names[id]!,
    count: counts[id]!,
    colour: style(names[id]!) ?? colourOf(place),
    values: values[id]!,
  }));
  const placed = groups.reduce((sum, group) => sum + group.count, 0);
  const rest = idOfRow.length - placed;
  if (rest > 0) {
    const others = order.length - coloured.length;
    const placeOf = new Set(coloured);
    const parts = [others > 0 ? `${others} other ${title.toLowerCase()}` : "", unnamed > 0 ? noValueText(title) : ""];
    const restValues = order.flatMap((id) => (placeOf.has(id) ? [] : values[id]!));
    groups.push({
      name: parts.filter(Boolean).join(", "),
      count: rest,
      colour: noColour,
      values: unnamed > 0 ? [...restValues, null] : restValues,
    });
  }

  const placeOfId = new Uint8Array(names.length).fill(coloured.length);
  coloured.forEach((id, place) => {
    placeOfId[id] = place;
  });
  return { groups, ofRow: Uint8Array.from(idOfRow, (id) => (id < 0 ? coloured.length : placeOfId[id]!)) };
}

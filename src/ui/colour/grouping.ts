import type { RowSet } from "../../core/rowSet.ts";

export interface Group {
  name: string;
  count: number;
  /** A CSS custom property of tokens.css. */
  colour: `--${string}`;
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

/** By tag, alphabetically; a row with several tags has the colour of the first of them. */
export function groupByTag(rows: number, tags: ReadonlyMap<string, RowSet>): Grouping {
  const names: string[] = [];
  const nameOfRow = new Int32Array(rows).fill(-1);
  const sorted = [...tags].filter(([, set]) => set.size > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, set] of sorted) {
    const index = names.push(name) - 1;
    for (const row of set.rows) if (row < rows && nameOfRow[row] === -1) nameOfRow[row] = index;
  }
  return collect(names, nameOfRow, "tags", "no tag");
}

/**
 * By folder, alphabetically. The whole folder path where that gives few enough groups; otherwise the innermost
 * folder's name (test/shoes and train/shoes are both shoes); otherwise the outermost folder that differs.
 */
export function groupByFolder(paths: readonly string[]): Grouping {
  const shared = sharedFolder(paths);
  const whole = index(paths, (path) => path.slice(shared, Math.max(shared, path.lastIndexOf("/"))));
  let best = whole;
  if (whole.names.length > groupColours) {
    const innermost = index(paths, (path) => {
      const end = path.lastIndexOf("/");
      return end < shared ? "" : path.slice(Math.max(shared, path.lastIndexOf("/", end - 1) + 1), end);
    });
    const outermost = index(paths, (path) => {
      const end = path.indexOf("/", shared);
      return end < 0 ? "" : path.slice(shared, end);
    });
    if (innermost.names.length <= groupColours) best = innermost;
    else if (outermost.names.length > 1) best = outermost;
  }
  // Images that lie beside the folders belong to the folder that holds everything.
  const holder = (paths[0] ?? "").slice(0, Math.max(0, shared - 1));
  const topName = holder.slice(holder.lastIndexOf("/") + 1) || "top folder";
  return collect(
    best.names.map((name) => name || topName),
    best.nameOfRow,
    "folders",
    "",
  );
}

/** Length of the folder prefix that all paths have in common, its last slash included. */
function sharedFolder(paths: readonly string[]): number {
  const first = paths[0] ?? "";
  let length = first.lastIndexOf("/") + 1;
  for (const path of paths) {
    while (length > 0 && !path.startsWith(first.slice(0, length))) length = first.lastIndexOf("/", length - 2) + 1;
    if (length === 0) break;
  }
  return length;
}

function index(paths: readonly string[], nameOf: (path: string) => string) {
  const ids = new Map<string, number>();
  const nameOfRow = new Int32Array(paths.length);
  for (let row = 0; row < paths.length; row++) {
    const name = nameOf(paths[row]!);
    let id = ids.get(name);
    if (id === undefined) {
      id = ids.size;
      ids.set(name, id);
    }
    nameOfRow[row] = id;
  }
  return { names: [...ids.keys()], nameOfRow };
}

/** The largest groups get a colour each, the others and rows without a name (−1) share the grey one, last. */
function collect(names: readonly string[], nameOfRow: Int32Array, kind: string, unnamedName: string): Grouping {
  const counts = new Uint32Array(names.length);
  let unnamed = 0;
  for (const name of nameOfRow) {
    if (name < 0) unnamed++;
    else counts[name]!++;
  }
  const order = names.map((_, name) => name);
  const coloured =
    names.length <= groupColours ? order : order.sort((a, b) => counts[b]! - counts[a]!).slice(0, groupColours);
  coloured.sort((a, b) => names[a]!.localeCompare(names[b]!, "en", { numeric: true }));

  const groups: Group[] = coloured.map((name, place) => ({
    name: names[name]!,
    count: counts[name]!,
    colour: colourOf(place),
  }));
  const placed = groups.reduce((sum, group) => sum + group.count, 0);
  const rest = nameOfRow.length - placed;
  if (rest > 0) {
    const others = names.length - coloured.length;
    const parts = [others > 0 ? `${others} other ${kind}` : "", unnamed > 0 ? unnamedName : ""];
    groups.push({ name: parts.filter(Boolean).join(", "), count: rest, colour: noColour });
  }

  const placeOfName = new Uint8Array(names.length).fill(coloured.length);
  coloured.forEach((name, place) => {
    placeOfName[name] = place;
  });
  const ofRow = new Uint8Array(nameOfRow.length);
  for (let row = 0; row < ofRow.length; row++) {
    const name = nameOfRow[row]!;
    ofRow[row] = name < 0 ? coloured.length : placeOfName[name]!;
  }
  return { groups, ofRow };
}

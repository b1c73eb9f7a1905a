import { Facets } from "../explore/facets.ts";
import type { CategoryField, Field, SetsField, TreeField } from "../explore/field.ts";
import type { BarsBlock } from "./report.ts";

/** A class with less than this share of an even part is rare. */
const rareShare = 0.1;
/** More classes are counted together. */
const mostBars = 40;

/**
 * How many images each class has. Without labels the innermost folders count, because many collections are sorted into
 * folders by class.
 * @param labels the labels' field; null: the folders
 * @returns null where there are no two classes
 */
export function classBalance(labels: Field | null, folders: Field | null, rows: number): BarsBlock | null {
  const classes =
    labels && "names" in labels ? ofLabels(labels, rows) : folders?.kind === "tree" ? ofFolders(folders, rows) : [];
  const there = classes.filter(({ value }) => value > 0).sort((a, b) => b.value - a.value);
  if (there.length < 2) return null;
  const total = there.reduce((sum, { value }) => sum + value, 0);
  const least = (rareShare * total) / there.length;
  const rare = there.filter(({ value }) => value < least).length;
  const shown = there.slice(0, mostBars).map((one) => ({ ...one, flagged: one.value < least }));
  const more = there.length > mostBars ? ` The ${there.length - mostBars} smallest are not shown.` : "";
  const said =
    rare === 0
      ? "No class has less than a tenth of an even share."
      : `${rare} of ${there.length} classes ${rare === 1 ? "has" : "have"} less than a tenth of an even share.`;
  return {
    kind: "bars",
    title: labels ? `Classes of “${labels.title}”` : "Folders as classes",
    note: said + more,
    bars: shown,
  };
}

const ofLabels = (field: CategoryField | TreeField | SetsField, rows: number) => {
  const { counts } = Facets.empty.next([field], [], rows).counts(field.id);
  return field.names.map((label, i) => ({
    label,
    value: counts[i] ?? 0,
    filter: [{ field: field.id, kind: "values" as const, values: [label] }],
  }));
};

/** “train/cat” and “test/cat” are both “cat”. */
function ofFolders(field: TreeField, rows: number) {
  const counts = new Uint32Array(field.names.length);
  for (let row = 0; row < rows; row++) {
    const name = field.ofRow[row] ?? -1;
    if (name >= 0) counts[name]!++;
  }
  const classes = new Map<string, { label: string; value: number; paths: string[] }>();
  for (const [i, path] of field.names.entries()) {
    if (counts[i] === 0) continue;
    const label = path.slice(path.lastIndexOf("/") + 1) || "top folder";
    const known = classes.get(label) ?? { label, value: 0, paths: [] };
    classes.set(label, { label, value: known.value + counts[i]!, paths: [...known.paths, path] });
  }
  return [...classes.values()].map(({ label, value, paths }) => ({
    label,
    value,
    filter: [{ field: field.id, kind: "values" as const, values: paths }],
  }));
}

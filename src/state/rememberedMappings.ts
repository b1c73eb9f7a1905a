import { boxSides, type ColumnUse, mappingKey, type TableMapping } from "../core/format/annotations/tableMapping.ts";

const storageKey = "winnow-table-mappings";
/** More kinds of tables than anybody imports; the oldest are forgotten. */
const mostRemembered = 40;

/** What a person said last of the columns of such a table; null when nothing. */
export function recalledMapping(columns: readonly string[]): TableMapping | null {
  const mapping = all().get(mappingKey(columns));
  return mapping?.length === columns.length && columns.length > 0 ? mapping : null;
}

export function rememberMapping(columns: readonly string[], mapping: TableMapping): void {
  const mappings = all();
  mappings.delete(mappingKey(columns));
  mappings.set(mappingKey(columns), mapping);
  localStorage.setItem(storageKey, JSON.stringify([...mappings].slice(-mostRemembered)));
}

const uses: readonly ColumnUse["use"][] = ["path", "label", "score", "probability", ...boxSides, "metadata", "ignore"];

/** Anything that is not what we wrote is forgotten. */
function all(): Map<string, TableMapping> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    const entries = Array.isArray(stored) ? (stored as [string, ColumnUse[]][]) : [];
    return new Map(
      entries.filter(
        ([key, mapping]) =>
          typeof key === "string" && Array.isArray(mapping) && mapping.every(({ use }) => uses.includes(use)),
      ),
    );
  } catch {
    return new Map();
  }
}

import { type QualityCheck, qualityChecks } from "./issues.ts";

/** Every check there is: of single images, of groups, of an image among the others, of labels. */
export const allChecks = [...qualityChecks, "exact_duplicate", "near_duplicate", "outlier", "label"] as const;

export type Check = QualityCheck | (typeof allChecks)[number];

export interface CheckedRows {
  /** By row, 0…1, low is bad; NaN where there is none. */
  scores: Float32Array;
  /** Rows with the issue, ascending. */
  flagged: Uint32Array;
}

/** What was found of the images' labels. */
export interface LabelCheck {
  checked: CheckedRows;
  /** By row: what its label should rather be; “” where it need not change. */
  suggested: string[];
}

/** What all checks found; by row, in the order of the project's images. */
export interface IssueTable {
  paths: readonly string[];
  /** A check that was not made is absent: its cells stay empty. */
  checks: Readonly<Partial<Record<Check, CheckedRows>>>;
  /** Groups of exact and near duplicates, the largest first. */
  groups: readonly Uint32Array[];
  /** By row, what its label should rather be; "" where it need not change. Null without labels. */
  suggestedLabels: readonly string[] | null;
}

/** Rows that any check flags, ascending. */
export function rowsWithIssues({ paths, checks }: Pick<IssueTable, "paths" | "checks">): Uint32Array {
  const flags = new Uint8Array(paths.length);
  for (const { flagged } of Object.values(checks)) for (const row of flagged) flags[row] = 1;
  const rows = new Uint32Array(flags.length);
  let count = 0;
  for (let row = 0; row < flags.length; row++) if (flags[row] === 1) rows[count++] = row;
  return rows.slice(0, count);
}

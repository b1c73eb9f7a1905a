import { type CsvValue, csvChunks } from "../format/csvRows.ts";
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

/** Columns of {@link issuesCsv}. */
export const issueColumns: readonly string[] = [
  "path",
  ...allChecks.flatMap((check) => [`${check}_score`, `is_${check}`]),
  "duplicate_group",
  "suggested_label",
];

/**
 * All checks as CSV, an image a line, in pieces: for each check its score and whether it flags the image (0 or 1), both
 * empty where the check has no score; `duplicate_group` counts from 1 and is empty for an image without duplicates.
 */
export function issuesCsv(table: IssueTable): Generator<string, void, void> {
  return csvChunks(issueColumns, cells(table));
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

function* cells({ paths, checks, groups, suggestedLabels }: IssueTable): Generator<CsvValue[], void, void> {
  const columns = allChecks.map((check) => {
    const found = checks[check];
    if (!found) return null;
    const flags = new Uint8Array(paths.length);
    for (const row of found.flagged) flags[row] = 1;
    return { scores: found.scores, flags };
  });
  const groupOf = new Uint32Array(paths.length);
  for (const [group, rows] of groups.entries()) for (const row of rows) groupOf[row] = group + 1;
  for (const [row, path] of paths.entries()) {
    yield [
      path,
      ...columns.flatMap((column): CsvValue[] => {
        const score = column?.scores[row] ?? Number.NaN;
        return column && !Number.isNaN(score) ? [rounded(score), column.flags[row]!] : [null, null];
      }),
      groupOf[row] || null,
      suggestedLabels?.[row] || null,
    ];
  }
}

/** The digits that 32 bits hold. */
const rounded = (score: number): number => Number(score.toPrecision(7));

import { type CsvValue, csvChunks } from "../format/csvRows.ts";
import { allChecks, type IssueTable } from "./issueTable.ts";

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

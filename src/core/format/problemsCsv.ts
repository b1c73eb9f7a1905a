import type { Problem } from "../records.ts";
import { csvChunks } from "./csvRows.ts";

/** Files that could not become images as CSV with the columns `path,reason`, in pieces. */
export function problemsCsv(problems: Iterable<Problem>): Generator<string, void, void> {
  return csvChunks(["path", "reason"], cells(problems));
}

function* cells(problems: Iterable<Problem>): Generator<readonly string[], void, void> {
  for (const { path, reason } of problems) yield [path, reason];
}

import type { Conflict, Contributions } from "../core/collaboration/contributions.ts";
import type { SelectionRecord } from "../core/records.ts";

/** Changes of visitors that are about to be imported. */
export interface ContributionDraft {
  /** Names of the files. */
  files: readonly string[];
  /** What the project knows of visitors with these files. */
  merged: Contributions;
  /** Changes that nobody disputes, and the images they are of. */
  tags: number;
  labels: number;
  images: number;
  conflicts: readonly (Conflict & { row: number })[];
  /** Selections that the project does not have yet. */
  selections: readonly SelectionRecord[];
  /** Names of labels that visitors began and the project does not have yet, by id. */
  started: ReadonlyMap<string, string>;
  /** Changes of images or labels that this project does not have. */
  strange: number;
}

import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import type { FormatName } from "../core/format/annotations/formats.ts";
import type { ImportSummary } from "../core/format/annotations/imported.ts";
import type { TableMapping } from "../core/format/annotations/tableMapping.ts";
import type { Progress } from "../core/task.ts";

/** An import before anything of it is written. */
export interface ImportDraft {
  /** Of the file or the folder. */
  file: string;
  fileCount: number;
  /** What the files are; null while it is found out, or when they are nothing that is known. */
  format: FormatName | null;
  /** The beginning of a table; empty for other formats. */
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** What the columns are; null where there are none. */
  mapping: TableMapping | null;
  /** What the person says it is; null: as the file says. */
  role: AnnotationSet["role"] | null;
  /** Of the set, where there is one only; “” otherwise. */
  name: string;
  /** While the files are read; null otherwise. */
  progress: Progress | null;
  /** What the import would do; null until that is known. */
  summary: ImportSummary | null;
  setCount: number;
  /** Why it cannot be imported; “” when it can. */
  problem: string;
}

import { PathMatcher } from "../core/format/annotations/pathMatcher.ts";
import type { ProjectReader } from "../core/projectFolder/projectReader.ts";

/** Images by path: exact, or by the end of the path where only one image has it. */
export class PathIndex {
  private readonly matcher: PathMatcher;

  private constructor(
    private readonly paths: readonly string[],
    private readonly ids: readonly string[],
  ) {
    this.matcher = new PathMatcher(paths);
  }

  static async of(reader: ProjectReader): Promise<PathIndex> {
    const paths: string[] = [];
    const ids: string[] = [];
    for await (const page of reader.images()) {
      for (const { record } of page) {
        paths.push(record.path);
        ids.push(record.id);
      }
    }
    return new PathIndex(paths, ids);
  }

  path(row: number): string {
    return this.paths[row]!;
  }

  id(row: number): string {
    return this.ids[row]!;
  }

  /** The row of a path, or null: see {@link PathMatcher}. */
  find(given: string): number | null {
    const found = this.matcher.find(given);
    return typeof found === "number" ? found : null;
  }

  match(given: readonly string[]): { rows: number[]; unmatched: string[] } {
    const rows: number[] = [];
    const unmatched: string[] = [];
    for (const line of given) {
      const row = this.find(line);
      if (row === null) unmatched.push(line);
      else rows.push(row);
    }
    return { rows, unmatched };
  }
}

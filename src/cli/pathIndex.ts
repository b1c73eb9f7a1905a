import type { ProjectReader } from "../core/projectFolder/projectReader.ts";

/** Images by path: exact, or by the end of the path where only one image has it. */
export class PathIndex {
  private readonly rowOf = new Map<string, number>();
  /** By file name: the rows that have it. */
  private readonly byName = new Map<string, number[]>();

  private constructor(
    private readonly paths: readonly string[],
    private readonly ids: readonly string[],
  ) {
    for (const [row, path] of paths.entries()) {
      this.rowOf.set(path, row);
      const name = nameOf(path);
      const same = this.byName.get(name);
      if (same) same.push(row);
      else this.byName.set(name, [row]);
    }
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

  /** The row of a path, or null. A longer path matches the one image whose path it ends with, and the other way. */
  find(given: string): number | null {
    const path = given.trim().replaceAll("\\", "/").replace(/^\.\//, "");
    const exact = this.rowOf.get(path);
    if (exact !== undefined) return exact;
    const candidates = (this.byName.get(nameOf(path)) ?? []).filter((row) => {
      const known = this.paths[row]!;
      return known.endsWith(`/${path}`) || path.endsWith(`/${known}`);
    });
    return candidates.length === 1 ? candidates[0]! : null;
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

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Hands out file paths that are all different, adding ` (2)`, ` (3)` … before the extension where needed. */
export class UniqueNames {
  private readonly taken = new Set<string>();
  /** Where to go on counting, so that thousands of equal names do not count from 2 each time. */
  private readonly nextNumber = new Map<string, number>();

  /** `sameName` maps two paths to one text when they may not exist side by side. */
  constructor(private readonly sameName: (path: string) => string = (path) => path) {}

  /** Names that differ only in case or Unicode form are one file on Windows and macOS. */
  static forAnyFileSystem(): UniqueNames {
    return new UniqueNames((path) => path.normalize("NFC").toLowerCase());
  }

  /** The path itself the first time, a numbered one afterwards. */
  claim(path: string): string {
    const key = this.sameName(path);
    let candidate = path;
    let number = this.nextNumber.get(key) ?? 1;
    while (this.taken.has(this.sameName(candidate))) candidate = numberedPath(path, ++number);
    this.nextNumber.set(key, number);
    this.taken.add(this.sameName(candidate));
    return candidate;
  }
}

/** `a/b.jpg`, 2 → `a/b (2).jpg`; a leading dot is not an extension. */
export function numberedPath(path: string, number: number): string {
  const nameStart = path.lastIndexOf("/") + 1;
  const dot = path.lastIndexOf(".");
  const end = dot > nameStart ? dot : path.length;
  return `${path.slice(0, end)} (${number})${path.slice(end)}`;
}

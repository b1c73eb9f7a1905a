/** The row of an image, or why there is none. */
export type PathMatch = number | "ambiguous" | "unmatched";

/** In a map of paths: more than one image has this one. */
const several = -2;
/** Deeper than any real folder; a file cannot make more maps than this. */
const deepest = 64;

/**
 * Finds the image that an imported path means: by the whole path, then by the end of one, each first as written, then
 * without regard to case and Unicode form. Windows separators, drives, `./`, `file://` and URL-encoded names are
 * understood. One map a depth of path that occurs, made when it is first asked for: a million paths in about a second.
 */
export class PathMatcher {
  private readonly asWritten: Suffixes;
  private folded: Suffixes | null = null;

  /**
   * @param paths by row, with forward slashes
   * @param key what of a path counts; for files that stand for an image of the same name with another ending: {@link withoutEnding}
   */
  constructor(
    private readonly paths: readonly string[],
    private readonly key: (path: string) => string = (path) => path,
  ) {
    this.asWritten = new Suffixes(paths, key);
  }

  find(given: string): PathMatch {
    const plain = normalised(given);
    if (plain === "") return "unmatched";
    const found = this.findPlain(this.key(plain));
    if (found !== "unmatched" || !plain.includes("%")) return found;
    const decoded = decodedUrl(plain);
    return decoded === null ? found : this.findPlain(this.key(normalised(decoded)));
  }

  private findPlain(path: string): PathMatch {
    const found = this.asWritten.find(path);
    if (found !== "unmatched") return found;
    this.folded ??= new Suffixes(this.paths, (one) => folded(this.key(one)));
    return this.folded.find(folded(path));
  }
}

/** A path without its file's ending: `a/b.jpg` → `a/b`. */
export function withoutEnding(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot > path.lastIndexOf("/") + 1 ? path.slice(0, dot) : path;
}

/** A path's own name with fewer and fewer of its folders: `a/b/c` → `a/b/c`, `b/c`, `c`. */
export function endingsOf(path: string): string[] {
  const parts = path.split("/").slice(-deepest);
  return parts.map((_, i) => parts.slice(i).join("/"));
}

class Suffixes {
  private readonly byDepth = new Map<number, Map<string, number>>();
  private whole: Map<string, number> | null = null;

  constructor(
    private readonly paths: readonly string[],
    private readonly key: (path: string) => string,
  ) {}

  find(path: string): PathMatch {
    this.whole ??= mapOf(this.paths, this.key);
    const exact = this.whole.get(path);
    if (exact !== undefined) return exact === several ? "ambiguous" : exact;
    const parts = depthOf(path);
    if (parts > deepest) return "unmatched";
    const ending = this.ofDepth(parts).get(path);
    if (ending !== undefined) return ending === several ? "ambiguous" : ending;
    // The given path is the longer one: the longest end of it that is an image.
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      const inner = this.whole.get(path.slice(slash + 1));
      if (inner !== undefined) return inner === several ? "ambiguous" : inner;
    }
    return "unmatched";
  }

  /** Images by the last `parts` parts of their paths. */
  private ofDepth(parts: number): Map<string, number> {
    const known = this.byDepth.get(parts);
    if (known) return known;
    const made = mapOf(this.paths, (path) => lastParts(this.key(path), parts));
    this.byDepth.set(parts, made);
    return made;
  }
}

function mapOf(paths: readonly string[], key: (path: string) => string | null): Map<string, number> {
  const map = new Map<string, number>();
  for (let row = 0; row < paths.length; row++) {
    const own = key(paths[row]!);
    if (own !== null) map.set(own, map.has(own) ? several : row);
  }
  return map;
}

function depthOf(path: string): number {
  let parts = 1;
  for (let i = 0; i < path.length; i++) if (path.charCodeAt(i) === 0x2f) parts++;
  return parts;
}

/** Null where a path has no more parts than that: then it is not an end but the whole. */
function lastParts(path: string, parts: number): string | null {
  let at = path.length;
  for (let i = 0; i < parts; i++) {
    at = path.lastIndexOf("/", at - 1);
    if (at < 0) return null;
  }
  return path.slice(at + 1);
}

const folded = (path: string): string => path.normalize("NFC").toLowerCase();

/** Forward slashes, no `file://`, drive, `./`, doubled or leading slash. */
function normalised(given: string): string {
  return given
    .trim()
    .replaceAll("\\", "/")
    .replace(/^file:\/{2,3}/i, "/")
    .replace(/^[a-z]:\//i, "")
    .replace(/\/{2,}/g, "/")
    .replace(/^(?:\.?\/)+/, "");
}

function decodedUrl(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

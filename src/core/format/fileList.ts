const NEEDS_ESCAPE = /^\\|[\r\n]/;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r" };

/** Some hundred kilobytes a piece. */
const PATHS_PER_CHUNK = 4096;

/**
 * Paths, one a line, each line ended by a line feed, in pieces. A path that contains a line break (or begins with a
 * backslash) is written as GNU coreutils' sha256sum does it: the line begins with a backslash, and `\\`, `\n`, `\r`
 * stand for a backslash and the line breaks. Every other path is written as it is.
 */
export function* fileList(paths: Iterable<string>): Generator<string, void, void> {
  let lines: string[] = [];
  for (const path of paths) {
    lines.push(escapePath(path));
    if (lines.length >= PATHS_PER_CHUNK) {
      yield `${lines.join("\n")}\n`;
      lines = [];
    }
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}

/** The paths of a list that {@link fileList} wrote; CRLF line ends and empty lines are accepted. */
export function readFileList(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) =>
      line.startsWith("\\")
        ? line.slice(1).replace(/\\([\\nr])/g, (_, letter) => (letter === "n" ? "\n" : letter === "r" ? "\r" : "\\"))
        : line,
    );
}

function escapePath(path: string): string {
  return NEEDS_ESCAPE.test(path) ? `\\${path.replace(/[\\\r\n]/g, (character) => ESCAPES[character]!)}` : path;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeArchivePath, safeFilePath } from "../../../src/core/format/safePath.ts";

const part = fc.oneof(
  fc.constantFrom("..", ".", "", "con", "NUL.jpg", "a", "C:", "x. ", " ", "é", "a\u0000b", "\u202Egpj.exe"),
  fc.string({ unit: "grapheme" }),
);
const hostile = fc
  .tuple(fc.constantFrom("", "/", "\\", "C:", "c:\\", "//server/"), fc.array(part), fc.constantFrom("/", "\\"))
  .map(([start, parts, separator]) => start + parts.join(separator));

describe("a name from an archive", () => {
  test.each([
    ["test/hat/x.jpg", "test/hat/x.jpg"],
    ["test\\hat\\x.jpg", "test/hat/x.jpg"],
    ["./a//b/./c.jpg", "a/b/c.jpg"],
    ["a/..b/c...jpg", "a/..b/c...jpg"],
    ["a\nb.jpg", "a_b.jpg"],
    ["a:b.jpg", "a:b.jpg"],
  ])("%j is trusted as %j", (name, path) => {
    expect(safeArchivePath(name)).toEqual({ path, rejected: null });
  });

  test.each([
    ["/etc/passwd", "etc/passwd", "absolute"],
    ["\\\\server\\share\\x.jpg", "server/share/x.jpg", "absolute"],
    ["C:\\x.jpg", "C_/x.jpg", "absolute"],
    ["../../etc/passwd", "etc/passwd", "out of the archive"],
    ["a\\..\\..\\b.jpg", "a/b.jpg", "out of the archive"],
    ["..", "unnamed", "out of the archive"],
    ["", "unnamed", "no name"],
    ["./.", "unnamed", "no name"],
    [`${"a/".repeat(80)}x.jpg`, `${"a/".repeat(63)}x.jpg`, "64 folders deep"],
  ])("%j is rejected and shown as %j", (name, path, reason) => {
    const result = safeArchivePath(name);
    expect(result.path).toBe(path);
    expect(result.rejected).toContain(reason);
  });

  test("never leads outside, whatever it is", () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const { path } = safeArchivePath(name);
        const parts = path.split("/");
        expect(parts.length).toBeLessThanOrEqual(64);
        for (const one of parts) expect([".", "..", ""]).not.toContain(one);
        expect(path).not.toContain("\\");
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
        expect(path).not.toMatch(/[\u0000-\u001f\u007f\u202e]/);
        expect(safeArchivePath(path)).toEqual({ path, rejected: null });
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a path that is written to disk", () => {
  test.each([
    ["test/hat/x.jpg", "test/hat/x.jpg"],
    ["ordner/größe 2 (1).JPG", "ordner/größe 2 (1).JPG"],
    ["a:b/c?.jpg", "a_b/c_.jpg"],
    ["con/nul.tar.gz/com1", "_con/_nul.tar.gz/_com1"],
    ["console/nullable.jpg", "console/nullable.jpg"],
    ["a./b /.hidden", "a/b/.hidden"],
    ["../x.jpg", "_/x.jpg"],
    ["", "unnamed"],
  ])("%j becomes %j", (path, safe) => {
    expect(safeFilePath(path)).toBe(safe);
  });

  test("long names keep their extension and fit in 255 bytes with a number added", () => {
    const safe = safeFilePath(`${"ü".repeat(300)}.jpeg`);
    expect(safe).toMatch(/^ü+\.jpeg$/);
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(240);
    expect(Buffer.byteLength(safe)).toBeGreaterThan(235);
  });

  test("is allowed everywhere, whatever it was, and is stable", () => {
    fc.assert(
      fc.property(hostile, (path) => {
        const safe = safeFilePath(path);
        for (const one of safe.split("/")) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
          expect(one).not.toMatch(/[<>:"|?*\\\u0000-\u001f]|^$|^\s|[. ]$|^(con|nul)(\.|$)/i);
        }
        expect(safeFilePath(safe)).toBe(safe);
      }),
      { numRuns: 1000 },
    );
  });
});

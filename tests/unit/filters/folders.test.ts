import { describe, expect, it } from "vitest";
import { histogramEdges } from "../../../src/core/explore/histogram.ts";
import { directlyText, type Folder, folderTree, openAtFirst } from "../../../src/ui/filters/folders.ts";

const lines = ({ children }: Folder, depth = 0): string[] =>
  children.flatMap((child) => [
    `${" ".repeat(depth)}${child.name} [${child.path}] ${child.indices.join(",")}`,
    ...lines(child, depth + 1),
  ]);

describe("the tree of folders", () => {
  it("leaves out what all share, sorts as people do, and joins folders that only lead on", () => {
    expect(lines(folderTree(["set/b/10", "set/b/2", "set/a/x/y"]))).toEqual([
      "a/x/y [set/a/x/y] 2",
      "b [set/b] 0,1",
      " 2 [set/b/2] 1",
      " 10 [set/b/10] 0",
    ]);
  });

  it("keeps a folder that holds images of its own", () => {
    expect(lines(folderTree(["set", "set/a", "set/a/b"]))).toEqual(["a [set/a] 1,2", " b [set/a/b] 2"]);
    expect(lines(folderTree(["only"]))).toEqual(["only [only] 0"]);
    expect(lines(folderTree([""]))).toEqual(["top folder [] 0"]);
    expect(lines(folderTree([]))).toEqual([]);
  });

  it("knows which folders hold images beside folders", () => {
    const own = ({ path, own: at, children }: Folder): [string, number | null][] => [
      [path, at],
      ...children.flatMap((child) => own(child)),
    ];
    expect(own(folderTree(["set", "set/a", "set/a/b", "set/c"]))).toEqual([
      ["set", 0],
      ["set/a", 1],
      ["set/a/b", null],
      ["set/c", null],
    ]);
    expect(own(folderTree(["", "a"]))).toEqual([
      ["", 0],
      ["a", null],
    ]);
    // Alone in a project, a folder is its images.
    expect(own(folderTree(["only"]))).toEqual([
      ["only", null],
      ["only", null],
    ]);
    expect(directlyText("set/a")).toBe("directly in a");
    expect(directlyText("")).toBe("directly in the top folder");
  });

  it("is open at first only while it is short", () => {
    const folders = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i % 2}/${i}`);
    expect(openAtFirst(folderTree(folders(10)))).toBe(true);
    expect(openAtFirst(folderTree(folders(100)))).toBe(false);
  });
});

describe("edges of a histogram", () => {
  const field = (values: number[], unit: "bytes" | "score") => ({
    id: "",
    title: "",
    kind: "number" as const,
    values: Float64Array.from(values),
    unit,
  });

  it("are of equal width, or of equal ratio for sizes that differ much, and hold every value", () => {
    expect([...histogramEdges(field([0, 4], "bytes"), 4)!]).toEqual([0, 1, 2, 3, 4]);
    expect([...histogramEdges(field([1, 10_000], "bytes"), 4)!].map((edge) => Math.round(edge))).toEqual([
      1, 10, 100, 1_000, 10_000,
    ]);
    expect([...histogramEdges(field([Number.NaN, -1, 1], "score"), 2)!]).toEqual([-1, 0, 1]);
    expect(histogramEdges(field([3, 3], "score"), 2)).toBeNull();
    expect(histogramEdges(field([], "score"), 2)).toBeNull();
  });
});

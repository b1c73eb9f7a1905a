import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PathMatcher, withoutEnding } from "../../../src/core/format/annotations/pathMatcher.ts";

const find = (paths: string[], given: string) => new PathMatcher(paths).find(given);

describe("imported paths", () => {
  it("match exactly first, even where another image ends so", () => {
    expect(find(["x/a.jpg", "a.jpg"], "a.jpg")).toBe(1);
  });

  it("match by a unique end, either way round, the longest where the given path is the longer", () => {
    expect(find(["train/hat/a.jpg", "train/bag/b.jpg"], "hat/a.jpg")).toBe(0);
    expect(find(["hat/a.jpg", "a.jpg"], "/data/all/hat/a.jpg")).toBe(0);
    expect(find(["train/a.jpg", "test/a.jpg"], "a.jpg")).toBe("ambiguous");
    expect(find(["train/a.jpg"], "b.jpg")).toBe("unmatched");
    // The end of a name is not the end of a path.
    expect(find(["train/ba.jpg"], "a.jpg")).toBe("unmatched");
  });

  it("understand Windows, URLs and case", () => {
    const paths = ["Hats/Ä b.JPG", "hats/c#1.jpg", "d%20e.jpg"];
    expect(find(paths, "C:\\data\\Hats\\Ä b.JPG")).toBe(0);
    expect(find(paths, "file:///data/hats/c%231.jpg")).toBe(1);
    expect(find(paths, "hats/a\u0308 b.jpg")).toBe(0);
    expect(find(paths, "./d%20e.jpg")).toBe(2);
    expect(find(paths, "%E0%A4%A")).toBe("unmatched");
    expect(find(paths, "")).toBe("unmatched");
    expect(find(["a.jpg", "A.jpg"], "A.JPG")).toBe("ambiguous");
    expect(find(["a.jpg", "A.jpg"], "A.jpg")).toBe(1);
  });

  it("without endings", () => {
    const stems = new PathMatcher(["images/train/a.jpg", "images/train/b.png", "b.gif"], withoutEnding);
    expect(stems.find("labels/train/a.txt")).toBe("unmatched");
    expect(stems.find("train/a.txt")).toBe(0);
    expect(stems.find("x/b.xml")).toBe(2);
    expect(withoutEnding("a.b/.hidden")).toBe("a.b/.hidden");
  });

  it("agree with a look at every path", () => {
    const part = fc.constantFrom("a", "b", "A", "c d");
    const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 12 }), path, (paths, given) => {
        const found = find(paths, given);
        const exact = paths.indexOf(given);
        const ends = paths.flatMap((one, row) => (one.endsWith(`/${given}`) ? [row] : []));
        if (exact >= 0) expect(found).toBe(exact);
        else if (ends.length > 0) expect(found).toBe(ends.length === 1 ? ends[0] : "ambiguous");
        else if (typeof found === "number") {
          const [one, other] = [paths[found]!.toLowerCase(), given.toLowerCase()];
          expect(`/${one}`.endsWith(`/${other}`) || `/${other}`.endsWith(`/${one}`)).toBe(true);
        }
      }),
    );
  });

  it("many of one name in as many folders", () => {
    const paths = Array.from({ length: 200_000 }, (_, i) => `d${i}/image.jpg`);
    const matcher = new PathMatcher(paths);
    const start = performance.now();
    let matched = 0;
    for (let i = 0; i < 200_000; i++) if (matcher.find(`/data/d${i}/image.jpg`) === i) matched++;
    expect(matcher.find("image.jpg")).toBe("ambiguous");
    expect(matched).toBe(200_000);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

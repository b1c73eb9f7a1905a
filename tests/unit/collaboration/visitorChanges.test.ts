import { describe, expect, it } from "vitest";
import type { HeldSet } from "../../../src/core/annotations/heldSet.ts";
import { emptyColumns } from "../../../src/core/annotations/setColumns.ts";
import { visitorChanges } from "../../../src/core/collaboration/visitorChanges.ts";
import { RowSet } from "../../../src/core/rowSet.ts";

const idOf = (row: number): string => String(row).padStart(32, "0");
const tags = (rows: Record<string, number[]>) =>
  new Map(Object.entries(rows).map(([name, list]) => [name, RowSet.of(list)]));

/** Labels “cat” on row 0 and “dog” on row 1, then corrected. */
const labels: HeldSet = {
  ...emptyColumns(3),
  id: "labels",
  name: "Labels",
  role: "labels",
  type: "classification",
  classes: ["cat", "dog", "owl"],
  source: { format: "hand", file: "", at: 0 },
  content: "",
  since: 0,
  known: Uint8Array.of(1, 1, 0),
  first: Uint32Array.of(0, 1, 2, 2),
  classOf: Uint32Array.of(2, 1),
  corrections: [
    { rows: Uint32Array.of(0, 1), before: Int32Array.of(0, 1), after: Int32Array.of(1, 0), by: "", at: 1 },
    { rows: Uint32Array.of(0), before: Int32Array.of(1), after: Int32Array.of(2), by: "", at: 2 },
    { rows: Uint32Array.of(1), before: Int32Array.of(0), after: Int32Array.of(1), by: "", at: 3 },
  ],
};

describe("what a visitor changed", () => {
  it("is every difference to what was published, whatever happened in between", () => {
    const found = visitorChanges(
      {
        published: tags({ good: [0, 1] }),
        tags: tags({ good: [1, 2], fresh: [0] }),
        annotations: [labels],
        started: new Set(),
        idOf,
      },
      [],
      7,
    );
    expect(found).toEqual([
      { image: idOf(2), kind: "tag", of: "good", before: false, after: true, at: 7 },
      { image: idOf(0), kind: "tag", of: "good", before: true, after: false, at: 7 },
      { image: idOf(0), kind: "tag", of: "fresh", before: false, after: true, at: 7 },
      // Row 1 is again what it was.
      { image: idOf(0), kind: "label", of: "labels", before: "cat", after: "owl", at: 7 },
    ]);
  });

  it("is all that labels say which the visitor began, however they came in", () => {
    const own = { published: tags({}), tags: tags({}), annotations: [labels], started: new Set(["labels"]), idOf };
    const label = { kind: "label", of: "labels", before: null };
    const found = visitorChanges(own, [], 7);
    expect(found).toEqual([
      { ...label, image: idOf(0), after: "owl", at: 7 },
      { ...label, image: idOf(1), after: "dog", at: 7 },
    ]);
    // Deleted since they were sent: taken back.
    expect(visitorChanges({ ...own, annotations: [] }, found, 8).map(({ after }) => after)).toEqual([null, null]);
  });

  it("keeps its time when it is saved again, and says what was taken back since", () => {
    const visited = { published: tags({}), annotations: [], started: new Set<string>(), idOf };
    const first = visitorChanges({ ...visited, tags: tags({ a: [0], b: [1] }) }, [], 1);
    const second = visitorChanges({ ...visited, tags: tags({ a: [0] }) }, first, 2);
    expect(second).toEqual([
      { image: idOf(0), kind: "tag", of: "a", before: false, after: true, at: 1 },
      { image: idOf(1), kind: "tag", of: "b", before: false, after: false, at: 2 },
    ]);
    expect(visitorChanges({ ...visited, tags: tags({ a: [0] }) }, second, 3)).toEqual(second);
    expect(visitorChanges({ ...visited, tags: tags({ a: [0], b: [1] }) }, second, 4)[1]).toMatchObject({
      after: true,
      at: 4,
    });
  });
});

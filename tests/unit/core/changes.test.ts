import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HeldSet } from "../../../src/core/annotations/heldSet.ts";
import { emptyColumns } from "../../../src/core/annotations/setColumns.ts";
import { type Edit, type Editable, edited } from "../../../src/core/changes.ts";
import {
  boxThresholds,
  defaultQuality,
  withBoxThresholds,
  withThreshold,
} from "../../../src/core/quality/qualitySettings.ts";
import type { SelectionRecord } from "../../../src/core/records.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import { nextTagStyle, styledTags, type TagStyle, tagName, tagOfKey } from "../../../src/core/tags.ts";
import { tagEdit } from "../../../src/state/history.ts";

const rows = fc.uniqueArray(fc.nat(50));
const names = fc.constantFrom("a", "b", "c");
const record = (id: string, createdAt: number) => ({ id, createdAt, rows: Uint32Array.of(1) }) as SelectionRecord;

const labels: HeldSet = {
  id: "drawn",
  name: "drawn",
  role: "labels",
  type: "object-detection",
  classes: ["cat"],
  source: { format: "coco", file: "a.json", at: 0 },
  content: "x",
  since: 0,
  corrections: [],
  ...emptyColumns(3),
};

const projects: fc.Arbitrary<Editable> = fc
  .record({ tags: fc.dictionary(names, rows), selections: fc.uniqueArray(fc.nat(5)) })
  .map(({ tags, selections }) => ({
    name: "p",
    tags: new Map(
      Object.entries(tags)
        .filter(([, set]) => set.length > 0)
        .map(([name, set]) => [name, RowSet.of(set)]),
    ),
    tagStyles: new Map(),
    selections: selections.sort((a, b) => a - b).map((at) => record(`s${at}`, at)),
    shownId: null,
    annotations: [labels],
    metadata: [],
    quality: defaultQuality,
  }));

/** Wishes of a person, made into edits of the project as it is when their turn comes. */
const wishes = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("tag" as const), name: names, plus: rows, minus: rows }),
    fc.record({ kind: fc.constant("selection" as const), at: fc.nat(5) }),
    fc.record({ kind: fc.constant("style" as const), name: names, colour: fc.nat(9) }),
    fc.record({ kind: fc.constant("shown" as const), id: fc.constantFrom("s1", null) }),
    fc.record({ kind: fc.constant("name" as const), name: fc.string() }),
    fc.record({ kind: fc.constant("quality" as const), threshold: fc.constantFrom(0.1, 0.4, null) }),
    fc.record({ kind: fc.constant("boxes" as const), sure: fc.constantFrom(0.6, 0.9, 0.95) }),
    fc.record({ kind: fc.constant("kept" as const), row: fc.nat(2) }),
  ),
  { maxLength: 8 },
);

function editOf(wish: typeof wishes extends fc.Arbitrary<(infer W)[]> ? W : never, now: Editable): Edit | null {
  switch (wish.kind) {
    case "tag":
      return tagEdit(
        now.tags,
        wish.name,
        RowSet.of(wish.plus.filter((row) => !wish.minus.includes(row))),
        RowSet.of(wish.minus),
      );
    case "selection": {
      const before = now.selections.find(({ id }) => id === `s${wish.at}`) ?? null;
      return { kind: "selection", id: `s${wish.at}`, before, after: before ? null : record(`s${wish.at}`, wish.at) };
    }
    case "style":
      return {
        kind: "tag-style",
        name: wish.name,
        before: now.tagStyles.get(wish.name) ?? null,
        after: { colour: wish.colour, key: null },
      };
    case "shown":
      return { kind: "shown", before: now.shownId, after: wish.id };
    case "name":
      return { kind: "name", before: now.name, after: wish.name };
    case "quality":
      return { kind: "quality", before: now.quality, after: withThreshold(now.quality, "dark", wish.threshold) };
    case "boxes":
      return { kind: "quality", before: now.quality, after: withBoxThresholds(now.quality, { sure: wish.sure }) };
    case "kept": {
      const box = { name: "cat", box: [0, 0, 5, 5] } as const;
      return { kind: "kept-box", set: labels.id, box: { row: wish.row, box, missing: false } };
    }
  }
}

const plain = ({ tags, ...rest }: Editable) => ({
  ...rest,
  tags: [...tags].map(([name, set]) => [name, [...set.rows]]).sort(),
});

describe("what a person changes", () => {
  it("can be taken back step by step and done again", () => {
    fc.assert(
      fc.property(projects, wishes, (start, all) => {
        const states = [start];
        const edits: Edit[] = [];
        for (const wish of all) {
          const edit = editOf(wish, states.at(-1)!);
          if (edit === null) continue;
          edits.push(edit);
          states.push(edited(states.at(-1)!, [edit]));
        }
        expect(plain(edited(states.at(-1)!, edits, true))).toEqual(plain(start));
        expect(plain(edited(start, edits))).toEqual(plain(states.at(-1)!));
        for (let i = edits.length - 1; i >= 0; i--) {
          expect(plain(edited(states[i + 1]!, [edits[i]!], true))).toEqual(plain(states[i]!));
        }
      }),
    );
  });

  it("thresholds of boxes at their default are not kept", () => {
    const moved = withBoxThresholds(defaultQuality, { sure: 0.7, overlap: 0.5 });
    expect(moved.boxes).toEqual({ sure: 0.7 });
    expect(boxThresholds(moved)).toEqual({ overlap: 0.5, sure: 0.7, misplaced: 0.8, least: 0 });
    expect(withBoxThresholds(moved, { sure: 0.95 })).toEqual(defaultQuality);
    expect(withBoxThresholds(moved, null)).toEqual(defaultQuality);
  });

  it("an edit of a tag names only rows that really changed", () => {
    const tags = new Map([["a", RowSet.of([1, 2])]]);
    expect(tagEdit(tags, "a", RowSet.of([2, 3]), RowSet.empty)).toEqual({
      kind: "tag",
      name: "a",
      added: Uint32Array.of(3),
      removed: new Uint32Array(0),
    });
    expect(tagEdit(tags, "a", RowSet.of([1]), RowSet.of([9]))).toBeNull();
  });
});

describe("how tags look", () => {
  it("new ones get the least used colour and the first free key, until the keys are used up", () => {
    let styles = new Map<string, TagStyle>();
    for (let i = 0; i < 12; i++) styles = new Map(styles).set(`t${i}`, nextTagStyle(styles));
    expect([...styles.values()].map(({ key }) => key)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, null, null, null]);
    expect([...styles.values()].map(({ colour }) => colour)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect(tagOfKey(styles, 4)).toBe("t3");
    expect(tagOfKey(new Map(), 4)).toBeNull();
  });

  it("tags without a style get one, the others keep theirs", () => {
    const styles = styledTags(["b", "a"], new Map([["b", { colour: 0, key: 1 }]]));
    expect([...styles]).toEqual([
      ["b", { colour: 0, key: 1 }],
      ["a", { colour: 1, key: 2 }],
    ]);
  });

  it("names are trimmed and in one form of accents", () => {
    expect(tagName("  cafe\u0301 ")).toBe("caf\u00e9");
  });
});

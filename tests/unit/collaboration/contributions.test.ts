import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  changesText,
  type FieldChange,
  type FieldValue,
  readChanges,
  type VisitorChanges,
} from "../../../src/core/collaboration/changesFile.ts";
import {
  afterImport,
  type Contributions,
  fieldKey,
  planOf,
  withChanges,
} from "../../../src/core/collaboration/contributions.ts";

const images = ["a", "b"].map((digit) => digit.repeat(32));
/** All fields there are, as they were published. */
const published = new Map<string, FieldValue>(
  images.flatMap((image) => [
    [fieldKey({ image, kind: "tag", of: "odd" }), false],
    [fieldKey({ image, kind: "tag", of: "kept" }), true],
    [fieldKey({ image, kind: "label", of: "labels" }), null],
  ]),
);

const change = fc
  .record({
    image: fc.constantFrom(...images),
    field: fc.constantFrom("odd", "kept", "labels"),
    value: fc.nat(2),
    at: fc.nat(5),
  })
  .map(({ image, field, value, at }): FieldChange => {
    if (field === "labels") {
      return { image, kind: "label", of: field, before: null, after: [null, "cat", "dog"][value] ?? null, at };
    }
    return { image, kind: "tag", of: field, before: field === "kept", after: value > 0, at };
  });
const file = fc.record({
  author: fc.constantFrom("ann", "bob", "cy"),
  changes: fc.uniqueArray(change, { selector: fieldKey, maxLength: 6 }),
  labels: fc.constantFrom([], [{ id: "My-labels", name: "My labels" }]),
  selections: fc.constant([]),
});

interface Project {
  values: Map<string, FieldValue>;
  contributions: Contributions;
}

/** Imports a file, deciding no conflict by hand. */
function imported({ values, contributions }: Project, visitor: VisitorChanges): Project {
  const merged = withChanges(contributions, visitor, `${visitor.author}.json`);
  const plan = planOf(merged, (field) => values.get(fieldKey(field)));
  const chosen = plan.conflicts.filter(({ preset, current }) => preset !== current);
  const put = new Map([...plan.changes, ...chosen.map(({ key, preset }) => [key, preset] as const)]);
  const decided = plan.conflicts.map(({ key }) => key);
  return { values: new Map([...values, ...put]), contributions: afterImport(merged, put, decided) };
}

const start = (): Project => ({ values: new Map(published), contributions: new Map() });
const all = (files: readonly VisitorChanges[], from = start()): Project => files.reduce(imported, from);

describe("visitors' changes", () => {
  it("give the same project in any order and however often each comes", () => {
    const shuffled = fc.array(file, { maxLength: 6 }).chain((files) =>
      fc.record({
        files: fc.constant(files),
        order: fc.shuffledSubarray([...files, ...files, ...files], { minLength: 0 }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ files, order }) => {
        // Every file at least once, some more often.
        expect(all([...order, ...files].reverse()).values).toEqual(all(files).values);
        expect(all([...order, ...files]).values).toEqual(all(files).values);
      }),
      { numRuns: 1_000 },
    );
  });

  it("change nothing when they come again, and ask nothing again", () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 5 }), fc.nat(), (files, pick) => {
        const once = all(files);
        const again = files[pick % Math.max(1, files.length)];
        if (again === undefined) return;
        const merged = withChanges(once.contributions, again, "again");
        const plan = planOf(merged, (field) => once.values.get(fieldKey(field)));
        expect(plan.changes.size).toBe(0);
        expect(plan.conflicts).toEqual([]);
      }),
    );
  });

  it("never touch what the owner changed, unless the owner wants it", () => {
    const key = fieldKey({ image: images[0]!, kind: "label", of: "labels" });
    fc.assert(
      fc.property(fc.array(file, { maxLength: 5 }), (files) => {
        const owner = start();
        owner.values.set(key, "owner's own");
        expect(all(files, owner).values.get(key)).toBe("owner's own");
      }),
    );
  });

  it("are in conflict where visitors differ, and a decision holds until there is another value", () => {
    const label = (after: string, author: string, at: number): VisitorChanges => ({
      author,
      changes: [{ image: images[0]!, kind: "label", of: "labels", before: null, after, at }],
      labels: [],
      selections: [],
    });
    const key = fieldKey({ image: images[0]!, kind: "label", of: "labels" });
    const first = imported(start(), label("cat", "ann", 1));
    expect(first.values.get(key)).toBe("cat");
    const both = withChanges(first.contributions, label("dog", "bob", 2), "bob.json");
    const { changes, conflicts } = planOf(both, (field) => first.values.get(fieldKey(field)));
    expect(changes.size).toBe(0);
    expect(conflicts).toMatchObject([
      {
        current: "cat",
        preset: "dog",
        options: [
          { value: "cat", from: ["ann.json"] },
          { value: "dog", from: ["bob.json"] },
        ],
      },
    ]);
    const decided = afterImport(both, new Map([[key, "cat"]]), [key]);
    const current = () => "cat";
    expect(planOf(withChanges(decided, label("dog", "bob", 2), "x"), current).conflicts).toEqual([]);
    expect(planOf(withChanges(decided, label("owl", "cy", 3), "x"), current).conflicts).toHaveLength(1);
  });

  it("that a visitor took back are gone, whichever file comes first", () => {
    const tag = (after: boolean, at: number): VisitorChanges => ({
      author: "ann",
      changes: [{ image: images[0]!, kind: "tag", of: "odd", before: false, after, at }],
      labels: [],
      selections: [],
    });
    for (const files of [
      [tag(true, 1), tag(false, 2)],
      [tag(false, 2), tag(true, 1)],
    ]) {
      expect(all(files).values).toEqual(published);
    }
  });
});

describe("a file of changes", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(file, (visitor) => {
        expect(readChanges(changesText(visitor), "x.json")).toEqual(visitor);
      }),
    );
  });

  it("that is hostile or of something else is refused with its name", () => {
    const good = JSON.parse(changesText({ author: "a", changes: [], labels: [], selections: [] })) as object;
    const one = { kind: "tag", image: images[0], of: "x", before: false, after: true, at: 1 };
    for (const bad of [
      "nonsense",
      "[]",
      "null",
      JSON.stringify({ ...good, author: "<script>" }),
      JSON.stringify({ ...good, changes: [{ ...one, at: -1 }] }),
      JSON.stringify({ ...good, changes: [{ ...one, at: 1e300 }] }),
      JSON.stringify({ ...good, changes: [{ ...one, image: "__proto__" }] }),
      JSON.stringify({ ...good, changes: [{ ...one, of: "x".repeat(2_000) }] }),
      JSON.stringify({ ...good, changes: [{ ...one, after: "yes" }] }),
      JSON.stringify({ ...good, changes: [{ ...one, kind: "name" }] }),
      JSON.stringify({ ...good, labels: [{ id: "", name: "x" }] }),
      JSON.stringify({ ...good, labels: [{ id: "labels", name: null }] }),
    ]) {
      expect(() => readChanges(bad, "sent.json"), bad.slice(0, 80)).toThrow(/“sent\.json”/);
    }
    expect(() => readChanges(JSON.stringify({ ...good, version: 2 }), "sent.json")).toThrow(/newer Winnow/);
  });
});

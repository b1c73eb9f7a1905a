import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arranger } from "../../../src/core/explore/arrangement.ts";
import type { Field } from "../../../src/core/explore/field.ts";
import { fileFields, tagField } from "../../../src/core/explore/fileFields.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import { selectionField } from "../../../src/state/fields.ts";
import { someMeasures } from "../../fixtures/measures.ts";

const table = new ImageTable();
["b/img10.jpg", "a/x.JPEG", "b/img2.jpg", "b/img2.png"].forEach((path, row) => {
  const record = { row, id: "", path, width: 4 - row, height: 1, bytes: 100 - row, sha256: "", modifiedAt: row * 10 };
  table.append({ ...record, takenAt: row === 0 ? 999 : null });
});
const tags = new Map([
  ["z", RowSet.of([0, 3])],
  ["k", RowSet.of([3])],
]);
const fields = [...fileFields(table), tagField(tags)];
const field = (id: string): Field => fields.find((one) => one.id === id)!;
const all = { rows: 4, by: null, descending: false, visible: null, groupBy: null };
const order = (options: Partial<Parameters<Arranger["arrange"]>[0]>): number[] => [
  ...new Arranger().arrange({ ...all, ...options }).order,
];

describe("the gallery's order", () => {
  it("sorts names as people do, dates by capture time first, numbers, names of sets", () => {
    expect(order({ by: field("path") })).toEqual([1, 2, 3, 0]);
    expect(order({ by: field("path"), descending: true })).toEqual([0, 3, 2, 1]);
    expect(order({ by: field("date") })).toEqual([1, 2, 3, 0]);
    expect(order({ by: field("bytes") })).toEqual([3, 2, 1, 0]);
    expect(order({ by: field("format") })).toEqual([0, 1, 2, 3]);
    expect(order({ descending: true })).toEqual([3, 2, 1, 0]);
  });

  it("puts rows without a value last, either way", () => {
    expect(order({ by: field("tag") })).toEqual([3, 0, 1, 2]);
    expect(order({ by: field("tag"), descending: true })).toEqual([0, 3, 1, 2]);
    const values: Field = {
      id: "s",
      title: "",
      kind: "number",
      unit: "score",
      values: Float64Array.of(2, Number.NaN, 1),
    };
    expect(order({ by: values })).toEqual([2, 0, 1, 3]);
    expect(order({ by: values, descending: true })).toEqual([0, 2, 1, 3]);
  });

  it("sorts texts, with rows that have none last, whatever order they come in", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b", "c", "d")),
        fc.nat(3),
        fc.boolean(),
        (texts, missing, descending) => {
          const by: Field = { id: "t", title: "", kind: "text", texts };
          const rows = [...texts.keys()].sort((a, b) =>
            texts[a]! < texts[b]! ? -1 : texts[a]! > texts[b]! ? 1 : a - b,
          );
          if (descending) rows.reverse();
          const last = Array.from({ length: missing }, (_, i) => texts.length + i);
          expect(order({ rows: texts.length + missing, by, descending })).toEqual([...rows, ...last]);
        },
      ),
    );
  });

  it("puts ranked rows before the others", () => {
    expect(order({ by: { rows: Uint32Array.of(3, 1) } })).toEqual([3, 1, 0, 2]);
    expect(order({ by: { rows: Uint32Array.of(3, 1) }, descending: true })).toEqual([1, 3, 0, 2]);
  });

  it("keeps the order within what is shown and within groups", () => {
    expect(order({ by: field("bytes"), visible: RowSet.of([0, 1, 3]) })).toEqual([3, 1, 0]);
    const grouped = new Arranger().arrange({ ...all, by: field("bytes"), groupBy: field("tag") });
    expect([...grouped.order]).toEqual([3, 0, 2, 1]);
    expect(grouped.sections).toEqual([
      { name: "k", start: 0, count: 1 },
      { name: "z", start: 1, count: 1 },
      { name: null, start: 2, count: 2 },
    ]);
  });

  it("one arranger answers every question anew", () => {
    const arranger = new Arranger();
    const by = field("path");
    expect([...arranger.arrange({ ...all, by }).order]).toEqual([1, 2, 3, 0]);
    expect([...arranger.arrange({ ...all, by, visible: RowSet.of([0, 1]) }).order]).toEqual([1, 0]);
    expect([...arranger.arrange({ ...all, by, descending: true }).order]).toEqual([0, 3, 2, 1]);
  });
});

describe("fields of files", () => {
  it("know folders, types and sizes", () => {
    expect(field("folder")).toMatchObject({ names: ["b", "a"], ofRow: Int32Array.of(0, 1, 0, 0) });
    expect(field("format")).toMatchObject({ names: ["jpg", "png"], ofRow: Int32Array.of(0, 0, 0, 1) });
    expect(field("aspect")).toMatchObject({ values: Float64Array.of(4, 3, 2, 1) });
  });

  it("go by the content of what was measured, whatever its name says", () => {
    const table = new ImageTable();
    const record = { id: "", width: 1, height: 1, bytes: 1, sha256: "", modifiedAt: 0, takenAt: null };
    const measures = [someMeasures({ format: "webp" }), someMeasures(), undefined];
    for (const [row, own] of measures.entries()) {
      table.append({ ...record, row, path: `${row}.PNG`, ...(own && { measures: own }) });
    }
    const format = fileFields(table).find(({ id }) => id === "format");
    expect(format).toMatchObject({ names: ["webp", "jpg", "png"], ofRow: Int32Array.of(0, 1, 2) });
  });

  it("number selections of one name", () => {
    const record = { name: "S", rows: Uint32Array.of(1) } as Parameters<typeof selectionField>[0][0];
    expect(selectionField([record, record], RowSet.of).names).toEqual(["S", "S (2)"]);
  });
});

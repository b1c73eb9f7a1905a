import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readForeignSelection, readSelection, selectionJson } from "../../../src/core/projectFolder/selectionJson.ts";
import type { SelectionRecord } from "../../../src/core/records.ts";

/** Picks of rows 3, 1, 4 among five images, row 0 chosen before. */
const record: SelectionRecord = {
  id: "s",
  name: "Selection of 3",
  createdAt: 1_700_000_000_000,
  requested: 3,
  alreadyChosen: Uint32Array.of(0),
  rows: Uint32Array.of(3, 1, 4),
  radii: Float32Array.of(1, 0.5, 0.25),
  randomRadii: Float32Array.of(1, 1, 1),
  nearestChosen: Int32Array.of(0, 3, 1),
  pickDistances: Float32Array.of(1, 0.5, 0.25),
  headHash: "h",
  programVersion: "1",
  among: Uint32Array.of(0, 1, 3, 4),
  imageCount: 5,
  next: Uint32Array.of(2),
};
const sent = selectionJson(record, { modelSha256: null, image: (row) => ({ id: `image ${row}`, path: "" }) });
const idsOf = (rows: Iterable<number>, at: (row: number) => string | undefined): (string | undefined)[] =>
  Array.from(rows, at);

describe("a selection that a visitor made", () => {
  it("is the record itself where rows are the same", () => {
    const rowOf = (id: string): number => Number(id.slice("image ".length));
    expect(readForeignSelection(sent, "x", rowOf)).toEqual(readSelection(JSON.stringify(sent), "x", 5));
  });

  it("keeps images and their order wherever they lie; those that are not here are left out", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4]), fc.nat(9), (places, shift) => {
        // Image i lies at places.indexOf(i) + shift, or nowhere.
        const here = new Map(places.map((image, row) => [`image ${image}`, row + shift]));
        const at = new Map([...here].map(([id, row]) => [row, id]));
        const found = readForeignSelection(sent, "x", (id) => here.get(id));
        const expected = (rows: Iterable<number>): string[] =>
          Array.from(rows, (row) => `image ${row}`).filter((id) => here.has(id));
        expect(idsOf(found.rows, (row) => at.get(row))).toEqual(expected(record.rows));
        expect(idsOf(found.alreadyChosen, (row) => at.get(row))).toEqual(expected(record.alreadyChosen));
        expect(idsOf(found.next ?? [], (row) => at.get(row))).toEqual(expected(record.next ?? []));
        for (const [i, row] of found.rows.entries()) {
          const pick = record.rows.indexOf(Number(at.get(row)!.slice("image ".length)));
          const nearest = `image ${record.nearestChosen[pick]}`;
          expect(found.nearestChosen[i]).toBe(here.get(nearest) ?? -1);
          expect(found.pickDistances[i]).toBe(record.pickDistances[pick]);
        }
        const isSame = shift === 0 && places.join() === "0,1,2,3,4";
        expect(found.among !== undefined).toBe(isSame);
      }),
    );
  });

  it("that is damaged names the file", () => {
    for (const bad of [null, {}, { ...sent, picks: [{ row: -1 }] }, { ...sent, id: 5 }]) {
      expect(() => readForeignSelection(bad, "sent.json", () => 0)).toThrow(/“sent\.json”/);
    }
  });
});

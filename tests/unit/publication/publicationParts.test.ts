import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Embedding } from "../../../src/core/linalg/adapt.ts";
import {
  columnOf,
  embeddingOf,
  publishedRecord,
  seemsPosition,
} from "../../../src/core/publication/publicationParts.ts";
import { runs } from "../../../src/pipeline/packedThumbnails.ts";

const record = {
  row: 7,
  id: "ab".repeat(16),
  path: "Clients/Mrs <b>Smith</b>/home.JPG",
  width: 10,
  height: 20,
  bytes: 300,
  sha256: "ab".repeat(32),
  modifiedAt: 5,
  takenAt: 6,
};

describe("what is published", () => {
  it("has no word of a path but its extension, and no time, unless they are asked for", () => {
    expect(publishedRecord(record, 2, 9, { paths: false, times: false })).toEqual({
      ...record,
      row: 2,
      path: "image-00003.jpg",
      modifiedAt: 0,
      takenAt: null,
    });
    expect(publishedRecord({ ...record, path: "a.b/c.öä" }, 0, 1_234_567, { paths: false, times: true })).toMatchObject(
      {
        path: "image-0000001",
        takenAt: 6,
      },
    );
    expect(publishedRecord(record, 2, 9, { paths: true, times: true })).toEqual({ ...record, row: 2 });
  });

  it("takes columns that seem to be positions for such, and no others", () => {
    for (const key of ["lat", "GPSLatitude", "gps_altitude", "geo.point", "Longitude", "lng", "home address", "city"]) {
      expect(seemsPosition(key), key).toBe(true);
    }
    for (const key of ["flat", "plate", "translation", "split", "velocity", "colour", "platform", "longest"]) {
      expect(seemsPosition(key), key).toBe(false);
    }
  });

  it("has the numbers of the taken rows, and no name that none of them has", () => {
    const embeddings = { data: Float32Array.of(0, 1, 10, 11, 20, 21), rows: 3, cols: 2 };
    const taken = embeddingOf({ embeddings } as Embedding, Uint32Array.of(0, 2));
    expect(taken.embeddings).toEqual({ data: Float32Array.of(0, 1, 20, 21), rows: 2, cols: 2 });
    const column = {
      key: "who",
      kind: "category" as const,
      names: ["Ann", "Bob", "Cy"],
      ofRow: Int32Array.of(2, 1, 0),
    };
    expect(columnOf(column, Uint32Array.of(0, 2, 5))).toEqual({
      ...column,
      names: ["Ann", "Cy"],
      ofRow: Int32Array.of(1, 0, -1),
    });
  });
});

describe("thumbnails of a pack in runs", () => {
  it("holds every piece once, in order, no run longer than half a megabyte and no gap wider than it is worth", () => {
    const pieces = fc
      .array(fc.record({ gap: fc.nat(100_000), length: fc.integer({ min: 1, max: 60_000 }) }), { maxLength: 60 })
      .map((list) => {
        let at = 0;
        return list.map(({ gap, length }) => {
          const start = at + gap;
          at = start + length;
          return { start, end: at };
        });
      });
    fc.assert(
      fc.property(pieces, (all) => {
        const found = runs(all);
        expect(found.flat()).toEqual(all);
        for (const run of found) {
          expect(run.at(-1)!.end - run[0]!.start).toBeLessThanOrEqual(512 << 10);
          for (let i = 1; i < run.length; i++) expect(run[i]!.start - run[i - 1]!.end).toBeLessThanOrEqual(32 << 10);
        }
        for (let i = 1; i < found.length; i++) {
          const gap = found[i]![0]!.start - found[i - 1]!.at(-1)!.end;
          const joined = found[i]![0]!.end - found[i - 1]![0]!.start;
          expect(gap > 32 << 10 || joined > 512 << 10).toBe(true);
        }
      }),
    );
  });
});

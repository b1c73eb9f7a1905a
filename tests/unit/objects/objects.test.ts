import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resizeBicubic } from "../../../src/core/image/resample.ts";
import { firstObjects, type ObjectBoxes, objectsOfRow } from "../../../src/core/objects/objectBoxes.ts";
import { countObjects, KnownObjects, type ObjectPart } from "../../../src/core/objects/objectPart.ts";
import {
  groupOfPoints,
  largestOfGroups,
  meanOfGroups,
  objectPoints,
  pointsOfUnits,
} from "../../../src/core/objects/objectPoints.ts";
import { objectInput, objectRegion, regionFactor } from "../../../src/core/objects/objectRegion.ts";
import { instanceRows, partsOfRows } from "../../../src/core/objects/objectRows.ts";

/** Boxes by row, one after the other. */
function boxesOf(rows: readonly (readonly number[])[][]): ObjectBoxes {
  const first = new Uint32Array(rows.length + 1);
  for (const [row, boxes] of rows.entries()) first[row + 1] = first[row]! + boxes.length;
  return { first, boxes: Float32Array.from(rows.flat(2)) };
}

describe("what a model sees of an object", () => {
  const box = fc.tuple(
    fc.double({ min: -50, max: 400, noNaN: true }),
    fc.double({ min: -50, max: 400, noNaN: true }),
    fc.double({ min: 0.1, max: 500, noNaN: true }),
    fc.double({ min: 0.1, max: 500, noNaN: true }),
  );

  it("lies inside the image, is a square where the image allows one, and holds what the image has of the box", () => {
    fc.assert(
      fc.property(box, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }), (given, width, height) => {
        const region = objectRegion(given, width, height);
        for (const value of Object.values(region)) expect(Number.isInteger(value)).toBe(true);
        expect(region.left).toBeGreaterThanOrEqual(0);
        expect(region.top).toBeGreaterThanOrEqual(0);
        expect(region.left + region.width).toBeLessThanOrEqual(width);
        expect(region.top + region.height).toBeLessThanOrEqual(height);
        const side = Math.max(1, Math.round(Math.max(given[2], given[3])));
        expect([region.width, region.height]).toEqual([Math.min(side, width), Math.min(side, height)]);
        const [x, y, w, h] = given;
        // To a pixel of rounding.
        expect(region.left).toBeLessThanOrEqual(Math.max(0, x) + 1);
        expect(region.top).toBeLessThanOrEqual(Math.max(0, y) + 1);
        expect(region.left + region.width).toBeGreaterThanOrEqual(Math.min(width, x + w) - 1);
        expect(region.top + region.height).toBeGreaterThanOrEqual(Math.min(height, y + h) - 1);
      }),
    );
  });

  it("is all of the region, squeezed", () => {
    const region = { left: 3, top: 4, width: 20, height: 10 };
    const data = Uint8Array.from({ length: 20 * 10 * 3 }, (_, i) => (i * 7) % 256);
    const pixels = { data, width: 20, height: 10, channels: 3 as const };
    expect(regionFactor(region, 8)).toBe(1);
    const whole = { left: 0, top: 0, width: 20, height: 10 };
    expect(objectInput(pixels, region, 8)).toEqual(resizeBicubic(pixels, whole, 8, 8));
  });
});

describe("features of objects in a file", () => {
  it("come back as they were, for images of which all objects have some", async () => {
    const rowsOfBoxes = fc.array(
      fc.array(fc.constantFrom([1, 2, 3, 4], [5, 5, 2, 2], [0, 0, 0, 4], [Number.NaN, 0, 1, 1]), { maxLength: 4 }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(rowsOfBoxes, fc.infiniteStream(fc.nat(2)), async (rows, chance) => {
        const set = boxesOf(rows);
        const cols = 3;
        const kept = rows.map((_, row) => row).filter(() => (chance.next().value ?? 0) > 0);
        const made = kept.flatMap((row) => {
          const objects = objectsOfRow(set, row);
          if (objects.length === 0) return [];
          const boxes = Float32Array.from(objects.flatMap((i) => [...set.boxes.subarray(4 * i, 4 * i + 4)]));
          const part = { rows: Uint32Array.of(row), counts: Uint32Array.of(objects.length), boxes };
          return [{ part, features: Uint16Array.from(objects.flatMap((i) => [i, i + 1, i + 2])) }];
        });
        const known = new KnownObjects(made.map(({ part }) => part));
        const chunks: number[] = [];
        for await (const rowsOfFile of instanceRows(set, known, async (i) => made[i]!.features, cols))
          chunks.push(...rowsOfFile);
        expect(chunks.length).toBe((set.boxes.length / 4) * cols);
        const file = Uint16Array.from(chunks);
        const read = async (from: number, to: number) => file.subarray(from * cols, to * cols);
        const again = new KnownObjects();
        const features: Uint16Array[] = [];
        for await (const one of partsOfRows(set, read, cols)) {
          again.add(one.part);
          features.push(one.features);
        }
        for (let row = 0; row < rows.length; row++) {
          const objects = objectsOfRow(set, row);
          const place = again.find(set, row, objects);
          expect(place !== null).toBe(objects.length > 0 && kept.includes(row));
          if (!place) continue;
          const own = features[place.part]!.subarray(place.first * cols, (place.first + place.count) * cols);
          expect([...own]).toEqual(objects.flatMap((i) => [i, i + 1, i + 2]));
        }
      }),
    );
  });
});

describe("what is known of objects", () => {
  const nan = Number.NaN;
  const set = boxesOf([
    [[0, 0, 5, 5]],
    [],
    [
      [1, 1, 4, 4],
      [nan, nan, nan, nan],
      [2, 2, 3, 3],
      [5, 5, 0, 4],
    ],
    [[9, 9, 1, 1]],
  ]);
  const part = (rows: number[], of: ObjectBoxes = set): ObjectPart => {
    const objects = rows.map((row) => objectsOfRow(of, row));
    return {
      rows: Uint32Array.from(rows),
      counts: Uint32Array.from(objects, ({ length }) => length),
      boxes: Float32Array.from(objects.flat().flatMap((i) => [...of.boxes.subarray(4 * i, 4 * i + 4)])),
    };
  };

  it("an instance without an area is no object", () => {
    expect(objectsOfRow(set, 2)).toEqual([1, 3]);
    expect(objectsOfRow(set, 1)).toEqual([]);
    expect(objectsOfRow(set, 99)).toEqual([]);
    expect([...firstObjects(set, 6)]).toEqual([0, 1, 1, 3, 4, 4, 4]);
  });

  it("holds as long as the boxes are the same; what came later counts", () => {
    const known = new KnownObjects([part([0, 2])]);
    expect(countObjects(set, known)).toEqual({
      objects: 4,
      images: 3,
      unknownRows: Uint32Array.of(3),
      unknownObjects: 1,
    });
    const moved = { ...set, boxes: set.boxes.slice() };
    moved.boxes[4] = 1.5;
    expect([...countObjects(moved, known).unknownRows]).toEqual([2, 3]);
    known.add(part([2], moved));
    expect([...countObjects(moved, known).unknownRows]).toEqual([3]);
    expect([...countObjects(set, known).unknownRows]).toEqual([2, 3]);
    expect(known.find(moved, 2, objectsOfRow(moved, 2))).toEqual({ part: 1, first: 0, count: 2 });
  });

  it("known objects become points by row, the others are counted", () => {
    const known = new KnownObjects([part([2, 0])]);
    const parts = [{ embeddings: Float32Array.of(1, 2, 3, 4, 5, 6) }];
    const points = objectPoints(set, known, parts, { rows: 5, dim: 2 });
    expect([...points.first]).toEqual([0, 1, 1, 3, 3, 3]);
    expect([...points.instances]).toEqual([0, 1, 3]);
    expect([...points.embeddings.data]).toEqual([5, 6, 1, 2, 3, 4]);
    expect(points.unknown).toBe(1);
  });

  it("values of points become values of their groups", () => {
    const first = Uint32Array.of(0, 2, 2, 3);
    expect([...groupOfPoints({ first, points: 3 })]).toEqual([0, 0, 2]);
    expect([...largestOfGroups({ first }, [-3, -1, 7])]).toEqual([-1, nan, 7]);
    expect([...meanOfGroups({ first }, [1, 4, 7])]).toEqual([2.5, nan, 7]);
    const embeddings = { data: Float32Array.of(1, 2, 3), rows: 3, cols: 1 };
    const units = pointsOfUnits({ first, embeddings }, [Uint32Array.of(2, 1), Uint32Array.of(0)]);
    expect([[...units.first], [...units.embeddings.data]]).toEqual([
      [0, 1, 3],
      [3, 1, 2],
    ]);
  });
});

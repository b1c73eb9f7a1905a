import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contours, densityGrid, densityOf } from "../../../src/core/explore/density.ts";
import { Random } from "../../../src/core/random.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import { scaleColours, scaleOf, scaleSteps } from "../../../src/ui/colour/scale.ts";
import {
  aroundRows,
  fitted,
  fittedScale,
  panned,
  resized,
  toLayout,
  toScreen,
  zoomed,
} from "../../../src/ui/map/camera.ts";
import { nearestPoint, pointsInPolygon } from "../../../src/ui/map/hitTest.ts";
import { placeImages } from "../../../src/ui/map/imagePlaces.ts";

const size = { width: 480, height: 320 };
const random = new Random(9);

describe("camera", () => {
  it("goes from layout to screen and back", () => {
    fc.assert(
      fc.property(fc.float({ min: -1, max: 1, noNaN: true }), fc.float({ min: -1, max: 1, noNaN: true }), (x, y) => {
        const camera = panned(zoomed(fitted(size), size, 3, 100, 50), 20, -30);
        const [back, up] = toLayout(camera, size, ...toScreen(camera, size, x, y));
        expect(back).toBeCloseTo(x, 6);
        expect(up).toBeCloseTo(y, 6);
      }),
    );
  });

  it("zooms about the pointer, and not without end", () => {
    const camera = fitted(size);
    const before = toLayout(camera, size, 111, 77);
    const after = toLayout(zoomed(camera, size, 2.5, 111, 77), size, 111, 77);
    expect(after[0]).toBeCloseTo(before[0], 9);
    expect(after[1]).toBeCloseTo(before[1], 9);
    expect(zoomed(camera, size, 1e9, 0, 0).scale).toBeCloseTo(camera.scale * 100);
    expect(zoomed(camera, size, 1e-9, 0, 0).scale).toBeCloseTo(camera.scale / 2);
  });

  it("shows the whole layout inside any panel", () => {
    for (const panel of [size, { width: 300, height: 900 }, { width: 50, height: 40 }]) {
      for (const camera of [fitted(panel), resized(fitted(size), size, panel)]) {
        for (const [x, y] of [
          [-1, -1],
          [1, 1],
        ] as const) {
          const [sx, sy] = toScreen(camera, panel, x, y);
          expect(Math.min(sx, sy)).toBeGreaterThan(0);
          expect(sx).toBeLessThan(panel.width);
          expect(sy).toBeLessThan(panel.height);
        }
      }
    }
  });
});

describe("hit test", () => {
  const random = new Random(3);
  const points = Float32Array.from({ length: 2000 }, () => random.float() * 2 - 1);

  it("finds the nearest point within reach", () => {
    for (let i = 0; i < 200; i++) {
      const [x, y] = [random.float() * 2 - 1, random.float() * 2 - 1];
      const distances = Array.from({ length: 1000 }, (_, row) =>
        Math.hypot(points[row * 2]! - x, points[row * 2 + 1]! - y),
      );
      const least = Math.min(...distances);
      expect(nearestPoint(points, x, y, 9)).toBe(distances.indexOf(least));
      expect(nearestPoint(points, x, y, least * 0.9)).toBe(-1);
    }
  });

  it("takes exactly the points of a triangle", () => {
    for (let i = 0; i < 50; i++) {
      const corners = Array.from(
        { length: 3 },
        () => [random.float() * 2 - 1, random.float() * 2 - 1] as [number, number],
      );
      const side = (a: [number, number], b: [number, number], x: number, y: number): boolean =>
        (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) > 0;
      const expected: number[] = [];
      for (let row = 0; row < 1000; row++) {
        const [x, y] = [points[row * 2]!, points[row * 2 + 1]!];
        const sides = [0, 1, 2].map((k) => side(corners[k]!, corners[(k + 1) % 3]!, x, y));
        if (sides.every((one) => one === sides[0])) expected.push(row);
      }
      expect([...pointsInPolygon(points, corners)]).toEqual(expected);
    }
    expect(
      pointsInPolygon(points, [
        [0, 0],
        [1, 1],
      ]),
    ).toHaveLength(0);
  });

  it("finds and takes only what the filter leaves", () => {
    const three = Float32Array.of(0, 0, 0.1, 0, 0.5, 0.5);
    expect(nearestPoint(three, 0, 0, 1, RowSet.of([1, 2]))).toBe(1);
    expect(nearestPoint(three, 0, 0, 1, RowSet.empty)).toBe(-1);
    const all: [number, number][] = [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ];
    expect([...pointsInPolygon(three, all, RowSet.of([0, 2]))]).toEqual([0, 2]);
  });
});

describe("the camera on some rows", () => {
  const size = { width: 300, height: 200 };
  const four = Float32Array.of(0, 0, 0.2, 0.1, -0.9, 0.9, 0.5, 0.5);

  it("has them all in view, and one alone not too near", () => {
    const camera = aroundRows(four, [0, 1], size)!;
    for (const row of [0, 1]) {
      const [x, y] = toScreen(camera, size, four[row * 2]!, four[row * 2 + 1]!);
      expect(x >= 0 && x <= 300 && y >= 0 && y <= 200).toBe(true);
    }
    expect(aroundRows(four, [2], size)).toEqual({
      x: expect.closeTo(-0.9),
      y: expect.closeTo(0.9),
      scale: fittedScale(size) * 16,
    });
    expect(aroundRows(four, [], size)).toBeNull();
    expect(aroundRows(four, [9], size)).toBeNull();
  });
});

describe("images on the map", () => {
  const size = { width: 400, height: 300 };
  const points = Float32Array.from({ length: 2 * 1_000 }, () => random.float() * 2 - 1);
  const near = { x: 0, y: 0, scale: fittedScale(size) * 6 };

  it("are those in view, never over one another, and none of the whole map", () => {
    expect(placeImages(points, null, fitted(size), size)).toEqual([]);
    const images = placeImages(points, null, near, size);
    expect(images.length).toBeGreaterThan(5);
    for (const [i, a] of images.entries()) {
      for (const b of images.slice(i + 1)) {
        expect(Math.abs(a.x - b.x) >= a.side || Math.abs(a.y - b.y) >= a.side).toBe(true);
      }
    }
    const every = images.filter(({ row }) => row % 2 === 0).map(({ row }) => row);
    const half = placeImages(points, RowSet.of(every), near, size);
    expect(half.map(({ row }) => row)).toEqual(every);
  });
});

describe("density", () => {
  it("is kept by the smoothing, highest where the points are, and its lines lie around them", () => {
    const normal = (): number => random.normal() * 0.05;
    const points = Float32Array.from({ length: 4_000 }, (_, i) => (i % 2 === 0 ? 0.5 : -0.5) + normal());
    const grid = densityGrid(points);
    expect(grid.cells.reduce((a, b) => a + b)).toBeCloseTo(2_000, 0);
    const densities = densityOf(grid, Float32Array.of(0.5, -0.5, 0.62, -0.5));
    expect(densities[0]!).toBeGreaterThan(2 * densities[1]!);
    const [line] = contours(grid, [densities[0]! / 2]) as [Float32Array];
    expect(line.length).toBeGreaterThan(0);
    for (let i = 0; i < line.length; i += 2) {
      const distance = Math.hypot(line[i]! - 0.5, line[i + 1]! + 0.5);
      expect(distance).toBeGreaterThan(0.03);
      expect(distance).toBeLessThan(0.12);
    }
  });

  it("one point, or none, is no error", () => {
    expect(densityGrid(new Float32Array(0)).cells.every((cell) => cell === 0)).toBe(true);
    expect(densityOf(densityGrid(Float32Array.of(3, 3)), Float32Array.of(3, 3))[0]).toBeGreaterThan(0);
  });
});

describe("the colour scale", () => {
  it("spreads the values between the 1st and the 99th percentile, and knows those without", () => {
    const values = Float64Array.from({ length: 1_001 }, (_, i) => (i === 1_000 ? 1e9 : i));
    values[7] = Number.NaN;
    const scale = scaleOf(values, 1_002);
    expect(scale.none).toBe(2);
    expect(scale.least).toBeGreaterThan(5);
    expect(scale.most).toBeLessThan(1_000);
    expect([scale.ofRow[0], scale.ofRow[1_000], scale.ofRow[7], scale.ofRow[1_001]]).toEqual([
      0,
      scaleSteps - 1,
      scaleSteps,
      scaleSteps,
    ]);
    for (let row = 9; row < 1_000; row++) expect(scale.ofRow[row]!).toBeGreaterThanOrEqual(scale.ofRow[row - 1]!);
  });

  it("has colours that grow lighter", () => {
    const light = (hex: string): number => {
      const [r, g, b] = [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const lights = scaleColours.map(light);
    for (let i = 1; i < lights.length; i++) expect(lights[i]!).toBeGreaterThan(lights[i - 1]!);
  });
});

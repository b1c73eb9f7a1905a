import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { fitted, panned, resized, toLayout, toScreen, zoomed } from "../../../src/ui/map/camera.ts";
import { nearestPoint, pointsInPolygon } from "../../../src/ui/map/hitTest.ts";

const size = { width: 480, height: 320 };

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
      expect(pointsInPolygon(points, corners)).toEqual(expected);
    }
    expect(
      pointsInPolygon(points, [
        [0, 0],
        [1, 1],
      ]),
    ).toEqual([]);
  });
});

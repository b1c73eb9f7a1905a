import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { radiiOf } from "../../../src/core/select/coverage.ts";
import { type KCenterOptions, kCenter } from "../../../src/core/select/kCenter.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels } from "../../fixtures/kernels.ts";

/** The definition, word for word. */
function bruteForce(m: Matrix, { n, alreadyChosen = new Uint32Array(0), start = 0, minDistance = 0 }: KCenterOptions) {
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let c = 0; c < m.cols; c++) sum += (m.data[a * m.cols + c]! - m.data[b * m.cols + c]!) ** 2;
    return Math.sqrt(sum);
  };
  const chosen = [...alreadyChosen];
  const toNearest = (row: number): number => Math.min(...chosen.map((centre) => distance(row, centre)));
  const radius = (): number => Math.max(0, ...Array.from({ length: m.rows }, (_, row) => toNearest(row)));
  const picks: number[] = [];
  const radii: number[] = [];
  while (picks.length < n) {
    let best = -1;
    if (chosen.length === 0 && m.rows > 0) best = start;
    else {
      for (let row = 0; row < m.rows; row++) {
        if (chosen.includes(row)) continue;
        if (best < 0 || toNearest(row) > toNearest(best)) best = row;
      }
      if (best >= 0 && minDistance > 0 && toNearest(best) < minDistance) break;
    }
    if (best < 0) break;
    picks.push(best);
    chosen.push(best);
    radii.push(radius());
  }
  return { picks, radii };
}

/** Small whole numbers, so that ties and duplicates are common and sums are exact. */
const problem = fc
  .record({ rows: fc.integer({ min: 0, max: 24 }), cols: fc.integer({ min: 1, max: 5 }) })
  .chain(({ rows, cols }) =>
    fc.record({
      m: fc
        .array(fc.integer({ min: -2, max: 2 }), { minLength: rows * cols, maxLength: rows * cols })
        .map((values) => matrix(Float32Array.from(values), rows, cols)),
      n: fc.integer({ min: 0, max: 30 }),
      alreadyChosen: fc.uniqueArray(fc.nat(Math.max(0, rows - 1)), { maxLength: Math.min(5, rows) }),
      start: fc.nat(Math.max(0, rows - 1)),
      minDistance: fc.constantFrom(0, 0, 1, 1.5),
    }),
  );

describe.each(everyKernels)("kCenter, %s kernels", (_, kernels) => {
  it("is farthest-first traversal, to the letter", () => {
    fc.assert(
      fc.property(problem, ({ m, alreadyChosen, ...rest }) => {
        const options = { ...rest, alreadyChosen: Uint32Array.from(alreadyChosen) };
        const ours = runToEnd(kCenter(kernels, m, options));
        const { picks, radii } = bruteForce(m, options);
        expect([...ours.rows]).toEqual(picks);
        for (const [i, radius] of radii.entries()) expect(ours.radii[i]).toBeCloseTo(radius, 5);
        for (let i = 0; i < picks.length; i++) {
          const before = [...alreadyChosen, ...picks.slice(0, i)];
          if (before.length === 0) expect(ours.nearestChosen[i]).toBe(-1);
          else expect(before).toContain(ours.nearestChosen[i]);
        }
        expect([...runToEnd(radiiOf(kernels, m, ours.rows, options.alreadyChosen))]).toEqual([...ours.radii]);
      }),
      { numRuns: 600 },
    );
  });

  it("does not depend on the order of rows, ties aside", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer(), (rows, seed) => {
        let state = (Math.abs(seed) % 2147483646) + 1;
        const values = Float32Array.from({ length: rows * 3 }, () => {
          state = (state * 48271) % 2147483647;
          return state / 2147483647;
        });
        const forward = runToEnd(kCenter(kernels, matrix(values, rows, 3), { n: rows, start: 0 }));
        const reversed = new Float32Array(values.length);
        for (let row = 0; row < rows; row++) {
          reversed.set(values.subarray(row * 3, row * 3 + 3), (rows - 1 - row) * 3);
        }
        const backward = runToEnd(kCenter(kernels, matrix(reversed, rows, 3), { n: rows, start: rows - 1 }));
        expect([...backward.rows].map((row) => rows - 1 - row)).toEqual([...forward.rows]);
      }),
    );
  });

  it("names the row of a value that is no number", () => {
    const m = matrix(Float32Array.of(1, 2, 3, Number.NaN), 2, 2);
    expect(() => runToEnd(kCenter(kernels, m, { n: 1 }))).toThrow(/row 1/);
  });
});

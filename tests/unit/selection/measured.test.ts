import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../src/core/matrix.ts";
import { randomRows } from "../../../src/core/select/random.ts";
import type { SelectionConfig } from "../../../src/core/selection/config.ts";
import { CoverageMeter, measuredRows } from "../../../src/core/selection/coverageMeter.ts";
import { nearestBefore, type PicksSoFar, selectMeasured } from "../../../src/core/selection/measured.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels, wasmKernels } from "../../fixtures/kernels.ts";
import { dataOf, unitRows } from "./selectionData.ts";

const distance = ({ data, cols }: Matrix, a: number, b: number): number => {
  let sum = 0;
  for (let c = 0; c < cols; c++) sum += (data[a * cols + c]! - data[b * cols + c]!) ** 2;
  return Math.sqrt(sum);
};

/** By the definition: distances of some rows to the nearest chosen one. */
function reach(m: Matrix, among: readonly number[], chosen: readonly number[]): { radius: number; mean: number } {
  const nearest = among.map((row) => Math.min(...chosen.map((other) => distance(m, row, other))));
  return { radius: Math.max(...nearest), mean: nearest.reduce((sum, d) => sum + d, 0) / nearest.length };
}

const all = (rows: number): number[] => Array.from({ length: rows }, (_, row) => row);
const config: SelectionConfig = {
  nSamples: 12,
  strategies: [
    { input: { type: "METADATA", key: "w" }, strategy: { type: "WEIGHTS" } },
    { input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY", strength: 0.3 } },
  ],
};

describe.each(everyKernels)("a measured selection, %s kernels", (_, kernels) => {
  it("says after each pick how far all images are from it, and what random picks reach", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.uniqueArray(fc.nat(39), { maxLength: 4 }),
        fc.option(fc.uniqueArray(fc.nat(39), { minLength: 8, maxLength: 25 }), { nil: null }),
        (seed, chosen, part) => {
          const m = unitRows(40, 3, seed);
          const w = all(40).map((row) => 0.1 + ((row * 7) % 11));
          const among = part && Uint32Array.from(part).sort();
          const alreadyChosen = Uint32Array.from(chosen).sort();
          const found = runToEnd(
            selectMeasured(kernels, dataOf(m, { w }), config, { alreadyChosen, among, beyond: 3 }, { seed: 5 }),
          );
          const inPlay = part ? [...new Set([...part, ...chosen])].sort((a, b) => a - b) : all(40);
          expect(found.measuredOn).toBe(inPlay.length);
          for (const [i, row] of found.rows.entries()) {
            const before = [...chosen, ...found.rows.subarray(0, i)];
            const { radius, mean } = reach(m, inPlay, [...before, row]);
            expect(found.radii[i]).toBeCloseTo(radius, 5);
            expect(found.means[i]).toBeCloseTo(mean, 5);
            if (before.length === 0) expect(found.nearestChosen[i]).toBe(-1);
            else {
              const nearest = Math.min(...before.map((other) => distance(m, row, other)));
              expect(found.pickDistances[i]).toBeCloseTo(nearest, 5);
              expect(distance(m, row, found.nearestChosen[i]!)).toBeCloseTo(nearest, 5);
            }
          }
          const places = inPlay.flatMap((row, place) => (chosen.includes(row) ? [place] : []));
          const random = [...randomRows(inPlay.length, found.rows.length, places, 5)].map((place) => inPlay[place]!);
          const last = random.length - 1;
          if (last >= 0) {
            const { radius, mean } = reach(m, inPlay, [...chosen, ...random]);
            expect(found.randomRadii[last]).toBeCloseTo(radius, 5);
            expect(found.randomMeans[last]).toBeCloseTo(mean, 5);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("of a sample is what the sample says, whether picks are in it or not", () => {
    const m = unitRows(60, 4, 3);
    const among = Uint32Array.from(all(60).filter((row) => row % 3 === 0));
    const meter = new CoverageMeter(kernels, m, among, 6);
    const chosen: number[] = [];
    for (const row of [0, 1, 17, 30, 44, 59]) {
      chosen.push(row);
      const { radius, mean } = runToEnd(meter.choose(row));
      const expected = reach(m, [...among], chosen);
      expect(radius).toBeCloseTo(expected.radius, 6);
      expect(mean).toBeCloseTo(expected.mean, 6);
    }
    meter.free();
  });
});

describe("what a run tells while it goes on", () => {
  const m = unitRows(300, 4, 8);
  const w = all(300).map((row) => 1 + (row % 5));

  it("is at any time a beginning of the result, and enough for a record", () => {
    let soFar: (() => PicksSoFar) | null = null;
    const task = selectMeasured(
      wasmKernels,
      dataOf(m, { w }),
      { ...config, nSamples: 40 },
      { alreadyChosen: Uint32Array.of(4), among: null },
      { seed: 1, watch: (tell) => (soFar = tell) },
    );
    const looks: PicksSoFar[] = [];
    let step = task.next();
    while (!step.done) {
      expect(step.value.total).toBe(40);
      expect(step.value.done).toBeLessThanOrEqual(40);
      looks.push((soFar as (() => PicksSoFar) | null)!());
      step = task.next();
    }
    const { rows, radii, means, randomRadii, factors, nearestChosen } = step.value;
    expect(new Set(looks.map((look) => look.rows.length)).size).toBeGreaterThan(10);
    for (const look of looks) {
      const count = look.rows.length;
      expect([...look.rows]).toEqual([...rows.subarray(0, count)]);
      expect([...look.radii]).toEqual([...radii.subarray(0, count)]);
      expect([...look.means]).toEqual([...means.subarray(0, count)]);
      expect([...look.randomRadii]).toEqual([...randomRadii.subarray(0, count)]);
      expect([...look.factors]).toEqual([...factors.subarray(0, 2 * count)]);
    }
    const half = looks.find((look) => look.rows.length >= 20)!;
    const nearest = runToEnd(nearestBefore(wasmKernels, m, half.rows, Uint32Array.of(4)));
    expect([...nearest.nearestChosen]).toEqual([...nearestChosen.subarray(0, half.rows.length)]);
  });

  it("gives its memory back when it is broken off", () => {
    const blocks = () => {
      const { memory } = wasmKernels;
      const at = memory.alloc(1 << 20);
      memory.free(at);
      return at;
    };
    const run = () => {
      const task = selectMeasured(
        wasmKernels,
        dataOf(m, { w }),
        config,
        { alreadyChosen: new Uint32Array(0), among: null },
        { seed: 1 },
      );
      for (let i = 0; i < 12; i++) task.next();
      task.return(undefined as never);
    };
    run();
    const before = blocks();
    for (let i = 0; i < 20; i++) run();
    expect(blocks()).toBe(before);
  });

  it("large projects are measured in a random sample, always the same", () => {
    expect(measuredRows(60_000, null, 1_000, 1)).toBe(null);
    const sample = measuredRows(1_000_000, null, 1_000, 1)!;
    expect(sample).toHaveLength(60_000);
    expect(measuredRows(1_000_000, null, 1_000, 1)).toEqual(sample);
    expect(sample.every((row, i) => i === 0 || row > sample[i - 1]!)).toBe(true);
    const part = Uint32Array.from({ length: 30_000 }, (_, i) => 3 * i);
    const few = measuredRows(1_000_000, part, 100_000, 1)!;
    expect(few).toHaveLength(5_000);
    expect(few.every((row) => row % 3 === 0)).toBe(true);
  });
});

describe("what would come next", () => {
  it("is what a longer run takes", () => {
    const m = unitRows(80, 4, 2);
    const w = all(80).map((row) => 1 + (row % 3));
    const run = (nSamples: number, beyond: number) =>
      runToEnd(
        selectMeasured(
          wasmKernels,
          dataOf(m, { w }),
          { ...config, nSamples },
          { alreadyChosen: Uint32Array.of(9), among: null, beyond },
          { seed: 1 },
        ),
      );
    const short = run(10, 20);
    const long = run(30, 0);
    expect([...short.rows, ...short.next]).toEqual([...long.rows]);
    expect(long.next).toHaveLength(0);
    expect(short.stopped).toBe("");
    const nearlyAll = run(75, 20);
    expect(nearlyAll.next).toHaveLength(4);
    expect(nearlyAll.stopped).toBe("");
  });
});

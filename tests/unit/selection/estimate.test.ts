import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SelectionConfig, SelectionStrategy } from "../../../src/core/selection/config.ts";
import { estimateOf } from "../../../src/core/selection/estimate.ts";
import type { SelectionScope } from "../../../src/core/selection/problem.ts";
import { selectImages } from "../../../src/core/selection/selectImages.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";
import { dataOf, unitRows } from "./selectionData.ts";

const rows = 30;
const value = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN));
const narrowing: fc.Arbitrary<SelectionStrategy> = fc.oneof(
  fc.record({
    input: fc.constantFrom({ type: "METADATA" as const, key: "w" }, { type: "RANDOM" as const }),
    strategy: fc.record({
      type: fc.constant("THRESHOLD" as const),
      threshold: fc.double({ min: 0, max: 1, noNaN: true }),
      operation: fc.constantFrom(
        "SMALLER" as const,
        "SMALLER_EQUAL" as const,
        "BIGGER" as const,
        "BIGGER_EQUAL" as const,
      ),
    }),
  }),
  fc.constant<SelectionStrategy>({ input: { type: "METADATA", key: "w" }, strategy: { type: "WEIGHTS" } }),
  fc.constant<SelectionStrategy>({ input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } }),
);
const row = fc.nat(rows - 1);

describe("an estimate", () => {
  it("is what the engine then chooses, and refuses what the engine refuses", () => {
    let ran = 0;
    fc.assert(
      fc.property(
        fc.record({
          w: fc.array(value, { minLength: rows, maxLength: rows }),
          strategies: fc.array(narrowing, { minLength: 1, maxLength: 4 }),
          amount: fc.oneof(
            fc.record({ nSamples: fc.integer({ min: 1, max: 40 }) }),
            fc.record({ proportionSamples: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
          ),
          pathExpression: fc.constantFrom(undefined, "^folder 0/", "5", "no such"),
          selectedSequenceLength: fc.constantFrom(undefined, undefined, undefined, 1),
          chosen: fc.uniqueArray(row, { maxLength: 6 }),
          among: fc.option(fc.uniqueArray(row, { minLength: 1 }), { nil: null }),
        }),
        ({ w, strategies, amount, chosen, among, ...rest }) => {
          const config = JSON.parse(JSON.stringify({ ...amount, ...rest, strategies })) as SelectionConfig;
          const scope: SelectionScope = {
            alreadyChosen: Uint32Array.from(chosen).sort(),
            among: among && Uint32Array.from(among).sort(),
          };
          const data = dataOf(unitRows(rows, 3, 7), { w });
          const either = <T>(work: () => T): T | string => {
            try {
              return work();
            } catch (error) {
              return (error as Error).message;
            }
          };
          const found = either(() => runToEnd(selectImages(wasmKernels, data, config, scope)));
          const estimate = either(() => estimateOf(config, data, scope));
          if (typeof found === "string") {
            // Whether weights tell images apart, the estimate does not ask: it may find no fault, or a later one.
            if (/all weights are zero/.test(found)) return;
            if (typeof estimate === "string") expect(found).toBe(estimate);
            else expect(found).toMatch(/no image has a value|leaves no image/);
            return;
          }
          if (typeof estimate === "string") throw new Error(`the engine chose, and the estimate said: ${estimate}`);
          ran++;
          expect(found.rows.length).toBe(estimate.most);
          expect(found.requested).toBe(estimate.asked);
          expect(estimate.left).toBe(estimate.eligible - estimate.chosen - estimate.removed.reduce((a, b) => a + b, 0));
        },
      ),
      { numRuns: 600 },
    );
    expect(ran).toBeGreaterThan(20);
  });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { randomRows } from "../../../src/core/select/random.ts";

it("randomRows draws rows that are not chosen yet, without repeats, the same for a seed", () => {
  fc.assert(
    fc.property(
      fc.nat(40),
      fc.nat(50),
      fc.array(fc.nat(45), { maxLength: 20 }),
      fc.integer(),
      (rows, n, chosen, seed) => {
        const drawn = randomRows(rows, n, chosen, seed);
        const left = Array.from({ length: rows }, (_, row) => row).filter((row) => !chosen.includes(row));
        expect(drawn).toHaveLength(Math.min(n, left.length));
        expect(new Set(drawn).size).toBe(drawn.length);
        expect([...drawn].every((row) => left.includes(row))).toBe(true);
        expect(randomRows(rows, n, chosen, seed)).toEqual(drawn);
      },
    ),
  );
});

it("randomRows draws every row equally often and depends on the seed", () => {
  const counts = new Uint32Array(10);
  for (let seed = 0; seed < 3_000; seed++) for (const row of randomRows(10, 3, [4], seed)) counts[row]!++;
  expect(counts[4]).toBe(0);
  // 1,000 of each expected; the standard deviation is 26.
  for (const [row, count] of counts.entries()) if (row !== 4) expect(Math.abs(count - 1_000)).toBeLessThan(130);
});

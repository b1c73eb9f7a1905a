import fc from "fast-check";
import { expect, test } from "vitest";
import { sortedByName } from "../../../src/sources/byName.ts";
import { Pace } from "../../../src/sources/pace.ts";

test("sorts as a stable sort by code units does, at every length around its runs", async () => {
  for (const length of [0, 1, 2, 511, 512, 513, 1024, 1500, 5000]) {
    const random = fc.sample(
      fc.string({ unit: fc.constantFrom("a", "B", "é", "\u{1F600}", "1"), maxLength: 3 }),
      length,
    );
    const items = random.map((name, place) => ({ name, place }));
    const expected = [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.place - b.place));
    expect(await sortedByName(items, new Pace())).toEqual(expected);
  }
});

test("stops when its signal aborts", async () => {
  const items = Array.from({ length: 5000 }, (_, i) => ({ name: `${i}` }));
  await expect(sortedByName(items, new Pace(AbortSignal.abort()))).rejects.toMatchObject({ code: "cancelled" });
});

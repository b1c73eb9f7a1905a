import { describe, expect, it } from "vitest";
import type { ImageMeasures } from "../../../src/core/quality/measures.ts";
import { decode } from "../../../src/decode/decode.ts";
import { fetchShared, hasShared } from "../sharedFiles.ts";

const scores = [
  ["dark", "dark", 0.32],
  ["light", "light", 0.05],
  ["lowInformation", "low_information", 0.3],
  ["blurry", "blurry", 0.29],
] as const;

/** Rows of one of golden/'s CSV files, which have no quotes, by column name. */
async function goldenRows(name: string): Promise<Record<string, string>[]> {
  const text = new TextDecoder().decode((await fetchShared(`golden/${name}`))!);
  const [head = "", ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i]!, cell])));
}

async function measuresOf(path: string): Promise<ImageMeasures> {
  const outcome = await decode({ file: new Blob([(await fetchShared(path))!]), path, size: 32 });
  if (outcome.kind !== "image") throw new Error(`${path}: ${JSON.stringify(outcome)}`);
  return outcome.measures;
}

/** The reference drops transparency; the page, as everywhere, puts it on white. */
const transparent = ["noise_rgba_half_transparent.png", "ramp_grey_alpha.png"];

describe.skipIf(!hasShared)("what the page measures is what CleanVision and imagehash find", () => {
  it("on the made cases", async () => {
    for (const row of await goldenRows("cleanvision_cases.csv")) {
      if (transparent.includes(row.id!)) continue;
      const measures = await measuresOf(`golden/quality_cases/${row.id}`);
      for (const [ours, theirs, threshold] of scores) {
        const difference = Math.abs(measures[ours] - Number(row[`rgb_${theirs}_score`]));
        expect(difference, `${theirs} of ${row.id}`).toBeLessThan(0.002);
        expect(measures[ours] < threshold, `${theirs} of ${row.id}`).toBe(row[`rgb_is_${theirs}_issue`] === "1");
      }
      expect(measures.perceptualHash, row.id).toBe(row.phash);
    }
  });

  it("on the photographs", { timeout: 300_000 }, async () => {
    const hashes = new Map((await goldenRows("imagehash_clothing.csv")).map((row) => [row.id, row.phash]));
    let worst = 0;
    for (const row of await goldenRows("cleanvision_clothing.csv")) {
      const measures = await measuresOf(`data/clothing/${row.id}`);
      for (const [ours, theirs, threshold] of scores) {
        const difference = Math.abs(measures[ours] - Number(row[`${theirs}_score`]));
        worst = Math.max(worst, difference);
        expect(difference, `${theirs} of ${row.id}`).toBeLessThan(0.002);
        expect(measures[ours] < threshold, `${theirs} of ${row.id}`).toBe(row[`is_${theirs}_issue`] === "1");
      }
      expect(measures.perceptualHash, row.id).toBe(hashes.get(row.id));
    }
    console.log(`largest difference to CleanVision on the photographs: ${worst.toExponential(2)}`);
  });
});

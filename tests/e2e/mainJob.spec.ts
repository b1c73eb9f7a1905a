import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { readNpy } from "../../src/core/format/npy.ts";
import { hasShared, sharedFolder } from "../fixtures/shared.ts";
import {
  dropFromDisk,
  exported,
  imageCount,
  select,
  selectedCount,
  untilIdle,
  untilImages,
  watch,
} from "./winnowPage.ts";

const photographs = join(sharedFolder, "data/clothing");

/** Farthest-first traversal by its definition, over exported f32 numbers. */
function farthestFirst(data: Float32Array, rows: number, cols: number, n: number): number[] {
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const picks = [0];
  while (picks.length < n) {
    const centre = picks.at(-1)! * cols;
    let best = -1;
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let c = 0; c < cols; c++) sum += (data[row * cols + c]! - data[centre + c]!) ** 2;
      nearest[row] = Math.min(nearest[row]!, sum);
      if (best < 0 || nearest[row]! > nearest[best]!) best = row;
    }
    picks.push(best);
  }
  return picks;
}

test.describe("713 photographs", () => {
  test.skip(!hasShared, "needs ../shared/data/clothing");

  test("dropped, embedded, reloaded in the middle, chosen, exported", async ({ page }) => {
    test.setTimeout(400_000);
    const seen = watch(page);
    await page.goto("/");
    await dropFromDisk(page, [photographs]);
    // The first images are there long before the last.
    await expect(imageCount(page)).toHaveText(/^[1-9]/, { timeout: 60_000 });
    await expect(page.getByRole("gridcell").first()).toBeVisible();
    await expect(page.getByRole("progressbar", { name: "Embedding" })).toBeVisible();
    await expect(imageCount(page)).toHaveText(/^[1-9]\d\d /, { timeout: 120_000 });
    await page.reload();
    // What was stored is shown at once, and the rest goes on by itself.
    await expect(imageCount(page)).toHaveText(/^[1-9]\d\d /, { timeout: 20_000 });
    await untilImages(page, 713, 240_000);

    await expect(page.getByRole("region", { name: "Map" })).toBeVisible();
    await select(page, 50);
    await expect(selectedCount(page)).toHaveText(/^50 /);

    const list = (await exported(page, "File list (.txt)")).toString("utf8").trim().split("\n");
    expect(new Set(list).size).toBe(50);
    for (const path of list) expect(existsSync(join(photographs, path)), path).toBe(true);

    const csv = (await exported(page, "CSV")).toString("utf8").trim().split(/\r?\n/);
    const header = csv[0]!.replace("\ufeff", "").split(",");
    expect(header.slice(0, 8).join()).toBe("path,width,height,bytes,sha256,tags,label,selected_rank");
    const paths = csv.slice(1).map((line) => line.split(",")[0]!);
    expect(paths.length).toBe(713);

    const npy = readNpy(await exported(page, "Embeddings (.npy)"), "embeddings.npy");
    expect(npy.shape).toEqual([713, 96]);
    const chosen = farthestFirst(npy.data as Float32Array, 713, 96, 50);
    expect(list).toEqual(chosen.map((row) => paths[row]!));
    const rank = header.indexOf("selected_rank");
    for (const [i, row] of chosen.entries()) expect(csv[row + 1]!.split(",")[rank]).toBe(String(i + 1));

    // A second visit finds everything, embeds nothing and asks nothing.
    await page.reload();
    await expect(imageCount(page)).toHaveText(/^713 /, { timeout: 20_000 });
    await expect(selectedCount(page)).toHaveText(/^50 /);
    await untilIdle(page, 60_000);
    expect((await exported(page, "File list (.txt)")).toString("utf8").trim().split("\n")).toEqual(list);
    expect(seen.foreign).toEqual([]);
    expect(seen.errors).toEqual([]);
  });
});

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { ZipReader } from "@zip.js/zip.js";
import { writePictures } from "./pictures.ts";
import { dropFromDisk, exported, imageCount, select, untilIdle, untilImages, watch } from "./winnowPage.ts";

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "winnow-"));
});
test.afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const map = (page: Page) => page.getByRole("region", { name: "Map" });

/** Draws a lasso around most of the map and returns how many images are marked then. */
async function lassoMost(page: Page): Promise<void> {
  await map(page).getByRole("button", { name: "Lasso" }).click();
  const plot = map(page).getByRole("application");
  const box = (await plot.boundingBox())!;
  const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.02, 0.02));
  await page.mouse.down();
  for (const [x, y] of [
    [0.98, 0.02],
    [0.98, 0.98],
    [0.02, 0.98],
    [0.02, 0.05],
  ] as const) {
    await page.mouse.move(...at(x, y), { steps: 6 });
  }
  await page.mouse.up();
}

test("the sample, without any other host: PCA, UMAP, t-SNE, point, lasso, selection", async ({ page }) => {
  test.setTimeout(240_000);
  const seen = watch(page);
  await page.route("**", (route) =>
    new URL(route.request().url()).hostname === "localhost" ? route.continue() : route.abort(),
  );
  await page.goto("/");
  await expect(page.getByText(/Fluent Emoji/)).toBeVisible();
  await page.getByRole("button", { name: "Try the sample" }).click();
  await expect(imageCount(page)).toHaveText(/^[1-9]/, { timeout: 60_000 });
  await untilIdle(page, 120_000);
  expect(Number((await imageCount(page).textContent())!.match(/^\d+/)![0])).toBeGreaterThan(400);

  for (const projection of ["UMAP", "t-SNE", "PCA"]) {
    await map(page).getByRole("combobox", { name: "Projection" }).selectOption(projection);
    await untilIdle(page, 60_000);
    await expect(map(page).locator(".map-quality")).toHaveText(/Trustworthiness (0\.[5-9]\d\d|1\.000)/, {
      timeout: 30_000,
    });
  }
  await map(page).getByRole("combobox", { name: "Colour by" }).selectOption("folder");
  await expect(map(page).getByRole("list", { name: "Legend" }).getByRole("listitem")).not.toHaveCount(0);

  // Somewhere on the map there is a point whose image shows when the pointer is over it.
  const plot = map(page).getByRole("application");
  const box = (await plot.boundingBox())!;
  const card = map(page).locator("img");
  for (let step = 0; step < 60 && (await card.count()) === 0; step++) {
    const angle = step * 2.4;
    const reach = 0.05 * Math.sqrt(step);
    await page.mouse.move(
      box.x + box.width * (0.5 + reach * Math.cos(angle)),
      box.y + box.height * (0.5 + reach * Math.sin(angle)),
    );
    await page.waitForTimeout(60);
  }
  await expect(card.first()).toBeVisible();

  await lassoMost(page);
  await expect(page.getByRole("gridcell", { selected: true }).first()).toBeVisible();
  await select(page, 20);
  expect((await exported(page, "File list (.txt)")).toString("utf8").trim().split("\n").length).toBe(20);
  expect(seen.foreign).toEqual([]);
  expect(seen.errors).toEqual([]);
});

test("a map that takes long can be cancelled, and the PCA map comes back", async ({ page }) => {
  await writePictures(folder, 0, 40);
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 40, 60_000);
  const projection = map(page).getByRole("combobox", { name: "Projection" });
  await projection.selectOption("t-SNE");
  const cancel = page.getByRole("region", { name: "Jobs" }).getByRole("button", { name: /^Cancel/ });
  await cancel.click({ timeout: 5_000 }).catch(() => undefined);
  await untilIdle(page, 30_000);
  await expect(projection).toHaveValue(/PCA|t-SNE/);
  await expect(map(page).getByRole("application")).toBeVisible();
});

test("another embedding needs no images: method, numbers and passes, with a report, kept over a reload", async ({
  page,
}) => {
  await writePictures(folder, 0, 60);
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 60, 60_000);
  await page.getByRole("tab", { name: "Embedding" }).click();
  const panel = page.getByRole("region", { name: "Embedding" });
  await expect(panel).toContainText("60 in 59 numbers, fitted on 60");
  await rm(folder, { recursive: true });
  await panel.getByRole("combobox", { name: "Numbers" }).selectOption("32");
  await panel.getByRole("combobox", { name: "Passes" }).selectOption("2");
  await panel.getByRole("button", { name: "Fit" }).click();
  await expect(panel).toContainText("60 in 32 numbers");
  await expect(panel).toContainText(/Effective rank\s*\d+\.\d of 32/);
  await panel.getByRole("combobox", { name: "Method" }).selectOption("raw");
  await panel.getByRole("button", { name: "Fit" }).click();
  await expect(panel).toContainText("60 in 1,280 numbers");
  await page.reload();
  await page.getByRole("tab", { name: "Embedding" }).click();
  await expect(panel).toContainText("60 in 1,280 numbers");
  await expect(panel.getByRole("combobox", { name: "Method" })).toHaveValue("raw");
});

test("without WebGL the map is drawn on a plain canvas, and the lasso works", async ({ page }) => {
  const seen = watch(page);
  await writePictures(folder, 0, 24);
  await page.goto("/?no-webgl");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 24, 60_000);
  await expect(map(page).locator(".map-note")).toBeVisible();
  await lassoMost(page);
  await expect(page.getByRole("gridcell", { selected: true }).first()).toBeVisible();
  expect(seen.errors).toEqual([]);
});

test("the chosen images as a zip are the originals, byte for byte", async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, "showSaveFilePicker");
    Reflect.deleteProperty(window, "showDirectoryPicker");
  });
  await writePictures(folder, 0, 12);
  await page.goto("/");
  await page.getByLabel("Choose folder").setInputFiles(folder);
  await untilImages(page, 12, 60_000);
  await select(page, 5);
  const bytes = await exported(page, "Chosen images as a zip");
  const reader = new ZipReader(new Blob([new Uint8Array(bytes)]).stream());
  const entries = await reader.getEntries();
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.directory || !entry.filename.endsWith(".jpg")) continue;
    const name = entry.filename.split("/").at(-1)!;
    names.push(name);
    const found = Buffer.from(await entry.arrayBuffer());
    const original = await readFile(join(folder, name.replace(/^\d+[ _-]+(?=picture)/, "")));
    expect(found.equals(original), name).toBe(true);
  }
  expect(names.length).toBe(5);
});

test("storage that is full keeps what is stored, says what to free, and goes on afterwards", async ({ page }) => {
  test.setTimeout(120_000);
  // The browser's own quota override has no effect on IndexedDB here; the error it would give is given by hand.
  await page.addInitScript(() => {
    for (const method of ["put", "add"] as const) {
      const real = IDBObjectStore.prototype[method];
      IDBObjectStore.prototype[method] = function (...args) {
        if ("storageIsFull" in window && this.name === "features") {
          throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
        }
        return real.apply(this, args);
      };
    }
  });
  await writePictures(folder, 0, 160);
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await expect(imageCount(page)).toHaveText(/^[1-9]/, { timeout: 60_000 });
  await page.evaluate(() => Object.assign(window, { storageIsFull: true }));
  await expect(page.getByText(/storage is full|no more room|free/i).first()).toBeVisible({ timeout: 60_000 });
  const kept = Number((await imageCount(page).textContent())!.match(/^\d+/)![0]);
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(160);
  await page.reload();
  await untilImages(page, 160, 90_000);
});

test("files that vanish while they are read become problems, and the rest goes on", async ({ page }) => {
  test.setTimeout(120_000);
  await writePictures(folder, 0, 200);
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await expect(imageCount(page)).toHaveText(/^[1-9]/, { timeout: 60_000 });
  for (let i = 190; i < 200; i++) await rm(join(folder, `picture ${String(i).padStart(4, "0")}.jpg`));
  await untilImages(page, 190, 90_000);
  await expect(page.getByRole("button", { name: /^Problems/ })).toContainText("10");
});

test("two projects: renamed, opened again, deleted with all they stored", async ({ page }) => {
  await writePictures(folder, 0, 10);
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 10, 60_000);
  const before = await page.evaluate(async () => (await indexedDB.databases()).length);
  await page.goto("/");
  await page
    .getByRole("button", { name: /10 images/ })
    .first()
    .waitFor();
  await page
    .getByRole("button", { name: /^Delete/ })
    .first()
    .click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: /^Delete/ })
    .click();
  await expect(page.getByRole("button", { name: /10 images/ })).toHaveCount(0);
  await expect.poll(() => page.evaluate(async () => (await indexedDB.databases()).length)).toBe(before - 1);
});

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { closeProject, dropFromDisk, imageCount, untilImages, watch } from "./winnowPage.ts";

const usage = (page: Page): Promise<number> =>
  page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);

/** Names of the projects' databases. */
const databases = (page: Page): Promise<string[]> =>
  page.evaluate(async () =>
    (await indexedDB.databases()).map(({ name }) => name ?? "").filter((name) => name.startsWith("winnow-project-")),
  );

test("a full disk stops the ingest, keeps what is stored and says what to free; with room again it goes on", async ({
  page,
  folder,
}) => {
  test.setTimeout(120_000);
  // The browser's quota override acts on IndexedDB only after a while; the error it would give is given by hand.
  await page.addInitScript(() => {
    const real = IDBObjectStore.prototype.put;
    const real2 = IDBObjectStore.prototype.add;
    const full = (store: IDBObjectStore): void => {
      if ("storageIsFull" in window && store.name === "features") {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      }
    };
    IDBObjectStore.prototype.put = function (...args) {
      full(this);
      return real.apply(this, args);
    };
    IDBObjectStore.prototype.add = function (...args) {
      full(this);
      return real2.apply(this, args);
    };
  });
  await writePictures(folder, 160);
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await expect(imageCount(page)).toHaveText(/^[1-9]/, { timeout: 60_000 });
  await page.evaluate(() => Object.assign(window, { storageIsFull: true }));
  const banner = page.getByRole("region", { name: "Interrupted" });
  await expect(banner).toContainText(/storage is full/, { timeout: 60_000 });
  const stored = Number.parseInt((await imageCount(page).textContent()) ?? "0", 10);
  expect(stored).toBeGreaterThan(0);
  expect(stored).toBeLessThan(160);
  await page.evaluate(() => Reflect.deleteProperty(window, "storageIsFull"));
  await banner.getByRole("button", { name: "Try again" }).click();
  await untilImages(page, 160, 60_000);
});

test("several projects: rename and switch, and deleting one gives its space back", async ({ page, folder }) => {
  const seen = watch(page);
  await writePictures(join(folder, "cats"), 60);
  await writePictures(join(folder, "dogs"), 8);
  await page.goto("/");
  const empty = await usage(page);
  await dropFromDisk(page, [join(folder, "cats")]);
  await untilImages(page, 60, 60_000);
  await closeProject(page);
  const withCats = await usage(page);
  await dropFromDisk(page, [join(folder, "dogs")]);
  await untilImages(page, 8, 60_000);
  expect(await databases(page)).toHaveLength(2);

  // Renamed where it is open, and in the list.
  await page.getByRole("button", { name: /^Project / }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "Project name" }).fill("hounds");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Project hounds" })).toBeVisible();
  await closeProject(page);
  await page.getByRole("button", { name: "Rename cats" }).click();
  await page.getByRole("textbox", { name: "Project name" }).fill("felines");
  await page.keyboard.press("Enter");
  const lines = page.getByRole("region", { name: "Projects in this browser" }).getByRole("listitem");
  await expect(lines.filter({ hasText: "felines" })).toBeVisible();
  await page.reload();
  await expect(lines).toHaveCount(2);
  await expect(lines.filter({ hasText: "felines" })).toContainText("60 images");
  await expect(lines.filter({ hasText: "hounds" })).toContainText("8 images");

  await lines
    .filter({ hasText: "felines" })
    .getByRole("button", { name: /^felines/ })
    .click();
  await expect(imageCount(page)).toHaveText(/^60 /);
  await page.getByRole("button", { name: "Project felines" }).click();
  await page.getByRole("menuitem", { name: /hounds/ }).click();
  await expect(imageCount(page)).toHaveText(/^8 /);
  await page.reload();
  await expect(imageCount(page)).toHaveText(/^8 /);
  await closeProject(page);

  await page.getByRole("button", { name: "Delete felines" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("Your image files are not touched.");
  await page.getByRole("button", { name: "Delete project" }).click();
  await expect(lines).toHaveCount(1);
  await expect.poll(() => databases(page)).toHaveLength(1);
  // Most of what the first project took is free again: the second one holds far less.
  await expect.poll(() => usage(page), { timeout: 30_000 }).toBeLessThan(empty + (withCats - empty) * 0.7);
  await rm(join(folder, "cats"), { recursive: true });
  await page.reload();
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText("hounds");
  expect(seen.errors).toEqual([]);
});

import { mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { test } from "./folderTest.ts";
import { picture } from "./pictures.ts";
import { dropFromDisk, imageCount, select, selectedCount, untilImages, watch } from "./winnowPage.ts";

test("a folder of good, broken, empty, mislabelled and foreign files", async ({ page, folder }) => {
  const seen = watch(page);
  for (let i = 0; i < 6; i++)
    await picture(i)
      .jpeg()
      .toFile(join(folder, `good ${i}.jpg`));
  await mkdir(join(folder, "deep", "er"), { recursive: true });
  await picture(9).png().toFile(join(folder, "deep/er/no-extension"));
  await picture(10).jpeg().toFile(join(folder, "cut.jpg"));
  await truncate(join(folder, "cut.jpg"), 700);
  await writeFile(join(folder, "empty.png"), "");
  await writeFile(join(folder, "text.jpg"), "this is a text");
  await writeFile(join(folder, "notes.txt"), "not an image");
  await writeFile(join(folder, "drawing.svg"), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, ".DS_Store"), "x");
  const evil = '"><img src=x onerror=alert(1)>.jpg';
  await writeFile(join(folder, evil), "<script>alert(1)</script>");

  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 7, 60_000);
  const problems = page.getByRole("button", { name: /^Problems/ });
  await expect(problems).toContainText("5");
  await problems.click();
  for (const [name, reason] of [
    ["cut.jpg", /cut off/],
    ["empty.png", /empty/],
    ["text.jpg", /not an image/],
    ["drawing.svg", /SVG/],
    ["onerror", /not an image/],
  ] as const) {
    await expect(page.getByRole("dialog").getByRole("listitem").filter({ hasText: name })).toContainText(reason);
  }
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  expect(seen.errors).toEqual([]);
});

test("an empty folder and one without images say so and leave no project behind", async ({ page, folder }) => {
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await expect(page.getByText(/No images in/)).toBeVisible({ timeout: 20_000 });
  await writeFile(join(folder, "notes.txt"), "not an image");
  await dropFromDisk(page, [folder]);
  await expect(page.getByText(/1 file was looked at/)).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("button", { name: "Try the sample" })).toBeVisible();
});

test("asking for none and for more than there are; the same folder again; counting earlier picks", async ({
  page,
  folder,
}) => {
  for (let i = 0; i < 8; i++)
    await picture(i)
      .webp()
      .toFile(join(folder, `${i}.webp`));
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 8, 60_000);
  await select(page, 3);
  await expect(selectedCount(page)).toHaveText(/^3 /);
  const panel = page.getByRole("region", { name: "Select", exact: true });
  await panel.getByRole("checkbox", { name: /already chosen/ }).check();
  await panel.getByRole("spinbutton", { name: "How many" }).fill("50");
  await panel.getByRole("button", { name: "Select", exact: true }).click();
  await expect(selectedCount(page)).toHaveText(/^5 /);

  await picture(20).webp().toFile(join(folder, "new.webp"));
  await dropFromDisk(page, [folder]);
  await untilImages(page, 9, 60_000);
  await expect(page.getByRole("button", { name: /^Problems/ })).toContainText("0");
});

test("pause, resume and cancel lose nothing", async ({ page, folder }) => {
  test.setTimeout(240_000);
  for (let i = 0; i < 160; i++)
    await picture(i)
      .jpeg()
      .toFile(join(folder, `${String(i).padStart(3, "0")}.jpg`));
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  const jobs = page.getByRole("region", { name: "Jobs" });
  await expect(imageCount(page)).toHaveText(/^[1-9]/, { timeout: 60_000 });
  await jobs.getByRole("button", { name: /^Pause/ }).click();
  await page.waitForTimeout(2_500);
  const paused = await imageCount(page).textContent();
  await page.waitForTimeout(2_000);
  expect(await imageCount(page).textContent()).toBe(paused);
  await jobs.getByRole("button", { name: /^Resume/ }).click();
  await expect(imageCount(page)).not.toHaveText(paused!, { timeout: 20_000 });
  const embedding = page.getByRole("progressbar", { name: "Embedding" });
  await jobs
    .locator("*")
    .filter({ has: embedding })
    .getByRole("button", { name: /^Cancel/ })
    .first()
    .click();
  await expect(page.getByRole("button", { name: /continue|resume/i }).first()).toBeVisible({ timeout: 10_000 });
  await page
    .getByRole("button", { name: /continue|resume/i })
    .first()
    .click();
  await untilImages(page, 160, 120_000);
});

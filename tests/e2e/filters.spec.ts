import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { chooseFolder, imageCount, untilImages } from "./winnowPage.ts";

const filters = (page: Page) => page.getByRole("region", { name: "Filters" });
const value = (page: Page, name: string) => filters(page).getByRole("checkbox", { name, exact: true });

test.beforeEach(async ({ page, folder }) => {
  await writePictures(folder, 20);
  await page.goto("/");
  await chooseFolder(page, folder);
  await untilImages(page, 20, 60_000);
});

test("values combine, show their counts under the others, and can be taken away one by one", async ({ page }) => {
  await value(page, "left (10)").click();
  await expect(imageCount(page)).toHaveText("10 of 20 images");
  await expect(page.getByRole("grid", { name: "Images" }).getByRole("gridcell")).toHaveCount(10);

  // Tag four of these; the folders then count only what the tag leaves.
  await page.getByRole("gridcell").nth(0).click();
  await page
    .getByRole("gridcell")
    .nth(3)
    .click({ modifiers: ["Shift"] });
  await page.getByRole("tab", { name: "Tags" }).click();
  await page.getByRole("textbox", { name: "New tag" }).fill("keep");
  await page.keyboard.press("Enter");
  await value(page, "keep (4)").click();
  await expect(imageCount(page)).toHaveText("4 of 20 images");
  await expect(value(page, "left (4)")).toBeChecked();
  await expect(value(page, "right (0)")).toBeVisible();

  await page.getByRole("button", { name: "Remove filter Folders: left" }).click();
  await value(page, "keep (4)").click({ modifiers: ["Alt"] });
  await expect(imageCount(page)).toHaveText("16 of 20 images");
  await expect(page.getByText("Tags: not keep")).toBeVisible();

  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(imageCount(page)).toHaveText("20 images");
  await expect(page.getByText("4 marked", { exact: true })).toBeVisible();
});

test("the filter is in the address: reload keeps it, back takes it away", async ({ page }) => {
  await value(page, "left (10)").click();
  await value(page, "right (10)").click();
  await expect(imageCount(page)).toHaveText("20 of 20 images");
  await value(page, "left (10)").click();
  await expect(imageCount(page)).toHaveText("10 of 20 images");
  await page.reload();
  await expect(imageCount(page)).toHaveText("10 of 20 images", { timeout: 20_000 });
  await expect(value(page, "right (10)")).toBeChecked();
  await page.goBack();
  await expect(imageCount(page)).toHaveText("20 of 20 images");
  await page.goBack();
  await page.goBack();
  await expect(imageCount(page)).toHaveText("20 images");
  await page.goForward();
  await expect(imageCount(page)).toHaveText("10 of 20 images");
});

test("a range by keyboard, a legend entry by click, and only what is shown is marked", async ({ page }) => {
  await filters(page).getByRole("button", { name: "File size" }).click();
  const least = filters(page).getByRole("slider", { name: "File size least" });
  await least.focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowRight");
  await expect(imageCount(page)).toHaveText(/^\d of 20 images|^1\d of 20 images/);
  const shown = Number((await imageCount(page).textContent())!.split(" ")[0]);
  expect(shown).toBeLessThan(20);
  await page.getByRole("gridcell").first().focus();
  await page.keyboard.press("Control+a");
  await expect(page.getByText(`${shown} marked`, { exact: true })).toBeVisible();
  await filters(page).getByRole("button", { name: "Clear filters" }).click();

  const legend = page.getByRole("list", { name: "Legend" });
  await legend.getByRole("button", { name: "left 10" }).click();
  await expect(imageCount(page)).toHaveText("10 of 20 images");
  await legend.getByRole("button", { name: "right 10" }).click({ modifiers: ["Shift"] });
  await expect(imageCount(page)).toHaveText("20 of 20 images");
});

test("panels are moved by keyboard and stay so; f puts the filters away", async ({ page }) => {
  const line = page.getByRole("separator", { name: "Width of the filters" });
  await line.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const width = await line.getAttribute("aria-valuenow");
  await page.reload();
  await expect(line).toHaveAttribute("aria-valuenow", width!);
  await page.keyboard.press("f");
  await expect(filters(page)).toHaveCount(0);
  await page.getByRole("button", { name: "Show filters" }).click();
  await expect(filters(page)).toBeVisible();
});

test("images that lie beside folders can be asked for alone, and the address keeps that", async ({ page, folder }) => {
  await writePictures(join(folder, "left", "deep"), 4);
  await chooseFolder(page, folder);
  await untilImages(page, 24, 60_000);
  await expect(value(page, "left (14)")).toBeVisible();
  const directly = value(page, "directly in left (10)");
  if (!(await directly.isVisible())) await filters(page).getByRole("button", { name: "Folders in left" }).click();
  await directly.click();
  await expect(imageCount(page)).toHaveText("10 of 24 images");
  await page.reload();
  await expect(imageCount(page)).toHaveText("10 of 24 images", { timeout: 20_000 });
  await page.getByRole("button", { name: "Remove filter Folders: directly in left" }).click();
  await expect(imageCount(page)).toHaveText("24 images");
});

import { expect, type Page } from "@playwright/test";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { chooseFolder, untilImages } from "./winnowPage.ts";

const tagsPanel = (page: Page) => page.getByRole("region", { name: "Tags", exact: true });
const line = (page: Page, name: string) => tagsPanel(page).getByRole("listitem").filter({ hasText: name });
const cell = (page: Page, place: number) => page.getByRole("grid", { name: "Images" }).getByRole("gridcell").nth(place);
const menu = async (page: Page, tag: string, ...items: string[]) => {
  await page.getByRole("button", { name: `Tag ${tag}: what to do` }).click();
  for (const item of items)
    await page.getByRole(/^violet$|^\d$/.test(item) ? "menuitemradio" : "menuitem", { name: item }).click();
};

test("tags by key and menu: renamed, merged, coloured, taken back and done again, also after a reload", async ({
  page,
  folder,
}) => {
  await writePictures(folder, 8);
  await page.goto("/");
  await chooseFolder(page, folder);
  await untilImages(page, 8, 60_000);
  await page.getByRole("tab", { name: "Tags" }).click();

  await cell(page, 0).click();
  await cell(page, 2).click({ modifiers: ["Shift"] });
  await tagsPanel(page).getByRole("textbox", { name: "New tag" }).fill("first");
  await tagsPanel(page).getByRole("button", { name: "Tag 3 marked images" }).click();
  await expect(line(page, "first")).toContainText("3");
  await expect(line(page, "first").locator("kbd")).toHaveText("1");

  // A second tag by its key, on and off.
  await cell(page, 4).click();
  await tagsPanel(page).getByRole("textbox", { name: "New tag" }).fill("second");
  await page.keyboard.press("Enter");
  await expect(line(page, "second")).toContainText("1");
  await cell(page, 5).click();
  await page.keyboard.press("2");
  await expect(line(page, "second").getByRole("button", { name: "second 2" })).toBeVisible();
  // Twice at once is on and off, and once more off.
  await page.keyboard.press("2");
  await page.keyboard.press("2");
  await page.keyboard.press("2");
  await expect(line(page, "second").getByRole("button", { name: "second 1" })).toBeVisible();

  // Everything that is shown.
  await line(page, "first").getByRole("button", { name: "first 3" }).click();
  await expect(page.getByRole("grid", { name: "Images" }).getByRole("gridcell")).toHaveCount(3);
  await page.keyboard.press("Escape");
  await menu(page, "second", "Add to 3 images shown");
  await expect(line(page, "second").getByRole("button", { name: "second 4" })).toBeVisible();
  await line(page, "first").getByRole("button", { name: "first 3" }).click();

  await menu(page, "first", "Colour", "violet");
  await menu(page, "first", "Key", "2");
  await expect(line(page, "first").locator("kbd")).toHaveText("2");
  await expect(line(page, "second").locator("kbd")).toHaveCount(0);

  await menu(page, "first", "Merge into", "second");
  await expect(tagsPanel(page).getByRole("listitem")).toHaveCount(1);
  const undo = page.getByRole("button", { name: "Undo", exact: true });
  await undo.hover();
  await expect(page.getByText("merge tag “first” into “second”")).toBeVisible();
  await undo.click();
  await expect(line(page, "first").getByRole("button", { name: "first 3" })).toBeVisible();
  await expect(line(page, "first").locator("kbd")).toHaveText("2");

  // A reload keeps what was done and what was taken back.
  await page.reload();
  await untilImages(page, 8, 60_000);
  await page.getByRole("tab", { name: "Tags" }).click();
  await page.getByRole("button", { name: "Redo", exact: true }).click();
  await expect(tagsPanel(page).getByRole("listitem")).toHaveCount(1);
  for (const expected of [2, 2, 2, 2]) {
    await undo.click();
    await expect(tagsPanel(page).getByRole("listitem")).toHaveCount(expected);
  }
  await expect(line(page, "second").getByRole("button", { name: "second 1" })).toBeVisible();

  await menu(page, "second", "Delete tag");
  await expect(tagsPanel(page).getByRole("listitem")).toHaveCount(1);
  await expect(page.getByRole("button", { name: "Redo", exact: true })).toBeDisabled();
  await page.keyboard.press("Control+z");
  await expect(tagsPanel(page).getByRole("listitem")).toHaveCount(2);
});

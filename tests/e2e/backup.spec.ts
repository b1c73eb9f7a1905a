import { expect, type Page } from "@playwright/test";
import { contradictions, storedProjects } from "../soak/storedProject.mjs";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { chooseFolder, closeProject, select, selectedCount, untilIdle, untilImages, watch } from "./winnowPage.ts";

/** Counts how often the page asks the browser to keep its storage. */
async function countAsking(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    Object.assign(window, { askedToKeep: 0 });
    StorageManager.prototype.persist = async () => {
      (window as unknown as { askedToKeep: number }).askedToKeep++;
      return false;
    };
  });
  return () => page.evaluate(() => (window as unknown as { askedToKeep: number }).askedToKeep);
}

test("a project is backed up as one file, deleted, and restored as it was; what takes how much space is shown", async ({
  page,
  folder,
}) => {
  test.setTimeout(180_000);
  const seen = watch(page);
  const asked = await countAsking(page);
  await page.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  await writePictures(folder, 30);
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Try the sample" })).toBeVisible();
  expect(await asked()).toBe(0);
  await chooseFolder(page, folder);
  await untilImages(page, 30, 60_000);
  // Once, when there was something to lose.
  expect(await asked()).toBe(1);
  await select(page, 5);
  await page.getByRole("tab", { name: "Tags" }).click();
  await page.getByRole("grid", { name: "Images" }).getByRole("gridcell").nth(7).click();
  await page.getByRole("textbox", { name: "New tag" }).fill("precious");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Tags", exact: true })).toContainText("precious");
  expect(await asked()).toBe(1);
  await page.getByRole("combobox", { name: "Projection" }).selectOption("UMAP");
  await untilIdle(page, 60_000);
  const [before] = await storedProjects(page);

  const menu = page.getByRole("button", { name: /^Project / });
  await menu.click();
  await page.getByRole("menuitem", { name: "Storage and backup…" }).click();
  const dialog = page.getByRole("dialog", { name: "Storage and backup" });
  const line = dialog.getByRole("row").filter({ hasText: "30 images" });
  await expect(line.getByRole("cell")).toHaveText([/kB|MB/, /75|76|77/, /kB|MB/]);
  await expect(dialog).toContainText("All together, of");
  await expect(dialog).toContainText("may delete all of it");
  await dialog.getByRole("button", { name: "Ask it to keep it" }).click();
  await expect.poll(asked).toBe(2);
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Back up this project…" }).click();
  const saved = await (await download).path();
  expect((await download).suggestedFilename()).toMatch(/\.winnow\.zip$/);
  await expect(dialog).toHaveCount(0);

  await closeProject(page);
  await page.getByRole("button", { name: /^Delete / }).click();
  await page.getByRole("button", { name: "Delete project" }).click();
  await expect(page.getByRole("region", { name: "Projects in this browser" })).toHaveCount(0);
  expect(await storedProjects(page)).toEqual([]);

  // Something else is refused, in words.
  await page.getByRole("button", { name: "Storage and backup" }).click();
  const chooser = page.waitForEvent("filechooser");
  await dialog.getByRole("button", { name: "Restore a backup…" }).click();
  await (await chooser).setFiles({
    name: "notes.zip",
    mimeType: "application/zip",
    buffer: Buffer.from("PK\x05\x06".padEnd(22, "\0")),
  });
  await expect(page.getByRole("alert")).toContainText("is not a backup of a Winnow project");
  await page.getByRole("alert").getByRole("button", { name: "Close message" }).click();

  await page.getByLabel("Choose backup").setInputFiles({
    name: "precious.winnow.zip",
    mimeType: "application/zip",
    buffer: await (await import("node:fs/promises")).readFile(saved),
  });
  await untilImages(page, 30, 60_000);
  const [after] = await storedProjects(page);
  expect(after && contradictions(after)).toEqual([]);
  expect(after?.images).toEqual(before?.images);
  expect(after?.features).toBe(before?.features);
  expect(after?.thumbnails).toBe(30);
  expect(after?.tags).toEqual(before?.tags);
  expect(after?.head).toBe(before?.head);
  expect(after?.maps["map.UMAP"]).toBe(before?.maps["map.UMAP"]);
  await expect(selectedCount(page)).toHaveText(/^5/);
  // The originals are found again by a click.
  await page.getByLabel("Find the folder again").setInputFiles(folder);
  await expect(page.getByRole("status").filter({ hasText: "30 files found" }).first()).toBeVisible({ timeout: 30_000 });
  expect(seen.errors).toEqual([]);
});

import { expect, type Page } from "@playwright/test";
import { contradictions, storedProjects } from "../soak/storedProject.mjs";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { chooseFolder, imageCount, untilIdle, untilImages, watch } from "./winnowPage.ts";

const images = 120;

const banner = (page: Page) => page.getByRole("region", { name: "Open in another tab" });
const tagged = (page: Page, tag: string) =>
  page.getByRole("region", { name: "Tags", exact: true }).getByRole("listitem").filter({ hasText: tag });

/** Tags the image at a place of the gallery by the field under Tags. */
async function tag(page: Page, place: number, name: string): Promise<void> {
  await page.getByRole("grid", { name: "Images" }).getByRole("gridcell").nth(place).click();
  await page.getByRole("tab", { name: "Tags" }).click();
  await page.getByRole("region", { name: "Tags", exact: true }).getByRole("textbox", { name: "New tag" }).fill(name);
  await page.keyboard.press("Enter");
}

test("two tabs on one project: one writes, the other follows, and closing the first hands over what it had begun", async ({
  page,
  context,
  folder,
}) => {
  test.setTimeout(240_000);
  await writePictures(folder, images);
  const seen = watch(page);
  await page.goto("/");
  await chooseFolder(page, folder);
  await expect(imageCount(page)).toHaveText(/^[1-9]/, { timeout: 60_000 });

  const second = await context.newPage();
  const seenThere = watch(second);
  await second.goto(page.url());
  await expect(banner(second)).toBeVisible();
  await expect(banner(page)).toHaveCount(0);
  // Images, tags and the map arrive there by themselves; nothing is embedded twice.
  await expect(imageCount(second)).toHaveText(new RegExp(`^${images} `), { timeout: 90_000 });
  await untilImages(page, images, 90_000);
  await expect(second.getByRole("region", { name: "Jobs" }).getByRole("progressbar")).toHaveCount(0);
  expect(second.workers().filter((worker) => worker.url().includes("/embed.worker"))).toHaveLength(0);
  await expect(second.getByRole("region", { name: "Map" })).not.toContainText("The map", { timeout: 30_000 });
  await tag(page, 0, "one");
  await second.getByRole("tab", { name: "Tags" }).click();
  await expect(tagged(second, "one")).toBeVisible();

  // What would change the project is refused there, in words.
  await tag(second, 1, "two");
  await expect(second.getByRole("status").filter({ hasText: "Another tab changes this project" })).toBeVisible();
  await expect(tagged(second, "two")).toHaveCount(0);
  // The same folder a second time is not a second ingest.
  await chooseFolder(second, folder);
  await expect(second.getByRole("alert").filter({ hasText: "add the images there" })).toBeVisible();
  const [whole] = await storedProjects(page);
  expect(whole && contradictions(whole)).toEqual([]);
  expect(whole?.tags).toEqual({ one: [0] });

  // Taken over by a click: the first tab follows from then on.
  await banner(second).getByRole("button", { name: "Change it here" }).click();
  await expect(banner(second)).toHaveCount(0);
  await expect(banner(page)).toBeVisible();
  await tag(second, 1, "two");
  await expect(tagged(second, "two")).toBeVisible();
  await page.getByRole("tab", { name: "Tags" }).click();
  await expect(tagged(page, "two")).toBeVisible();

  // And by closing.
  await second.close();
  await expect(banner(page)).toHaveCount(0);
  await tag(page, 2, "three");
  await expect(tagged(page, "three")).toBeVisible();
  await page.reload();
  await untilIdle(page, 60_000);
  await page.getByRole("tab", { name: "Tags" }).click();
  for (const name of ["one", "two", "three"]) await expect(tagged(page, name)).toBeVisible();
  expect(seen.errors).toEqual([]);
  expect(seenThere.errors).toEqual([]);
});

test("a tab that is closed in the middle of an ingest leaves the rest to the one that follows", async ({
  page,
  context,
  folder,
}) => {
  test.setTimeout(240_000);
  await writePictures(folder, images);
  await page.goto("/");
  await chooseFolder(page, folder);
  await expect(imageCount(page)).toHaveText(/^[1-9]/, { timeout: 60_000 });
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(banner(second)).toBeVisible();
  await page.close();
  await expect(banner(second)).toHaveCount(0);
  // A folder from a file input must be chosen again, in whichever tab.
  await expect(second.getByRole("region", { name: "Interrupted" })).toContainText("choose the same one", {
    timeout: 30_000,
  });
  await chooseFolder(second, folder);
  await untilImages(second, images, 90_000);
  const [whole] = await storedProjects(second);
  expect(whole && contradictions(whole)).toEqual([]);
  expect(whole).toMatchObject({ imageCount: images, unfinished: false });
});

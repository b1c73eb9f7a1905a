import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, type Page } from "@playwright/test";
import { hasShared, sharedFolder } from "../fixtures/shared.ts";
import { test } from "./folderTest.ts";
import { chooseFolder, imageCount, selectedCount, untilIdle, untilImages, watch } from "./winnowPage.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);
const panelOf = (page: Page) => page.getByRole("region", { name: "Select", exact: true });

async function addStrategy(page: Page, kind: string): Promise<void> {
  await panelOf(page).getByRole("button", { name: "Add strategy" }).click();
  await page.getByRole("menuitem", { name: kind, exact: true }).click();
}

async function doWith(page: Page, selection: RegExp, item: string): Promise<void> {
  const line = panelOf(page).getByRole("listitem").filter({ hasText: selection });
  await line.getByRole("button", { name: "What to do with this" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test.describe("selecting", () => {
  test.skip(!hasShared, "needs ../shared/data");
  // What is not there within this long will not come; the tests themselves may take minutes.
  test.beforeEach(({ page }) => page.setDefaultTimeout(20_000));

  test("cards are put together, run, understood, compared and run again", async ({ page }) => {
    test.setTimeout(300_000);
    const seen = watch(page);
    await page.goto("/");
    await chooseFolder(page, join(sharedFolder, "data/clothing"));
    await untilImages(page, 713, 240_000);
    const panel = panelOf(page);
    await panel.getByRole("spinbutton", { name: "How many" }).fill("30");
    await panel.getByRole("button", { name: "Select", exact: true }).click();
    await expect(selectedCount(page)).toHaveText(/^30 /, { timeout: 30_000 });

    // Three cards: typical, balanced by folder, none of the smallest files.
    await addStrategy(page, "Typicality");
    await addStrategy(page, "Balance");
    await addStrategy(page, "Threshold");
    const threshold = panel.getByRole("listitem", { name: "4 Threshold" });
    await threshold.getByRole("combobox", { name: "Only" }).selectOption({ label: "file size" });
    await expect(panel.getByText(/^Of 713 images: 35\d left out by strategy 4\.$/)).toBeVisible();
    await panel.getByRole("button", { name: "Configuration" }).click();
    const json = panel.getByRole("textbox", { name: "Selection configuration" });
    const config = JSON.parse(await json.inputValue());
    expect(config.strategies.map(({ strategy }: { strategy: { type: string } }) => strategy.type)).toEqual([
      "DIVERSITY",
      "TYPICALITY",
      "BALANCE",
      "THRESHOLD",
    ]);
    config.strategies[1].strategy.strength = 0.5;
    await json.fill(JSON.stringify(config));
    const typicality = panel.getByRole("listitem", { name: "2 Typicality" });
    await expect(typicality.getByRole("spinbutton", { name: /strength/ })).toHaveValue("0.5");
    await panel.getByRole("button", { name: "Configuration" }).click();
    await panel.getByRole("checkbox", { name: /^Count images chosen earlier/ }).check();
    await panel.getByRole("button", { name: "Select", exact: true }).click();
    await expect(panel.getByRole("switch", { name: /^Selection 2 .* after 30 earlier/ })).toBeChecked({
      timeout: 30_000,
    });

    // Why, what would come next, before and after.
    await page.getByRole("gridcell").nth(2).click();
    const why = panel.getByRole("region", { name: "Why this image" });
    await expect(why).toContainText(/Pick 3: the largest product of distance to the nearest chosen/);
    await expect(why.locator("img")).toHaveCount(2);
    await expect(panel.getByRole("img", { name: /The mean distance falls from/ })).toBeVisible();
    await expect(panel.getByRole("region", { name: "Before and after" }).getByRole("row")).toHaveCount(11);
    // However far down the panel goes, the page does not scroll from under its top bar.
    expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
    await panel.getByRole("button", { name: "Add these 20" }).click();
    await expect(selectedCount(page)).toHaveText(/^50 /, { timeout: 30_000 });
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(selectedCount(page)).toHaveText(/^30 /);

    await doWith(page, /^Selection 2/, "Compare");
    const comparison = panel.getByRole("region", { name: "Comparison" });
    await expect(comparison).toContainText("0 images in both, 0 % of the smaller.");
    await comparison.getByRole("button", { name: "Close comparison" }).click();
    await doWith(page, /^Selection 2/, "Run again");
    await expect(page.getByText("The same 30 images again, in the same order.")).toBeVisible({ timeout: 30_000 });
    await doWith(page, /^Selection 1/, "Tag its images");
    await expect(
      page.getByRole("region", { name: "Filters" }).getByRole("checkbox", { name: "Selection 1 (30)" }).first(),
    ).toBeVisible();
    expect(seen.foreign).toEqual([]);
    expect(seen.errors).toEqual([]);
  });

  test("a selection that is cancelled offers what it has picked", async ({ page, folder }) => {
    test.setTimeout(200_000);
    const project = join(folder, "vectors.winnow");
    const vectors = join(sharedFolder, "data/vectors/photos20k.f32");
    await run(process.execPath, [
      join(root, "tools/winnow.mjs"),
      "vectors",
      vectors,
      "--cols",
      "64",
      "--project",
      project,
    ]);
    await page.goto("/");
    await chooseFolder(page, project);
    await expect(imageCount(page)).toHaveText(/^20,000 /, { timeout: 60_000 });
    await untilIdle(page, 120_000);
    const panel = panelOf(page);
    // The opposite of diverse looks at every image at every pick: that takes a while.
    await panel.getByRole("spinbutton", { name: "1 Diversity strength, number" }).fill("-1");
    await panel.getByRole("spinbutton", { name: "How many" }).fill("20000");
    await panel.getByRole("button", { name: "Select", exact: true }).click();
    const live = panel.getByRole("region", { name: "Coverage so far" });
    await expect(live).toContainText(/[1-9]\d* of 20,000 picked/, { timeout: 30_000 });
    await expect(live.getByRole("img", { name: /Covering radius falls from/ })).toBeVisible();
    const jobs = page.getByRole("region", { name: "Jobs" });
    await jobs
      .getByRole("button", { name: /^Cancel/ })
      .first()
      .click();
    const keep = page.getByRole("button", { name: /^Keep the [\d,]+ picked$/ });
    await expect(keep).toBeVisible({ timeout: 30_000 });
    // Nothing is kept unless that is wanted.
    await expect(panel.getByRole("switch")).toHaveCount(0);
    const count = /[\d,]+/.exec(await keep.innerText())![0];
    await keep.click();
    await expect(selectedCount(page)).toHaveText(new RegExp(`^${count} `));
    await expect(panel.getByRole("switch", { name: new RegExp(`first ${count} of 20,000`) })).toBeChecked();
  });
});

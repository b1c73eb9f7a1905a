import { expect, test } from "@playwright/test";
import { test as folderTest } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { chooseFolder, untilImages } from "./winnowPage.ts";

test("a workspace whose file is gone from the host says so; a reload brings it", async ({ page }) => {
  await page.route(/\/assets\/Workspace-[^/]*\.js$/, (route) => route.fulfill({ status: 404, body: "gone" }));
  await page.goto("/");
  await page.getByRole("button", { name: "Try the sample" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "The workspace could not be loaded." });
  await expect(alert).toContainText("a newer version of Winnow");
  await expect(alert.getByRole("button", { name: "Close" })).toBeVisible();
  await page.unroute(/\/assets\/Workspace-[^/]*\.js$/);
  await alert.getByRole("button", { name: "Reload" }).click();
  // The project that was begun is there.
  await expect(page.getByRole("grid", { name: "Images" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("alert")).toHaveCount(0);
});

folderTest(
  "a screen that does not come leaves the workspace as it is, and has a way back",
  async ({ page, folder }) => {
    await writePictures(folder, 6);
    await page.goto("/");
    await chooseFolder(page, folder);
    await untilImages(page, 6, 60_000);
    await page.route(/\/assets\/ModelsScreen-[^/]*\.js$/, (route) => route.abort());
    const open = async (): Promise<void> => {
      await page.getByRole("button", { name: "Review" }).click();
      await page.getByRole("menuitem", { name: /^Models/ }).click();
    };
    await open();
    const alert = page.getByRole("alert").filter({ hasText: "“Models” could not be loaded." });
    await expect(alert.getByRole("button", { name: "Reload" })).toBeVisible();
    await alert.getByRole("button", { name: "Close" }).click();
    await expect(alert).toHaveCount(0);
    await page.getByRole("gridcell").first().click();
    await expect(page.getByRole("region", { name: "Map" })).toBeVisible();
    await page.unroute(/\/assets\/ModelsScreen-[^/]*\.js$/);
    await page.reload();
    await untilImages(page, 6, 60_000);
    await open();
    await expect(page.getByRole("region", { name: "Models", exact: true })).toBeVisible();
  },
);

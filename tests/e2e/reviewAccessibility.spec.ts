import { join } from "node:path";
import { expect } from "@playwright/test";
import { findings } from "./axe.ts";
import { importFile, writeCoco } from "./cocoFiles.ts";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { chooseFolder, untilImages } from "./winnowPage.ts";

for (const scheme of ["light", "dark"] as const) {
  test(`axe finds nothing in the reviews of labels and boxes at work, ${scheme}`, async ({ browser, folder }) => {
    const photos = join(folder, "photos");
    const paths = (await writePictures(photos, 24)).sort();
    await writeCoco(join(folder, "drawn.json"), photos, paths, [
      [0, 1, [20, 20, 60, 60]],
      [1, 1, [20, 20, 60, 60]],
      [2, 2, [20, 20, 60, 60]],
    ]);
    await writeCoco(join(folder, "seen.json"), photos, paths, [
      [0, 1, [38, 20, 60, 60], 0.99],
      [2, 1, [20, 20, 60, 60], 0.97],
      [5, 2, [10, 10, 50, 40], 0.98],
    ]);
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      colorScheme: scheme,
      reducedMotion: "reduce",
    });
    const found: string[] = [];
    await page.goto("/");
    await chooseFolder(page, photos);
    await untilImages(page, 24, 60_000);
    await page.getByRole("tab", { name: "Labels" }).click();
    await page.getByRole("button", { name: "Labels from folder names" }).click();
    await expect(page.getByRole("list", { name: "Sets" })).toBeVisible();
    await importFile(page, join(folder, "drawn.json"));
    await importFile(page, join(folder, "seen.json"));

    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      const look = async (screen: string) => found.push(...(await findings(page, `${width} ${screen}`)));
      const open = async (screen: string) => {
        await page.getByRole("button", { name: "Review" }).click();
        await page.getByRole("menuitem", { name: new RegExp(`^${screen}`) }).click();
        return page.getByRole("region", { name: screen, exact: true });
      };
      const boxes = await open("Box issues");
      await expect(boxes.getByRole("list", { name: "Suspicious boxes" }).getByRole("button")).toHaveCount(4);
      await look("Box issues");
      await boxes.getByText("Thresholds").click();
      await expect(boxes.getByRole("slider")).toHaveCount(4);
      await look("Box issues with thresholds");
      await page.keyboard.press("Escape");
      const labels = await open("Label issues");
      await expect(labels.getByRole("list", { name: "Suspicious labels" }).getByRole("button").first()).toBeVisible({
        timeout: 30_000,
      });
      await look("Label issues");
      await page.keyboard.press("Escape");
    }
    await page.close();
    expect(found.join("\n\n")).toBe("");
  });
}

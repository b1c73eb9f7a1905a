import { expect } from "@playwright/test";
import { onnxModels } from "../fixtures/onnxModels.ts";
import { findings } from "./axe.ts";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { chooseFolder, select, untilImages } from "./winnowPage.ts";

for (const scheme of ["light", "dark"] as const) {
  test(`axe finds nothing on any screen, ${scheme}`, async ({ browser, folder }) => {
    await writePictures(folder, 24);
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      colorScheme: scheme,
      reducedMotion: "reduce",
    });
    const found: string[] = [];
    const look = async (screen: string) => found.push(...(await findings(page, screen)));
    await page.goto("/");
    await expect(page.getByRole("button", { name: "Try the sample" })).toBeVisible();
    await look("start");
    await chooseFolder(page, folder);
    await untilImages(page, 24, 60_000);
    await expect(page.getByRole("button", { name: "Clusters" })).toBeVisible({ timeout: 30_000 });
    await select(page, 5);
    await look("workspace");

    await page.getByRole("gridcell").first().click();
    await page.keyboard.press("1");
    for (const tab of ["Details", "Tags", "Quality", "Embedding"]) {
      await page.getByRole("tab", { name: tab }).click();
      if (tab === "Tags") {
        await page.getByRole("textbox", { name: "New tag" }).fill("kept");
        await page.keyboard.press("Enter");
        await expect(page.getByRole("button", { name: "Tag kept: what to do" })).toBeVisible();
      }
      if (tab === "Quality") await page.getByRole("button", { name: "Threshold and images of Dark" }).click();
      await look(tab);
    }
    await page.getByRole("combobox", { name: "Group", exact: true }).selectOption("folder");
    await page.getByRole("checkbox", { name: /^left/ }).click();
    await page.keyboard.press("s");
    await expect(page.getByRole("region", { name: "Search in force" })).toBeVisible();
    await look("grouped, filtered and searched");
    await page.keyboard.press("v");
    await expect(page.getByRole("columnheader").first()).toBeVisible();
    await look("list");

    await page.getByRole("combobox", { name: "Search" }).fill("dog");
    await expect(page.getByRole("option").first()).toBeVisible();
    await look("suggestions");
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Search" }).blur();

    await page.getByRole("tab", { name: "Labels" }).click();
    await look("no labels");
    await page.getByRole("button", { name: "Labels from folder names" }).click();
    await expect(page.getByRole("list", { name: "Sets" })).toBeVisible();
    await look("Labels");
    const table = "path,label,x,city\nleft/none.jpg,cat,1,Rome\n";
    const path = (await page.getByRole("row").nth(1).getAttribute("aria-label")) ?? "";
    const more = { name: "more.csv", mimeType: "text/csv", buffer: Buffer.from(`${table}${path},dog,2,Bern\n`) };
    await page.getByLabel("Choose import file").setInputFiles(more);
    await expect(page.getByRole("status", { name: "Matched images" })).toBeVisible();
    await look("import");
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Export" }).click();
    await look("export");
    await page.getByRole("menuitem", { name: "Publish…" }).click();
    await expect(page.getByRole("status", { name: "Size of the site" })).toContainText("in all");
    await look("publish");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await look("keys");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Problems/ }).click();
    await look("problems");
    await page.keyboard.press("Escape");

    await page.getByRole("grid", { name: "Images" }).getByRole("row").nth(1).click();
    await page.keyboard.press("Space");
    await expect(page.getByRole("dialog").locator("img").first()).toBeVisible();
    await look("large view");
    await page.keyboard.press("Escape");

    for (const screen of ["Dataset report", "Duplicates", "Box issues"]) {
      await page.getByRole("button", { name: "Review" }).click();
      await page.getByRole("menuitem", { name: new RegExp(`^${screen}`) }).click();
      await expect(page.getByRole("region", { name: screen, exact: true })).toBeVisible();
      await look(screen);
      await page.keyboard.press("Escape");
    }

    await page.getByRole("button", { name: "Review" }).click();
    await page.getByRole("menuitem", { name: /^Models/ }).click();
    const models = page.getByRole("region", { name: "Models", exact: true });
    await expect(models.getByRole("button", { name: /^EfficientNet/ })).toBeVisible();
    await look("bundled model");
    const buffer = Buffer.from(onnxModels.tokens());
    await page.getByLabel("Choose model file").setInputFiles({ name: "own.onnx", mimeType: "", buffer });
    await models.getByRole("combobox", { name: "Values" }).selectOption("other");
    await models.getByRole("button", { name: "Try it" }).click();
    await expect(models.getByRole("region", { name: "Trial" })).toBeVisible({ timeout: 30_000 });
    await look("own model");
    await page.getByRole("button", { name: "Close" }).click();

    await page.setViewportSize({ width: 390, height: 844 });
    for (const tab of ["Images", "Map", "Filters", "Select", "Details", "Tags", "Labels", "Quality", "Embedding"]) {
      await page.getByRole("tab", { name: tab }).click();
      await look(`phone ${tab}`);
    }
    await page.close();
    expect(found.join("\n\n")).toBe("");
  });
}

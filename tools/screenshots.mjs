import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import sharp from "sharp";
import { buildPage } from "./build.mjs";
import { chromiumArguments, requireChromium } from "./chromium.mjs";
import { root } from "./install.mjs";
import { buildSample } from "./sample.mjs";
import { serve } from "./serve.mjs";
import { sharedFolder } from "./sharedFiles.mjs";

/** `npm run screenshots`: the pictures in docs/, of the built page with real photographs (CC0). */
await buildSample();
await buildPage();
const port = 4187;
const server = await serve(join(root, "dist"), port);
for (const theme of /** @type {const} */ (["dark", "light"])) {
  const profile = mkdtempSync(join(tmpdir(), "winnow-pictures-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: requireChromium(),
    args: chromiumArguments,
    viewport: { width: 1440, height: 900 },
    colorScheme: theme,
    serviceWorkers: "block",
  });
  const page = await browser.newPage();
  const shoot = async (/** @type {string} */ name) => {
    const picture = await page.screenshot();
    await sharp(picture)
      .png({ palette: true, quality: 90, effort: 8 })
      .toFile(join(root, `docs/${name}-${theme}.png`));
    console.log(`docs/${name}-${theme}.png`);
  };
  const count = page.getByRole("status", { name: "Image count" });
  await page.goto(`http://localhost:${port}/`);
  await page.getByRole("button", { name: "Open folder" }).waitFor();
  await shoot("start");
  await page.setInputFiles("input[webkitdirectory]", join(sharedFolder, "data/clothing"));
  await count.filter({ hasText: /^[2-9]\d\d/ }).waitFor({ timeout: 120_000 });
  await shoot("ingest");
  await count.filter({ hasText: /^713/ }).waitFor({ timeout: 120_000 });
  await page
    .getByRole("region", { name: "Jobs" })
    .getByRole("button", { name: /^(Cancel|Pause)/ })
    .first()
    .waitFor({ state: "detached", timeout: 60_000 });
  await page.getByRole("combobox", { name: "Projection" }).selectOption("UMAP");
  await page.getByRole("combobox", { name: "Colour by" }).selectOption("folder");
  await page.waitForTimeout(6_000);
  await shoot("workspace");
  const panel = page.getByRole("region", { name: "Select", exact: true });
  await panel.getByRole("spinbutton", { name: "How many" }).fill("50");
  await panel.getByRole("button", { name: "Select", exact: true }).click();
  await page.getByRole("status", { name: "Selected count" }).filter({ hasText: /^50/ }).waitFor();
  await page.waitForTimeout(1_500);
  await shoot("selection");

  await page.getByRole("combobox", { name: "Colour by" }).selectOption("cluster");
  await page.getByRole("combobox", { name: "Group", exact: true }).selectOption("cluster");
  const map = page.getByRole("region", { name: "Map" });
  await map.getByRole("button", { name: "Lasso", exact: true }).click();
  const box = await map.getByRole("application").boundingBox();
  if (box === null) throw new Error("there is no map");
  const at = (/** @type {number} */ angle) =>
    /** @type {const} */ ([
      box.x + box.width * (0.78 + 0.14 * Math.cos(angle)),
      box.y + box.height * (0.66 + 0.26 * Math.sin(angle)),
    ]);
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let i = 1; i < 24; i++) await page.mouse.move(...at((i / 24) * 2 * Math.PI));
  await page.waitForTimeout(400);
  await shoot("lasso");
  await page.mouse.up();
  await page.waitForTimeout(1_000);
  await shoot("clusters");
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Group", exact: true }).selectOption({ label: "not grouped" });
  await page.getByRole("combobox", { name: "Sort" }).selectOption("path");

  await page.getByRole("tab", { name: "Details" }).click();
  await page.getByRole("combobox", { name: "Search" }).fill("hat");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Search in force" }).waitFor();
  await page.waitForTimeout(1_000);
  await page.getByRole("gridcell").nth(0).click();
  await page.keyboard.press("s");
  await page.waitForTimeout(500);
  await page.getByRole("combobox", { name: "Colour by" }).selectOption("similarity");
  await page.waitForTimeout(1_500);
  await shoot("similarity");
  await page.keyboard.press("v");
  await page.waitForTimeout(800);
  await shoot("list");
  await page.keyboard.press("v");
  await page.getByRole("gridcell").nth(1).click();
  await page.keyboard.press("Space");
  await page.waitForTimeout(2_000);
  await shoot("large");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Colour by" }).selectOption("folder");

  const review = async (/** @type {string} */ name) => {
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByRole("menuitem", { name }).click();
    const screen = page.getByRole("region", { name, exact: true });
    await screen.waitFor();
    return screen;
  };
  const issues = await review("Label issues");
  await issues.getByRole("button", { name: "From folder names" }).click();
  await issues
    .getByRole("status", { name: "Label issue count" })
    .filter({ hasText: /^\d/ })
    .waitFor({ timeout: 60_000 });
  await page.waitForTimeout(2_500);
  await shoot("label-issues");
  const learning = await review("Active learning");
  await learning.getByRole("spinbutton", { name: "Batch size" }).waitFor();
  await page.waitForTimeout(2_500);
  await shoot("active-learning");
  await review("Models");
  await page.waitForTimeout(1_000);
  await shoot("models");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: /^Publish/ }).click();
  await page.getByRole("dialog").waitFor();
  await page.waitForTimeout(1_000);
  await shoot("publish");
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(1_500);
  await shoot("phone");
  await page.setViewportSize({ width: 1440, height: 900 });

  // The sample has images that are blurred, darkened and doubled on purpose.
  await page.getByRole("button", { name: /^Project / }).click();
  await page.getByRole("menuitem", { name: "Close project" }).click();
  await page.getByRole("button", { name: "Try the sample" }).click();
  await count.filter({ hasText: /^646/ }).waitFor({ timeout: 120_000 });
  await page.getByRole("tab", { name: "Quality" }).click();
  await page.waitForTimeout(12_000);
  await shoot("quality");
  await review("Duplicates");
  await page.waitForTimeout(2_500);
  await shoot("duplicates");
  await review("Dataset report");
  await page.waitForTimeout(2_500);
  await shoot("report");
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
server.close();
process.exit(0);

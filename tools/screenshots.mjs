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
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(1_500);
  await shoot("phone");
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
server.close();
process.exit(0);

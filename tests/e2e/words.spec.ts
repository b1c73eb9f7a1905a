import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { expect, type Page } from "@playwright/test";
import sharp from "sharp";
import { onnxModels } from "../fixtures/onnxModels.ts";
import { tinyTokenizer } from "../fixtures/tokenizerJson.ts";
import { findings } from "./axe.ts";
import { test } from "./folderTest.ts";
import { chooseFolder, exported, untilIdle, untilImages, watch } from "./winnowPage.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);
const reds = ["03.jpg", "08.jpg", "11.jpg"];

/** Photographs, as it were: discs on grounds of other colours; those of `reds` are mostly red. */
async function writeDiscs(folder: string): Promise<void> {
  for (let i = 0; i < 12; i++) {
    const name = `${String(i).padStart(2, "0")}.jpg`;
    const hue = reds.includes(name) ? i : 90 + ((i * 37) % 180);
    const picture = sharp(
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="240" height="180">
        <rect width="240" height="180" fill="hsl(${hue},${60 + i}%,${35 + i}%)"/>
        <circle cx="${40 + i * 12}" cy="90" r="${20 + i}" fill="hsl(${hue + 30},80%,50%)"/>
      </svg>`),
    );
    await picture.jpeg({ quality: 92 }).toFile(join(folder, name));
  }
}

const bar = (page: Page) => page.getByRole("region", { name: "Search in force" });
const box = (page: Page) => page.getByRole("combobox", { name: "Search", exact: true });
const shown = async (page: Page): Promise<string[]> =>
  (await exported(page, "File list (.txt)")).toString().trim().split("\n");
/** Names of the first images of the gallery; a cell says its value of the search, too. */
const firstCells = async (page: Page, count: number): Promise<string[]> =>
  await page
    .getByRole("grid", { name: "Images" })
    .getByRole("gridcell")
    .evaluateAll(
      (cells, n) => cells.slice(0, n).map((cell) => /\d+\.jpg/.exec(cell.getAttribute("aria-label") ?? "")?.[0] ?? ""),
      count,
    );

test("images are found by any words with a model's text tower, after a reload too, and as the command line finds them", async ({
  page,
  folder,
}) => {
  test.setTimeout(240_000);
  const seen = watch(page);
  const photos = join(folder, "photos");
  const at = (name: string): string => join(folder, "model", name);
  for (const one of [photos, join(folder, "model")]) mkdirSync(one);
  await writeDiscs(photos);
  writeFileSync(at("image.onnx"), onnxModels.colourTower());
  writeFileSync(at("text.onnx"), onnxModels.textTower());
  writeFileSync(at("tokenizer.json"), JSON.stringify(tinyTokenizer));
  writeFileSync(at("preprocessor_config.json"), '{"image_mean": [0, 0, 0], "image_std": [1, 1, 1]}');
  await page.goto("/");
  await chooseFolder(page, photos);
  await untilImages(page, 12, 120_000);

  // The search box says what is missing, and leads there.
  await box(page).fill("red");
  await page.getByRole("option", { name: /^Needs a model that reads words/ }).click();
  const models = page.getByRole("region", { name: "Models", exact: true });
  await expect(models).toBeVisible();
  const choose = page.getByLabel("Choose model file");
  await choose.setInputFiles([at("image.onnx"), at("text.onnx")]);
  await expect(models.getByRole("alert")).toContainText("“text.onnx” is a text tower: choose its tokenizer.json");
  await choose.setInputFiles([at("image.onnx"), at("preprocessor_config.json")]);
  const part = models.getByRole("region", { name: "Search by words" });
  await expect(part).toContainText("choose its text tower (.onnx) together with its tokenizer.json");
  expect(await findings(page, "a model without a text tower")).toEqual([]);
  await part.getByLabel("Choose text tower and tokenizer").setInputFiles([at("text.onnx"), at("tokenizer.json")]);
  await expect(part).toContainText("text.onnx reads words, with tokenizer.json");
  expect(await findings(page, "a model with a text tower")).toEqual([]);
  await models.getByRole("button", { name: "Embed 12 images with it" }).click();
  await expect(models.getByRole("radio", { name: /image · 32 px/ })).toBeChecked({ timeout: 60_000 });
  await untilIdle(page, 60_000);
  await page.keyboard.press("Escape");

  await box(page).fill("Red");
  await expect(page.getByRole("option", { name: /^match “Red”/ })).toBeVisible();
  expect(await findings(page, "suggestions of words")).toEqual([]);
  await box(page).press("Enter");
  await expect(bar(page)).toContainText("Match “Red” in the model’s eyes");
  await expect.poll(async () => (await firstCells(page, 3)).sort()).toEqual(reds);
  expect(await findings(page, "found by words")).toEqual([]);
  const inPage = await firstCells(page, 12);

  // The address holds it.
  expect(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("words")).toBe("Red");
  await page.reload();
  await expect(bar(page)).toContainText("Match “Red”");
  await expect.poll(() => firstCells(page, 12)).toEqual(inPage);

  // It can be filtered by as any field, and ends as any search.
  await bar(page).getByRole("spinbutton", { name: "How many of the first" }).fill("3");
  await bar(page).getByRole("button", { name: "Mark the first" }).click();
  await expect(page.getByRole("gridcell", { selected: true })).toHaveCount(3);
  await bar(page).getByRole("button", { name: "End the search" }).click();
  await expect(bar(page)).toHaveCount(0);
  expect(await shown(page)).toHaveLength(12);

  // The command line finds the same with the same files.
  const project = join(folder, "words.winnow");
  const winnow = async (...words: string[]) =>
    (await run(process.execPath, [join(root, "tools/winnow.mjs"), ...words])).stdout.trim().split("\n");
  await winnow("embed", photos, "--project", project, "--model", at("image.onnx"));
  const native = await winnow("similar", project, "--words", "Red", "--text", at("text.onnx"), "--k", "12");
  expect(native.map((path) => basename(path))).toEqual(inPage);
  expect(seen.errors).toEqual([]);
  expect(seen.foreign).toEqual([]);
});

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { expect, type Page } from "@playwright/test";
import { readNpy } from "../../src/core/format/npy.ts";
import { onnxModels } from "../fixtures/onnxModels.ts";
import { hasShared, sharedFolder } from "../fixtures/shared.ts";
import { test } from "./folderTest.ts";
import { chooseFolder, exported, exportedSet, untilIdle, untilImages, watch } from "./winnowPage.ts";

const root = join(import.meta.dirname, "../..");
const photographs = join(sharedFolder, "data/clothing/test");
const run = promisify(execFile);

/** Runs the command line. */
const winnow = async (...words: string[]) => {
  await run(process.execPath, [join(root, "tools/winnow.mjs"), ...words]);
};

const models = (page: Page) => page.getByRole("region", { name: "Models", exact: true });
async function openModels(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByRole("menuitem", { name: /^Models/ }).click();
  await expect(models(page)).toBeVisible();
}

/** Copies the first photographs of two kinds, from…to of each. */
function take(folder: string, from: number, to: number): void {
  for (const kind of ["dress", "hat"]) {
    mkdirSync(join(folder, kind), { recursive: true });
    const names = readdirSync(join(photographs, kind)).sort().slice(from, to);
    for (const name of names) cpSync(join(photographs, kind, name), join(folder, kind, name));
  }
}

/** Raw features of the embedding in view, by path. */
async function rawFeatures(page: Page): Promise<Map<string, Float32Array>> {
  const panel = page.getByRole("region", { name: "Embedding", exact: true });
  await page.getByRole("tab", { name: "Embedding" }).click();
  await panel.getByRole("combobox", { name: "Method" }).selectOption("raw");
  await panel.getByRole("button", { name: "Fit" }).click();
  await untilIdle(page, 60_000);
  const paths = (await exported(page, "File list (.txt)")).toString().trim().split("\n");
  return byPath(paths, await exported(page, "Embeddings (.npy)"));
}

function byPath(paths: string[], npy: Buffer): Map<string, Float32Array> {
  const { data, shape } = readNpy(new Uint8Array(npy), "embeddings.npy");
  const cols = shape[1]!;
  return new Map(paths.map((path, row) => [path, (data as Float32Array).slice(row * cols, (row + 1) * cols)]));
}

test("a project has two models, new images get both, and the command line gives the same", async ({ page, folder }) => {
  test.skip(!hasShared, "needs ../shared/data/clothing");
  test.setTimeout(300_000);
  const seen = watch(page);
  const photos = join(folder, "photos");
  const model = join(folder, "tokens.onnx");
  take(photos, 0, 6);
  writeFileSync(model, onnxModels.tokens());
  writeFileSync(join(folder, "broken.onnx"), onnxModels.truncated());
  await page.goto("/");
  await chooseFolder(page, photos);
  await untilImages(page, 12, 120_000);

  await openModels(page);
  await page.getByLabel("Choose model file").setInputFiles(join(folder, "broken.onnx"));
  await expect(models(page).getByRole("alert")).toContainText("cut off or damaged");
  await page.getByLabel("Choose model file").setInputFiles(model);
  await expect(models(page).getByText("last_hidden_state").first()).toBeVisible();
  await models(page).getByRole("combobox", { name: "Values" }).selectOption("−1 to 1");
  await models(page).getByRole("combobox", { name: "Pooling" }).selectOption("mean of the tokens");
  await models(page).getByRole("button", { name: "Try it" }).click();
  await expect(models(page).getByRole("region", { name: "Trial" })).toContainText("8 numbers");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    models(page).getByRole("button", { name: "Preprocessing (.json)" }).click(),
  ]);
  const preprocessing = join(folder, "preprocessing.json");
  await download.saveAs(preprocessing);
  await models(page).getByRole("button", { name: "Embed 12 images with it" }).click();
  await expect(models(page).getByRole("radio", { name: /tokens/ })).toBeChecked({ timeout: 60_000 });
  await untilIdle(page, 60_000);

  // New images come to both.
  take(photos, 6, 8);
  await page.keyboard.press("Escape");
  await chooseFolder(page, photos);
  await untilImages(page, 16, 120_000);
  const second = await rawFeatures(page);
  await page.getByRole("combobox", { name: "Model" }).selectOption("EfficientNet-Lite0");
  await untilIdle(page, 60_000);
  const first = await rawFeatures(page);
  expect([first.size, second.size]).toEqual([16, 16]);

  for (const [name, inPage, options] of [
    ["own", second, ["--model", model, "--preprocessing", preprocessing]],
    ["bundled", first, []],
  ] as const) {
    const project = join(folder, `${name}.winnow`);
    await winnow("embed", photos, "--project", project, ...options);
    await winnow("adapt", project, "--method", "raw");
    await winnow("export", project, "--format", "txt", "--out", join(folder, name));
    const list = readdirSync(join(folder, name)).find((file) => file.endsWith(".txt"))!;
    const paths = readFileSync(join(folder, name, list), "utf8")
      .trim()
      .split("\n");
    const native = byPath(paths, readFileSync(join(project, "embeddings.npy")));
    for (const [path, row] of inPage) {
      const other = [...native].find(([key]) => basename(key) === basename(path))?.[1];
      expect(other?.length, path).toBe(row.length);
      // Rows have length 1.
      expect(
        row.reduce((sum, value, i) => sum + value * other![i]!, 0),
        `${name} ${path}`,
      ).toBeGreaterThan(0.999);
    }
  }
  expect(seen.errors).toEqual([]);
  expect(seen.foreign).toEqual([]);
});

test("a detector of one's own says where things are: tried, run over the project, filtered by, equal on the command line", async ({
  page,
  folder,
}) => {
  test.skip(!hasShared, "needs ../shared/data/clothing");
  test.setTimeout(300_000);
  const seen = watch(page);
  const photos = join(folder, "photos");
  const model = join(folder, "cells.onnx");
  take(photos, 0, 6);
  writeFileSync(model, onnxModels.yoloDetector());
  await page.goto("/");
  await chooseFolder(page, photos);
  await untilImages(page, 12, 120_000);

  await openModels(page);
  await page.getByLabel("Choose model file").setInputFiles(model);
  await expect(models(page).getByRole("combobox", { name: "Kind" })).toHaveValue("detector");
  await expect(models(page).getByText("3 classes: red, green, blue")).toBeVisible();
  // It cannot be a classifier, and says why.
  await models(page).getByRole("combobox", { name: "Kind" }).selectOption("classifier");
  await expect(models(page).getByRole("alert")).toContainText("is no classifier");
  await models(page).getByRole("spinbutton", { name: "Least score" }).fill("0.02");
  await models(page).getByRole("button", { name: "Try it" }).click();
  await expect(models(page).getByRole("region", { name: "Trial" })).toContainText(/box(es)? .*float32 \[1, 7, 16\]/);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    models(page).getByRole("button", { name: "Preprocessing (.json)" }).click(),
  ]);
  const preprocessing = join(folder, "preprocessing.json");
  await download.saveAs(preprocessing);
  await models(page).getByRole("button", { name: "Predict 12 images with it" }).click();
  await expect(models(page).getByText("The project has these predictions: cells.")).toBeVisible({ timeout: 60_000 });

  // The same on the command line.
  const project = join(folder, "said.winnow");
  await winnow("embed", photos, "--project", project);
  await winnow("predict", project, photos, "--model", model, "--preprocessing", preprocessing);
  await winnow("export", project, "--format", "table", "--set", "cells", "--out", join(folder, "table"));
  const native = boxesOf(readFileSync(join(folder, "table", "predictions.csv"), "utf8"));
  expect(native.length).toBeGreaterThan(12);
  await page.keyboard.press("Escape");
  await page.getByRole("tab", { name: "Labels" }).click();
  await expect(page.getByRole("region", { name: "Labels", exact: true })).toContainText("cells");
  const inPage = boxesOf(await exportedSet(page, "cells", "CSV"));
  // A cell whose colour is at the least score may be said by one of the two decoders only.
  const common = inPage.filter((box) => native.includes(box)).length;
  expect(common / Math.max(inPage.length, native.length)).toBeGreaterThan(0.95);
  expect(seen.errors).toEqual([]);
  expect(seen.foreign).toEqual([]);
});

/** “photo.jpg red 10 20 30 40” of each box in a table of predictions. */
function boxesOf(csv: string): string[] {
  const [header = "", ...lines] = csv.trim().split(/\r?\n/);
  const columns = header.split(",");
  return lines.map((line) => {
    const cells = new Map(line.split(",").map((cell, i) => [columns[i], cell]));
    const numbers = ["x", "y", "width", "height"].map((name) => Math.round(Number(cells.get(name))));
    return [basename(cells.get("path") ?? ""), cells.get("label"), ...numbers].join(" ");
  });
}

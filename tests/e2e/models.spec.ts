import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { expect, type Page } from "@playwright/test";
import { readNpy } from "../../src/core/format/npy.ts";
import { onnxModels } from "../fixtures/onnxModels.ts";
import { hasShared, sharedFolder } from "../fixtures/shared.ts";
import { test } from "./folderTest.ts";
import { pickPrivateFolder, savedFiles, saveProject, writeFiles } from "./savedFolder.ts";
import { chooseFolder, closeProject, exported, exportedSet, untilIdle, untilImages, watch } from "./winnowPage.ts";

const root = join(import.meta.dirname, "../..");
const photographs = join(sharedFolder, "data/clothing/test");
const run = promisify(execFile);

/** Runs the command line and returns the object of its last line. */
async function winnow(...words: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, [join(root, "tools/winnow.mjs"), ...words, "--json"]);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

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
  return await inView(page);
}

/** What the page exports of the embedding in view, by path. */
async function inView(page: Page): Promise<Map<string, Float32Array>> {
  const paths = (await exported(page, "File list (.txt)")).toString().trim().split("\n");
  return byPath(paths, await exported(page, "Embeddings (.npy)"));
}

function byPath(paths: string[], npy: Buffer): Map<string, Float32Array> {
  const { data, shape } = readNpy(new Uint8Array(npy), "embeddings.npy");
  const cols = shape[1]!;
  return new Map(paths.map((path, row) => [path, (data as Float32Array).slice(row * cols, (row + 1) * cols)]));
}

/** The same of a project folder, by the command line. */
async function exportedBy(project: string, folder: string, space?: string): Promise<Map<string, Float32Array>> {
  const out = join(folder, `out-${basename(project)}-${space ?? "own"}`);
  await winnow("export", project, "--format", "npy", "--out", out, ...(space === undefined ? [] : ["--space", space]));
  const paths = readFileSync(join(out, "names.txt"), "utf8").trim().split("\n");
  return byPath(paths, readFileSync(join(out, "embeddings.npy")));
}

/** Rows of the same images agree to a cosine of 0.999. */
function compare(found: Map<string, Float32Array>, expected: Map<string, Float32Array>): void {
  const named = new Map([...found].map(([path, row]) => [basename(path), row]));
  expect(named.size).toBe(expected.size);
  for (const [path, row] of expected) {
    const other = named.get(basename(path));
    expect(other?.length, path).toBe(row.length);
    // Rows have length 1.
    expect(
      row.reduce((sum, value, i) => sum + value * other![i]!, 0),
      path,
    ).toBeGreaterThan(0.999);
  }
}

test("a project has two models, new images get both, and the command line gives the same", async ({ page, folder }) => {
  test.skip(!hasShared, "needs ../shared/data/clothing");
  test.setTimeout(300_000);
  const seen = watch(page);
  const photos = join(folder, "photos");
  const model = join(folder, "tokens.onnx");
  await pickPrivateFolder(page);
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

  // What the page saves, the command line knows: both embeddings, as they were exported from the page.
  await page.getByRole("combobox", { name: "Model" }).selectOption("tokens · 64 px");
  await untilIdle(page, 60_000);
  await saveProject(page, "photos");
  writeFiles(await savedFiles(page), folder);
  const saved = join(folder, "photos.winnow");
  const own = { id: "", images: 16, features: 1280, adapted: true };
  const further = { name: "tokens · 64 px", images: 16, features: 8, adapted: true };
  const listed = await winnow("spaces", saved);
  expect(listed).toMatchObject({ images: 16, spaces: [own, further] });
  const [, { id }] = listed.spaces as [object, { id: string }];
  compare(await exportedBy(saved, folder, "tokens · 64 px"), second);
  compare(await exportedBy(saved, folder), first);

  // It makes the same itself: two embeddings of one project, and new images come to both.
  const project = join(folder, "native.winnow");
  const fewer = join(folder, "fewer");
  take(fewer, 0, 6);
  const withModel = ["--project", project, "--model", model, "--preprocessing", preprocessing, "--space", "mine"];
  await winnow("embed", fewer, "--project", project);
  expect(await winnow("embed", fewer, ...withModel)).toMatchObject({ space: id, added: 12, known: 0 });
  const grown = await winnow("embed", photos, "--project", project);
  expect(grown).toMatchObject({ added: 4, known: 12, lacking: [{ id, name: "mine", missing: 4 }] });
  expect(await winnow("embed", photos, ...withModel)).toMatchObject({ space: id, added: 4, known: 12 });
  for (const options of [[], ["--space", "mine"]]) await winnow("adapt", project, "--method", "raw", ...options);
  compare(await exportedBy(project, folder, "mine"), second);
  compare(await exportedBy(project, folder), first);

  // And the page opens that with both, and switches between them.
  await closeProject(page);
  await chooseFolder(page, project);
  await untilImages(page, 16, 60_000);
  await page.getByRole("tab", { name: "Embedding" }).click();
  await page.getByRole("combobox", { name: "Model" }).selectOption("mine");
  await untilIdle(page, 60_000);
  compare(await inView(page), second);
  expect(seen.errors).toEqual([]);
  expect(seen.foreign).toEqual([]);
});

test("augmented views of the originals take part in the embedding, and the command line fits the same one", async ({
  page,
  folder,
}) => {
  test.skip(!hasShared, "needs ../shared/data/clothing");
  test.setTimeout(300_000);
  const seen = watch(page);
  const photos = join(folder, "photos");
  take(photos, 0, 20);
  await page.goto("/");
  await chooseFolder(page, photos);
  const count = readdirSync(join(photos, "dress")).length + readdirSync(join(photos, "hat")).length;
  await untilImages(page, count, 120_000);
  const panel = page.getByRole("region", { name: "Embedding", exact: true });
  await page.getByRole("tab", { name: "Embedding" }).click();
  await panel.getByRole("combobox", { name: "Numbers" }).selectOption("32");
  await panel.getByRole("combobox", { name: "Augmented views" }).selectOption(`of ${count} images`);
  await panel.getByRole("button", { name: "Fit" }).click();
  await expect(page.getByRole("progressbar", { name: "Augmented views" })).toBeVisible();
  await untilIdle(page, 120_000);
  await expect(panel.getByRole("combobox", { name: "Augmented views" })).toHaveValue(String(count));
  const inPage = await inView(page);

  const project = join(folder, "photos.winnow");
  await winnow("embed", photos, "--project", project);
  const options = ["--dim", "32", "--augmented", String(count), "--images", photos];
  expect(await winnow("adapt", project, ...options)).toMatchObject({ rows: count, augmented: count });
  const cosines = similarities(await exportedBy(project, folder));
  const without = await winnow("adapt", project, "--dim", "32");
  const plain = similarities(await exportedBy(project, folder));
  const between = (others: Map<string, number>) => {
    const differences = [...similarities(inPage)].map(([pair, cosine]) => Math.abs(cosine - others.get(pair)!));
    return differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
  };
  expect(without).toMatchObject({ augmented: 0 });
  // Directions are found up to their sign: what counts is how alike images are.
  expect(between(cosines)).toBeLessThan(0.01);
  expect(between(plain)).toBeGreaterThan(3 * between(cosines));
  expect(seen).toEqual({ foreign: [], errors: [] });
});

/** Cosine of every pair of images, by their file names. */
function similarities(rows: Map<string, Float32Array>): Map<string, number> {
  const named = [...rows].map(([path, row]) => [basename(path), row] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    named.flatMap(([a, x], i) =>
      named.slice(i + 1).map(([b, y]) => [`${a} ${b}`, x.reduce((sum, value, c) => sum + value * y[c]!, 0)] as const),
    ),
  );
}

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

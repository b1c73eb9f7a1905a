import { rm } from "node:fs/promises";
import { expect, type Page } from "@playwright/test";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { dropFromDisk, untilIdle, untilImages, watch } from "./winnowPage.ts";

const map = (page: Page) => page.getByRole("region", { name: "Map" });

test("every map says how far it can be believed; one that is cancelled gives way to another", async ({
  page,
  folder,
}) => {
  await writePictures(folder, 60);
  const seen = watch(page);
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 60, 60_000);
  const projection = map(page).getByRole("combobox", { name: "Projection" });
  for (const name of ["t-SNE", "UMAP", "PCA"]) {
    await projection.selectOption(name);
    await untilIdle(page, 60_000);
    await expect(map(page).locator(".map-quality")).toHaveText(/Trustworthiness (0\.[5-9]\d\d|1\.000)/);
  }
  await projection.selectOption("t-SNE");
  await map(page).getByRole("button", { name: "Compute t-SNE again" }).click();
  await projection.selectOption("UMAP");
  await untilIdle(page, 30_000);
  await expect(projection).toHaveValue("UMAP");
  await expect(map(page).locator(".map-quality")).toBeVisible();
  expect(seen.errors).toEqual([]);
});

test("another embedding needs no images: method, numbers and passes, with a report, kept over a reload", async ({
  page,
  folder,
}) => {
  await writePictures(folder, 60);
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 60, 60_000);
  await page.getByRole("tab", { name: "Embedding" }).click();
  const panel = page.getByRole("region", { name: "Embedding" });
  await expect(panel).toContainText("60 in 59 numbers, fitted on 60");
  await rm(folder, { recursive: true });
  await panel.getByRole("combobox", { name: "Numbers" }).selectOption("32");
  await panel.getByRole("combobox", { name: "Passes" }).selectOption("2");
  await panel.getByRole("button", { name: "Fit" }).click();
  await expect(panel).toContainText("60 in 32 numbers");
  await expect(panel).toContainText(/Effective rank\s*\d+\.\d of 32/);
  await panel.getByRole("combobox", { name: "Method" }).selectOption("raw");
  await panel.getByRole("button", { name: "Fit" }).click();
  await expect(panel).toContainText("60 in 1,280 numbers");
  await page.reload();
  await page.getByRole("tab", { name: "Embedding" }).click();
  await expect(panel).toContainText("60 in 1,280 numbers");
  await expect(panel.getByRole("combobox", { name: "Method" })).toHaveValue("raw");
});

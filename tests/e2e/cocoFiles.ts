import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import sharp from "sharp";

export type Box = [image: number, category: number, bbox: number[], score?: number];

/** A COCO file over the pictures: with scores it holds predictions. */
export async function writeCoco(
  path: string,
  folder: string,
  paths: readonly string[],
  boxes: readonly Box[],
  names: readonly string[] = ["disc", "square"],
): Promise<void> {
  const images = await Promise.all(
    paths.map(async (file_name, id) => {
      const { width, height } = await sharp(join(folder, file_name)).metadata();
      return { id, file_name, width, height };
    }),
  );
  const annotations = boxes.map(([image_id, category_id, bbox, score], id) => ({
    id,
    image_id,
    category_id,
    bbox,
    ...(score !== undefined && { score }),
  }));
  const categories = names.map((name, i) => ({ id: i + 1, name }));
  writeFileSync(path, JSON.stringify({ images, categories, annotations }));
}

/** Imports a file as it is found to be. */
export async function importFile(page: Page, path: string): Promise<void> {
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByLabel("Choose import file").setInputFiles(path);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("status", { name: "Matched images" })).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

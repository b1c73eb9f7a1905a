import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import Papa from "papaparse";
import { importFile, writeCoco } from "./cocoFiles.ts";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { chooseFolder, exported, exportedSet, untilIdle, untilImages, watch } from "./winnowPage.ts";

test("boxes that sure predictions contradict are reviewed by keyboard, taken back, and exported corrected", async ({
  page,
  folder,
}) => {
  const seen = watch(page);
  const photos = join(folder, "photos");
  const paths = (await writePictures(photos, 6)).sort();
  await writeCoco(join(folder, "drawn.json"), photos, paths, [
    [0, 1, [20, 20, 60, 60]],
    [1, 1, [20, 20, 60, 60]],
    [2, 2, [20, 20, 60, 60]],
    [3, 1, [20, 20, 60, 60]],
    [3, 2, [120, 90, 40, 40]],
    [3, 2, [4, 4, 10, 10]],
    [4, 1, [20, 20, 60, 60]],
  ]);
  await writeCoco(join(folder, "seen.json"), photos, paths, [
    [0, 1, [20, 20, 60, 60], 0.99],
    [1, 1, [38, 20, 60, 60], 0.99],
    [2, 1, [20, 20, 60, 60], 0.97],
    [3, 1, [20, 20, 60, 60], 0.9],
    [4, 1, [20, 20, 60, 60], 0.9],
    [5, 2, [10, 10, 50, 40], 0.98],
  ]);
  await page.goto("/");
  await chooseFolder(page, photos);
  await untilImages(page, 6, 60_000);
  await untilIdle(page, 60_000);
  const review = page.getByRole("region", { name: "Box issues", exact: true });
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByRole("menuitem", { name: /^Box issues/ }).click();
  await expect(review).toContainText("No labels with boxes yet");
  await page.keyboard.press("Escape");
  await importFile(page, join(folder, "drawn.json"));
  await importFile(page, join(folder, "seen.json"));
  // What is drawn is chosen here and now, and again after a reload.
  await page.getByRole("tab", { name: "Labels" }).click();
  const cards = page.getByRole("list", { name: "Sets" });
  const drawn = cards.getByRole("listitem", { name: "drawn", exact: true });
  const leastScore = page.getByRole("slider", { name: "Least score of seen" });
  await drawn.getByRole("button", { name: "Draw square" }).click();
  await leastScore.fill("0.5");

  await page.getByRole("button", { name: "Review" }).click();
  await page.getByRole("menuitem", { name: /^Box issues/ }).click();
  const lines = review.getByRole("list", { name: "Suspicious boxes" }).getByRole("button");
  await expect(lines).toHaveCount(5);
  const progress = review.getByRole("status", { name: "Reviewed count" });
  await expect(progress).toHaveText("0 of 5 reviewed");
  await expect(lines.nth(0)).toContainText("no box → square");
  await expect(review.getByRole("button", { name: /^Add the box/ })).toBeVisible();
  await expect(review.getByRole("img")).toHaveCount(2);
  await page.keyboard.press("a");
  await expect(progress).toHaveText("1 of 5 reviewed");
  // The next is shown: a class.
  await expect(review.getByRole("button", { name: /^Change the class/ })).toBeVisible();
  await page.keyboard.press("a");
  await expect(review.getByRole("button", { name: /^Move the box/ })).toBeVisible();
  await page.keyboard.press("a");
  await expect(review.getByRole("button", { name: /^Delete the box/ })).toBeVisible();
  await page.keyboard.press("a");
  await expect(progress).toHaveText("4 of 5 reviewed");
  await page.keyboard.press("u");
  await expect(progress).toHaveText("3 of 5 reviewed");
  // What is kept is the box, not all boxes of its image.
  await lines.nth(3).click();
  await page.keyboard.press("k");
  await expect(progress).toHaveText("4 of 5 reviewed");
  await expect(lines.nth(3)).toContainText("kept");
  await expect(lines.nth(4)).toContainText("0.500");
  await review.getByRole("combobox", { name: "Issue" }).selectOption("swapped");
  await expect(lines).toHaveCount(1);
  await review.getByRole("combobox", { name: "Issue" }).selectOption("all");
  await review.getByRole("button", { name: "Look again" }).click();
  await expect(lines).toHaveCount(1);
  await expect(progress).toHaveText("0 of 1 reviewed");

  // Predictions of 0.9 no longer count: the labels that only they agree with are spurious.
  await review.getByText("Thresholds").click();
  await review.getByRole("slider", { name: "Left out under" }).fill("0.95");
  await review.getByRole("slider", { name: "Left out under" }).blur();
  await expect(lines).toHaveCount(3);
  await page.reload();
  await page.getByRole("button", { name: "photos" }).first().click();
  await untilImages(page, 6, 60_000);
  await page.getByRole("tab", { name: "Labels" }).click();
  await expect(drawn.getByRole("button", { name: "Draw square" })).toHaveAttribute("aria-pressed", "false");
  await expect(drawn.getByRole("button", { name: "Draw disc" })).toHaveAttribute("aria-pressed", "true");
  await expect(leastScore).toHaveValue("0.5");
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByRole("menuitem", { name: /^Box issues/ }).click();
  await expect(lines).toHaveCount(3);
  await review.getByText("Thresholds").click();
  await review.getByRole("button", { name: "All back to their defaults" }).click();
  await expect(lines).toHaveCount(1);
  await page.keyboard.press("Escape");

  const table = (await exported(page, "CSV")).toString("utf8");
  const columns = table.split("\r\n")[0]?.split(",");
  for (const column of ["box_issues:seen", "score:seen/box_quality", "dark", "sharpness"]) {
    expect(columns).toContain(column);
  }
  expect(table).toContain("spurious");
  const issues = Papa.parse((await exported(page, "Issues (.csv)")).toString("utf8").trim()).data;
  const flag = issues[0]!.indexOf("is_label");
  expect(issues.filter((cells) => cells[flag] === "1").map(([path]) => path)).toEqual([paths[3]]);
  const { images, annotations } = JSON.parse(await exportedSet(page, "drawn", "As it came")) as {
    images: { id: number; file_name: string }[];
    annotations: { image_id: number; category_id: number; bbox: number[] }[];
  };
  const said = annotations.map(({ image_id, category_id, bbox }) => [
    paths.indexOf(images.find(({ id }) => id === image_id)!.file_name),
    category_id,
    bbox,
  ]);
  expect(said.sort()).toEqual(
    [
      [0, 1, [20, 20, 60, 60]],
      [1, 1, [38, 20, 60, 60]],
      [2, 1, [20, 20, 60, 60]],
      [3, 1, [20, 20, 60, 60]],
      [3, 2, [120, 90, 40, 40]],
      [3, 2, [4, 4, 10, 10]],
      [4, 1, [20, 20, 60, 60]],
      [5, 2, [10, 10, 50, 40]],
    ].sort(),
  );
  const log = await exportedSet(page, "drawn", "Log of corrections (CSV)");
  for (const issue of ["missing", "swapped", "badly placed"]) expect(log).toContain(`box issues, seen, ${issue}`);
  expect(seen).toEqual({ foreign: [], errors: [] });
});

test("labels that lie beside the images are offered, and imported when they are wanted", async ({ page, folder }) => {
  const seen = watch(page);
  const paths = await writePictures(join(folder, "set", "images"), 4);
  for (const [i, path] of paths.entries()) {
    const label = join(folder, "set", "labels", path.replace(/\.jpg$/, ".txt"));
    mkdirSync(join(label, ".."), { recursive: true });
    writeFileSync(label, `${i % 2} 0.5 0.5 0.25 0.5\n`);
  }
  writeFileSync(join(folder, "set", "data.yaml"), "names: [disc, square]\n");
  await page.goto("/");
  await chooseFolder(page, join(folder, "set"));
  await untilImages(page, 4, 60_000);
  await expect(page.getByText("“set” holds more than images: YOLO folder, 5 files.")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Import it" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("status", { name: "Matched images" })).toHaveText(/^4\b/, { timeout: 30_000 });
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole("tab", { name: "Labels" }).click();
  await expect(page.getByRole("list", { name: "Sets" })).toContainText("disc");
  expect(seen).toEqual({ foreign: [], errors: [] });
});

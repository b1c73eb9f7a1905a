import { execFileSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@playwright/test";
import Papa from "papaparse";
import { hasShared, sharedFolder } from "../fixtures/shared.ts";
import { test } from "./folderTest.ts";
import { type Planted, photographsIn, plantDefects } from "./plantedDefects.ts";
import { chooseFolder, exported, untilIdle, watch } from "./winnowPage.ts";

/** Every fifth photograph, to be quick; every class has some. */
const every = 5;
/** Altered copies of each kind. */
const each = 5;
/** Near duplicates are found with a probability; what looks at single images, and exact duplicates, always. */
const leastRecall = { near: 0.85, other: 1 };
const leastPrecision = 0.8;

type Line = Record<string, string>;

/** The column of `Issues (.csv)` that a check fills. */
const columnOf = (check: string): string =>
  `is_${check === "Grey" ? "grayscale" : check.toLowerCase().replaceAll(" ", "_")}`;

/** How many of the planted a check found, and how many photographs it took for one that are none. */
function judged(check: string, planted: readonly Planted[], lines: readonly Line[]) {
  const own = planted.filter((one) => one.check === check);
  const flagged = new Set(lines.filter((line) => line[columnOf(check)] === "1").map(({ path }) => path!));
  const found = own.filter(({ path }) => flagged.has(path));
  // The photograph that a copy was made of is rightly its duplicate.
  const originals = new Set(planted.map(({ from }) => from));
  const wrong = [...flagged].filter((path) => path.startsWith("photographs/") && !originals.has(path));
  return {
    recall: found.length / own.length,
    precision: found.length / Math.max(1, found.length + wrong.length),
    missed: own.filter(({ path }) => !flagged.has(path)).map(({ path }) => path),
  };
}

test("hostile files, photographs and planted defects: each is found by its check, reviewed, reported and left out", async ({
  page,
  folder,
}) => {
  test.skip(!hasShared, "needs ../shared/data");
  test.setTimeout(240_000);
  const seen = watch(page);
  const root = join(folder, "mixed");
  const photographs = (await photographsIn(join(sharedFolder, "data/clothing"))).filter((_, i) => i % every === 0);
  await mkdir(join(root, "hostile"), { recursive: true });
  execFileSync("tar", ["xzf", join(sharedFolder, "data/hostile.tar.gz"), "-C", join(root, "hostile")]);
  const planted = await plantDefects(photographs, root, each);

  await page.goto("/");
  await chooseFolder(page, root);
  await expect(page.getByRole("status", { name: "Image count" })).toHaveText(/^[1-9]/, { timeout: 120_000 });
  await untilIdle(page, 180_000);
  await page.getByRole("tab", { name: "Quality" }).click();
  const panel = page.getByRole("region", { name: "Quality", exact: true });
  await expect(panel.getByRole("checkbox", { name: /^Near duplicate \([1-9]/ })).toBeVisible({ timeout: 60_000 });

  const csv = (await exported(page, "Issues (.csv)")).toString("utf8");
  // The folder that was chosen stands before every path.
  const [names = [], ...cells] = Papa.parse(csv.replace(/^\ufeff/, "")).data.filter((row) => row.length > 1);
  const lines = cells.map((row): Line => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ""])));
  for (const line of lines) line.path = line.path!.replace(/^mixed\//, "");
  for (const check of new Set(planted.map((one) => one.check))) {
    const { recall, precision, missed } = judged(check, planted, lines);
    console.log(`${check}: recall ${recall.toFixed(2)}, precision ${precision.toFixed(2)} ${missed.join(" ")}`);
    const isNear = check === "Near duplicate";
    expect(recall, `recall of ${check}: missed ${missed}`).toBeGreaterThanOrEqual(
      isNear ? leastRecall.near : leastRecall.other,
    );
    expect(precision, `precision of ${check}`).toBeGreaterThanOrEqual(leastPrecision);
  }

  // The report is one file in which nothing runs.
  await page.getByRole("button", { name: "Review", exact: true }).click();
  await page.getByRole("menuitem", { name: /Dataset report/ }).click();
  const report = page.getByRole("region", { name: "Dataset report" });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    report.getByRole("button", { name: "Save as HTML" }).click(),
  ]);
  const html = await readFile(await download.path(), "utf8");
  expect(html).toContain("Near duplicate");
  expect(html).not.toMatch(/<script|<img/i);
  await page.keyboard.press("Escape");

  // One click keeps the best of every group; exports leave the others out; one undo brings them back.
  await page.getByRole("button", { name: "Review", exact: true }).click();
  await page.getByRole("menuitem", { name: /^Duplicates/ }).click();
  await page.getByRole("button", { name: "Keep the best of every group" }).click();
  await expect(page.getByText("0 to decide")).toBeVisible();
  await page.keyboard.press("Escape");
  const cleaned = (await exported(page, "File list (.txt)")).toString("utf8").trim().split("\n");
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    const group = line.duplicate_group;
    if (group) groups.set(group, [...(groups.get(group) ?? []), line.path!]);
  }
  const surplus = [...groups.values()].reduce((sum, members) => sum + members.length - 1, 0);
  expect(cleaned.length).toBe(lines.length - surplus);
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("checkbox", { name: /^excluded \(/ })).toHaveCount(0);
  expect(seen.errors).toEqual([]);
});

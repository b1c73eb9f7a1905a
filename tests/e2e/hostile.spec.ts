import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "@playwright/test";
import Papa from "papaparse";
import { unescapeFormula } from "../../src/core/format/csvRows.ts";
import { hostileFiles } from "../fixtures/hostile.ts";
import { hasShared, sharedFolder } from "../fixtures/shared.ts";
import { test } from "./folderTest.ts";
import { dropFromDisk, exported, imageCount, untilIdle, watch } from "./winnowPage.ts";

test("the folder of hostile files: shown, named or left out, and nothing of them is run", async ({ page, folder }) => {
  test.skip(!hasShared, "needs ../shared");
  test.setTimeout(120_000);
  const archive = await readFile(join(sharedFolder, "data/hostile.tar.gz"));
  const files = await hostileFiles(new Uint8Array(archive).buffer);
  for (const { path, bytes } of files) {
    const file = join(folder, "hostile", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  const seen = watch(page);
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs++;
    void dialog.dismiss();
  });
  await page.goto("/");
  await dropFromDisk(page, [join(folder, "hostile")]);
  await expect(imageCount(page)).toHaveText(/^1\d\d\b/, { timeout: 120_000 });
  await untilIdle(page, 120_000);

  const images = table(await exported(page, "CSV"));
  const sizes = new Map(images.map((row) => [row.path!, `${row.width} × ${row.height}`]));
  await page.getByRole("button", { name: /^Problems/ }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save this list (CSV)" }).click(),
  ]);
  const problems = new Map(table(await readFile(await download.path())).map((row) => [row.path!, row.reason!]));
  for (const { path, expect: wanted, huge, width, height } of files) {
    if (wanted === "ok" && !(huge && problems.has(path))) {
      expect(sizes.get(path), path).toBe(`${width} × ${height}`);
    } else {
      expect(sizes.has(path), path).toBe(false);
      expect(problems.has(path), path).toBe(wanted !== "ignored");
    }
  }
  const left = files.filter((file) => file.expect === "ignored").length;
  expect(sizes.size + problems.size + left).toBe(files.length);
  await expect(page.getByRole("dialog")).toContainText(`${left} other files`);

  expect(await page.locator('img[src="x"]').count()).toBe(0);
  expect(dialogs).toBe(0);
  expect(seen).toEqual({ foreign: [], errors: [] });
});

/** Rows by column name; text that was kept from being a formula is as it was. */
function table(csv: Buffer): Record<string, string>[] {
  const [names = [], ...rows] = Papa.parse(csv.toString("utf8").trim()).data;
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [names[i]!, unescapeFormula(cell)])));
}

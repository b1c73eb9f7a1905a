import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { contradictions, storedProjects } from "../soak/storedProject.mjs";
import { test } from "./folderTest.ts";
import { picture, writePictures } from "./pictures.ts";
import { chooseFolder, imageCount, untilIdle, untilImages, watch } from "./winnowPage.ts";

test("a folder that was renamed, with a file moved, one changed and one deleted, is found again: tags stay, what is missing is shown", async ({
  page,
  folder,
}) => {
  test.setTimeout(180_000);
  const seen = watch(page);
  const photographs = join(folder, "photographs");
  await writePictures(photographs, 24);
  await page.goto("/");
  await chooseFolder(page, photographs);
  await untilImages(page, 24, 60_000);
  await page.getByRole("tab", { name: "Tags" }).click();
  for (const place of [0, 1, 2, 3]) {
    await page.getByRole("grid", { name: "Images" }).getByRole("gridcell").nth(place).click();
    await page.getByRole("textbox", { name: "New tag" }).fill(`tag ${place}`);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "Tags", exact: true })).toContainText(`tag ${place}`);
  }
  const [before] = await storedProjects(page);

  const now = join(folder, "pictures of May");
  await rename(photographs, now);
  await rename(join(now, "left/0001.jpg"), join(now, "right/renamed.jpg"));
  await picture(500).jpeg({ quality: 90 }).toFile(join(now, "left/0002.jpg"));
  await rm(join(now, "left/0003.jpg"));
  await picture(501).jpeg({ quality: 90 }).toFile(join(now, "left/new.jpg"));

  // Another folder is not taken for it.
  await writePictures(join(folder, "other"), 2);
  await rename(join(folder, "other/left"), join(folder, "other/elsewhere"));
  await rename(join(folder, "other/elsewhere/0000.jpg"), join(folder, "other/x.jpg"));
  await picture(900).jpeg().toFile(join(folder, "other/x.jpg"));
  await rm(join(folder, "other/right"), { recursive: true });
  await page.getByLabel("Find the folder again").setInputFiles(join(folder, "other"));
  await expect(page.getByRole("alert")).toContainText("None of the project's 24 images is in “other”");

  await page.getByLabel("Find the folder again").setInputFiles(now);
  const told = page.getByRole("status").filter({ hasText: "Tags, labels and selections are as they were" });
  await expect(told).toContainText(
    "22 files found, 1 of them under another path, 1 file changed and embedded anew, 1 file missing, 1 file not in the project",
    { timeout: 60_000 },
  );
  await untilIdle(page, 60_000);
  const [after] = await storedProjects(page);
  expect(after && contradictions(after)).toEqual([]);
  expect(after?.tags).toEqual(before?.tags);
  expect(after?.images[0]).toEqual(before?.images[0]);
  expect(after?.images[1]).toEqual({ ...before?.images[1], path: "right/renamed.jpg" });
  expect(after?.images[2]?.path).toBe("left/0002.jpg");
  expect(after?.images[2]?.sha256).not.toBe(before?.images[2]?.sha256);
  expect(after?.features).not.toBe(before?.features);
  expect(after?.head).not.toBe(before?.head);
  expect(after?.head).not.toBe("");

  // What is missing is a filter, and said of the image.
  await page.getByRole("region", { name: "Filters" }).getByRole("checkbox", { name: "missing (1)" }).click();
  await expect(imageCount(page)).toHaveText(/^1 /);
  await page.getByRole("grid", { name: "Images" }).getByRole("gridcell").first().click();
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByRole("region", { name: "Details" })).toContainText("missing: not in its folder");
  await expect(page.getByRole("region", { name: "Details" })).toContainText("left/0003.jpg");

  // Originals are read from the new place, and the rest of the folder can be brought in.
  await page.getByRole("region", { name: "Filters" }).getByRole("button", { name: "Clear filters" }).click();
  await chooseFolder(page, now);
  await untilImages(page, 25, 60_000);
  expect(seen.errors).toEqual([]);
});

test("a permission that is withdrawn in the middle stops adding with what to do, and a click goes on", async ({
  page,
}) => {
  test.setTimeout(120_000);
  // The browser's own question cannot be answered by a script, so what it does on a withdrawal is done by hand.
  await page.addInitScript(() => {
    const isWithdrawn = (): boolean => "withdrawn" in window;
    const { getFile } = FileSystemFileHandle.prototype;
    FileSystemFileHandle.prototype.getFile = function () {
      if (isWithdrawn()) return Promise.reject(new DOMException("The request is not allowed.", "NotAllowedError"));
      return getFile.call(this);
    };
    Object.assign(FileSystemHandle.prototype, {
      queryPermission: async () => (isWithdrawn() ? "prompt" : "granted"),
      requestPermission: async () => {
        Reflect.deleteProperty(window, "withdrawn");
        return "granted";
      },
    });
    // Nor can the picker: the page's private file system stands in for the picked folder.
    Object.assign(window, {
      showDirectoryPicker: async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle("pictures", { create: true }),
    });
  });
  await page.goto("/");
  const pictures = await Promise.all(
    Array.from({ length: 120 }, async (_, i) => (await picture(i).jpeg().toBuffer()).toString("base64")),
  );
  await page.evaluate(async (all) => {
    const pictures = await (await navigator.storage.getDirectory()).getDirectoryHandle("pictures", { create: true });
    for (const [i, base64] of all.entries()) {
      const file = await pictures.getFileHandle(`${i}.jpg`, { create: true });
      const writable = await file.createWritable();
      await writable.write(Uint8Array.from(atob(base64), (one) => one.charCodeAt(0)));
      await writable.close();
    }
  }, pictures);
  await page.getByRole("button", { name: "Open folder" }).click();
  await expect(imageCount(page)).toHaveText(/^[1-9]/, { timeout: 60_000 });
  await page.evaluate(() => Object.assign(window, { withdrawn: true }));
  const banner = page.getByRole("region", { name: "Interrupted" });
  await expect(banner).toContainText("asks once more before the page may read", { timeout: 60_000 });
  const [stopped] = await storedProjects(page);
  expect(stopped && contradictions(stopped)).toEqual([]);
  expect(stopped).toMatchObject({ unfinished: true });
  await banner.getByRole("button", { name: "Allow and continue" }).click();
  await untilImages(page, 120, 60_000);
  await expect(banner).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Problems/ })).toContainText("0");
});

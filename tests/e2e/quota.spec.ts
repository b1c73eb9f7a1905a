import { expect } from "@playwright/test";
import { contradictions, storedProjects } from "../soak/storedProject.mjs";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { chooseFolder, imageCount, untilIdle, untilImages } from "./winnowPage.ts";

const images = 240;

test("with a tiny quota adding images pauses and says what to do; what is stored is whole, tags too, and with room it goes on", async ({
  page,
  folder,
  baseURL,
}) => {
  test.setTimeout(180_000);
  await writePictures(folder, images);
  const { origin } = new URL(baseURL ?? "");
  // Before the page begins: the browser asks for the quota now and then only, and counts from there.
  await page.goto("/icon-192.png");
  const client = await page.context().newCDPSession(page);
  await client.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 500_000 });
  await page.goto("/");
  await chooseFolder(page, folder);
  const banner = page.getByRole("region", { name: "Interrupted" });
  await expect(banner).toContainText(/storage is full.*is safe.*Delete a project.*free space/s, { timeout: 90_000 });
  const [full] = await storedProjects(page);
  expect(full && contradictions(full)).toEqual([]);
  expect(full?.imageCount).toBeGreaterThan(0);
  expect(full?.imageCount).toBeLessThan(images);
  await expect(imageCount(page)).toHaveText(new RegExp(`^${full?.imageCount} `));

  // Still no room: it says so again, and nothing that was there is gone.
  await untilIdle(page, 60_000);
  await banner.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("region", { name: "Jobs" })).toContainText(/storage is full/, { timeout: 60_000 });
  await expect(banner).toContainText(/storage is full/, { timeout: 60_000 });
  const [still] = await storedProjects(page);
  expect(still && contradictions(still)).toEqual([]);
  expect(still?.images.slice(0, full?.imageCount)).toEqual(full?.images);

  await client.send("Storage.overrideQuotaForOrigin", { origin });
  await banner.getByRole("button", { name: "Try again" }).click();
  await untilImages(page, images, 90_000);
  await expect(banner).toHaveCount(0);
  const [whole] = await storedProjects(page);
  expect(whole && contradictions(whole)).toEqual([]);
  expect(whole).toMatchObject({ imageCount: images, unfinished: false });
  expect(whole?.images.slice(0, full?.imageCount)).toEqual(full?.images);
});

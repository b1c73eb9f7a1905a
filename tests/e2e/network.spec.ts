import { expect } from "@playwright/test";
import { chromiumArguments, findChromium } from "../../tools/chromium.mjs";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import {
  dropFromDisk,
  exported,
  imageCount,
  select,
  selectedCount,
  untilIdle,
  untilImages,
  watch,
} from "./winnowPage.ts";

const executablePath = findChromium();

// The browser itself finds no other host, whoever asks: the page, a worker or a worker of a worker.
test.use({
  launchOptions: {
    args: [...chromiumArguments, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"],
    ...(executablePath && { executablePath }),
  },
});

test("everything works with every other host out of reach, and none is asked", async ({ page, folder }) => {
  const paths = await writePictures(folder, 24);
  const seen = watch(page);
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 24, 60_000);
  await page.getByRole("combobox", { name: "Projection" }).selectOption("UMAP");
  await expect(page.getByRole("progressbar", { name: "UMAP" })).toHaveCount(0, { timeout: 30_000 });
  await select(page, 5);
  await expect(selectedCount(page)).toHaveText(/^5 /);
  const list = (await exported(page, "File list (.txt)")).toString("utf8").trim().split("\n");
  expect(new Set(list).size).toBe(5);
  for (const path of list) expect(paths).toContain(path);
  expect(seen.foreign).toEqual([]);
  expect(seen.errors).toEqual([]);
});

test("a whole session asks no other host: sample, import, selection, models, every screen, exports", async ({
  page,
}) => {
  test.setTimeout(300_000);
  const seen = watch(page);
  const asked = new Set<string>();
  page.on("request", (request) => asked.add(new URL(request.url()).protocol));
  await page.goto("/");
  await page.getByRole("button", { name: "Try the sample" }).click();
  await expect(imageCount(page)).toHaveText(/^\d/, { timeout: 60_000 });
  await untilIdle(page, 180_000);
  const review = page.getByRole("button", { name: "Review" });
  await review.click();
  const titles = await page.getByRole("menuitem").locator(".menu-item-name").allTextContents();
  expect(titles.length).toBeGreaterThanOrEqual(5);
  await page.keyboard.press("Escape");

  await page.getByLabel("Choose import file").setInputFiles({
    name: "labels.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("path,label\nno-such-image.jpg,https://other.invalid/\n"),
  });
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await select(page, 5);
  for (const title of titles) {
    await review.click();
    await page.getByRole("menuitem", { name: new RegExp(`^${title}`) }).click();
    await expect(page.getByRole("heading", { name: title }).first()).toBeVisible({ timeout: 20_000 });
    await untilIdle(page, 60_000);
    await page.keyboard.press("Escape");
  }
  for (const item of ["File list (.txt)", "CSV", "JSON", "Embeddings (.npy)", "Issues (.csv)"]) {
    expect((await exported(page, item)).length, item).toBeGreaterThan(0);
  }
  expect(seen).toEqual({ foreign: [], errors: [] });
  expect([...asked].filter((protocol) => !["http:", "blob:", "data:"].includes(protocol))).toEqual([]);
});

test("the policy refuses other hosts to the page and to each of its workers, and lets threads start", async ({
  page,
  folder,
}) => {
  await writePictures(folder, 4);
  // More than four cores: the sessions get threads, which are workers of workers that the policy must let start.
  await page.addInitScript(() => Object.defineProperty(navigator, "hardwareConcurrency", { value: 8 }));
  const sent: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).hostname === "other.invalid") sent.push(request.url());
  });
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 4, 60_000);
  const violation = (): Promise<string> =>
    new Promise((resolve) => {
      addEventListener("securitypolicyviolation", ({ blockedURI }) => resolve(blockedURI), { once: true });
      fetch("https://other.invalid/").catch(() => setTimeout(resolve, 2_000, "sent"));
    });
  await expect(page.getByText(/4 sessions × 2 threads/)).toBeVisible();
  expect(await page.evaluate(violation)).toBe("https://other.invalid/");
  // The runtime's and the kernels' threads sleep and cannot be asked.
  const kind = (url: string): string => /(decode|embed|analysis|kernel|ort)\./.exec(url)?.[1] ?? url;
  expect(page.workers().filter((worker) => kind(worker.url()) === "ort").length).toBeGreaterThanOrEqual(4);
  const ours = page.workers().filter((worker) => !["ort", "kernel"].includes(kind(worker.url())));
  expect(new Set(ours.map((worker) => kind(worker.url())))).toEqual(new Set(["decode", "embed", "analysis"]));
  for (const worker of ours) expect(await worker.evaluate(violation), worker.url()).toBe("https://other.invalid/");
  expect(sent).toEqual([]);
});

import { expect } from "@playwright/test";
import { chromiumArguments, findChromium } from "../../tools/chromium.mjs";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { dropFromDisk, exported, select, selectedCount, untilImages, watch } from "./winnowPage.ts";

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

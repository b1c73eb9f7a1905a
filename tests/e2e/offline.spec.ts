import { cpSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import type { OfflineBuild } from "../../src/protocol/offline.ts";
import { writeServiceWorker } from "../../tools/serviceWorker.mjs";
import { test as base } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { type PlainHost, plainHost } from "./plainHost.ts";
import {
  chooseFolder,
  dropFromDisk,
  exported,
  imageCount,
  select,
  selectedCount,
  untilImages,
  watch,
} from "./winnowPage.ts";

const dist = join(import.meta.dirname, "../../dist");

/** A copy of the built page on a host without headers, under a path. */
const test = base.extend<{ site: string; host: PlainHost }>({
  site: async ({ folder }, use) => {
    const site = join(folder, "site");
    cpSync(dist, site, { recursive: true });
    await use(site);
  },
  host: async ({ site }, use) => {
    const host = await plainHost(site, "/some/path/");
    await use(host);
    await host.stop();
  },
});

test.use({ serviceWorkers: "allow" });

const offlineStatus = (page: Page) => page.getByRole("status", { name: "Offline use" });
const isIsolated = (page: Page) => page.evaluate(() => crossOriginIsolated);
const versionOffer = (page: Page) => page.getByRole("status").filter({ hasText: "A new version of Winnow is ready" });

/**
 * Opens the page for the first time and waits for the one reload that isolates it. Nothing is evaluated in the page before
 * that: for the page it would be something that a person did.
 */
async function visitOnce(page: Page, host: PlainHost): Promise<void> {
  await page.goto(host.url);
  await page.waitForEvent("load", { timeout: 20_000 });
  expect(await isIsolated(page)).toBe(true);
}

/** Opens the page for the first time and waits until it is kept. */
async function visit(page: Page, host: PlainHost): Promise<void> {
  await visitOnce(page, host);
  await expect(offlineStatus(page)).toHaveText("Ready to work offline", { timeout: 60_000 });
}

/** Paths of everything that is kept, with the digests. */
const keptFiles = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const all: string[] = [];
    // The address of an open project has a fragment.
    const folder = new URL("./", document.baseURI).href;
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) all.push(url.slice(folder.length));
    }
    return all;
  });

/** Makes of the site what a build of other sources would be. */
async function publishNext(site: string): Promise<void> {
  const index = join(site, "index.html");
  await writeFile(index, (await readFile(index, "utf8")).replace("<title>Winnow</title>", "<title>Winnow 2</title>"));
  await writeServiceWorker(site);
}

test("on a host without headers: one reload gives threads, and with the host gone everything still works", async ({
  page,
  host,
  folder,
}) => {
  test.setTimeout(240_000);
  await page.addInitScript(() => Object.defineProperty(navigator, "hardwareConcurrency", { value: 8 }));
  const pictures = join(folder, "pictures");
  const paths = await writePictures(pictures, 24);
  const seen = watch(page);
  let loads = 0;
  page.on("load", () => loads++);
  await visit(page, host);
  expect(loads).toBe(2);

  await host.stop();
  await page.reload();
  expect(await isIsolated(page)).toBe(true);
  await expect(offlineStatus(page)).toHaveText("Ready to work offline");
  await dropFromDisk(page, [pictures]);
  await untilImages(page, 24, 90_000);
  await expect(page.getByText(/4 sessions × 2 threads/)).toBeVisible();
  await expect(offlineStatus(page)).toHaveText("Ready to work offline");
  await page.getByRole("combobox", { name: "Projection" }).selectOption("UMAP");
  await expect(page.getByRole("progressbar", { name: "UMAP" })).toHaveCount(0, { timeout: 30_000 });
  await select(page, 5);
  await expect(selectedCount(page)).toHaveText(/^5 /);
  const list = (await exported(page, "File list (.txt)")).toString("utf8").trim().split("\n");
  expect(new Set(list).size).toBe(5);
  for (const path of list) expect(paths).toContain(path);
  expect(seen).toEqual({ foreign: [], errors: [] });

  // Workers obey only the policy that came with their script, which such a host does not send.
  const ours = page.workers().filter((worker) => /(decode|embed|analysis)\./.test(worker.url()));
  expect(ours.length).toBeGreaterThan(2);
  for (const worker of ours) {
    const refused = worker.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener("securitypolicyviolation", ({ blockedURI }) => resolve(blockedURI), { once: true });
          fetch("https://other.invalid/").catch(() => setTimeout(resolve, 2_000, "sent"));
        }),
    );
    expect(await refused, worker.url()).toBe("https://other.invalid/");
  }
});

test("a first visit says that it is ready, and of no new version", async ({ page }) => {
  // A host with headers: the page stays as it was opened, and so does what it says.
  await page.goto("/");
  await expect(offlineStatus(page)).toHaveText("Ready to work offline", { timeout: 60_000 });
  expect(await isIsolated(page)).toBe(true);
  await expect(versionOffer(page)).toHaveCount(0);
  await page.reload();
  await expect(offlineStatus(page)).toHaveText("Ready to work offline", { timeout: 60_000 });
  await expect(versionOffer(page)).toHaveCount(0);
});

test("a new version is offered, not forced, and leaves nothing of the old one", async ({ page, host, site }) => {
  test.setTimeout(240_000);
  await visit(page, host);
  const before = await keptFiles(page);
  await publishNext(site);
  await page.evaluate(() => Object.assign(window, { stillHere: true }));
  await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  await expect(versionOffer(page)).toBeVisible({ timeout: 60_000 });
  await expect(versionOffer(page)).toContainText("reading images then goes on where it is");
  expect(await page.evaluate(() => "stillHere" in window)).toBe(true);

  // A reload of one's own is not an answer: the old version stays, and the offer.
  await page.reload();
  await expect(page).toHaveTitle("Winnow");
  await versionOffer(page).getByRole("button", { name: "Reload" }).click();
  await expect(page).toHaveTitle("Winnow 2", { timeout: 20_000 });
  expect(await isIsolated(page)).toBe(true);
  await expect(offlineStatus(page)).toHaveText("Ready to work offline");
  await expect(versionOffer(page)).toHaveCount(0);

  const indexes = (files: string[]): string[] => files.filter((file) => file.startsWith("index.html"));
  await expect.poll(async () => indexes(await keptFiles(page)).length).toBe(1);
  const after = await keptFiles(page);
  expect(indexes(after)).not.toEqual(indexes(before));
  expect(after.length).toBe(before.length);
  await host.stop();
  await page.reload();
  await expect(page).toHaveTitle("Winnow 2");
});

test("a new version that comes while images are read waits, and reading goes on in it where it was", async ({
  page,
  host,
  site,
  folder,
}) => {
  test.setTimeout(240_000);
  const images = 400;
  const pictures = join(folder, "pictures");
  await writePictures(pictures, images);
  await visit(page, host);
  await publishNext(site);
  await page.evaluate(() => Object.assign(window, { stillHere: true }));
  await chooseFolder(page, pictures);
  const shown = async (): Promise<number> =>
    Number.parseInt((await imageCount(page).textContent({ timeout: 30_000 })) ?? "", 10);
  await expect.poll(shown, { timeout: 60_000 }).toBeGreaterThan(0);
  await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  await expect(versionOffer(page)).toBeVisible({ timeout: 60_000 });
  const offered = await shown();
  await expect.poll(shown, { timeout: 30_000 }).toBeGreaterThan(offered);
  expect(await page.evaluate(() => "stillHere" in window)).toBe(true);
  expect(offered).toBeLessThan(images);

  const before = await shown();
  await versionOffer(page).getByRole("button", { name: "Reload" }).click();
  await expect(page).toHaveTitle("Winnow 2", { timeout: 20_000 });
  await expect(page.getByRole("region", { name: "Interrupted" })).toBeVisible({ timeout: 30_000 });
  expect(await shown()).toBeGreaterThanOrEqual(before);
  await chooseFolder(page, pictures);
  await untilImages(page, images, 90_000);
  await expect(imageCount(page)).toHaveText(/^400 /);
});

test("a download that fails leaves a page that works, says so and goes on at the next visit", async ({
  page,
  host,
  site,
}) => {
  test.setTimeout(240_000);
  const model = `assets/${readdirSync(join(site, "assets")).find((name) => name.endsWith(".onnx"))}`;
  host.broken.add(model);
  await visitOnce(page, host);
  await expect(offlineStatus(page)).toHaveText(`Works online only: ${model}: the host answered 503`, {
    timeout: 60_000,
  });
  host.broken.delete(model);
  // The host has moved on in the meantime: what was kept of the half version must not be shown.
  await publishNext(site);
  await page.reload();
  await expect(page).toHaveTitle("Winnow 2");
  await expect(page.getByRole("button", { name: "Open folder" })).toBeEnabled();
  await versionOffer(page).getByRole("button", { name: "Reload" }).click({ timeout: 60_000 });
  await expect(offlineStatus(page)).toHaveText("Ready to work offline", { timeout: 30_000 });
});

test("big files that few need are kept from their first use on", async ({ page, host, site }) => {
  const list = await readFile(join(site, "service-worker.js"), "utf8");
  const { files } = JSON.parse(/^const winnowBuild = (.*);\n/.exec(list)![1]!) as OfflineBuild;
  const seldom = files.filter((file) => file.seldom).map(({ path }) => path.replace(/-[\w-]{8}(\.\w+)$/, "$1"));
  expect(new Set(seldom)).toEqual(
    new Set(["assets/libheif.js", "assets/libheif.wasm", "assets/ort-wasm-simd-threaded.asyncify.wasm", "sample.zip"]),
  );
  const beforehand = files.filter((file) => !file.seldom);
  expect(beforehand.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(30e6);

  await visit(page, host);
  const kept = async (): Promise<string[]> => (await keptFiles(page)).map((file) => file.replace(/\?.*/, "")).sort();
  expect(await kept()).toEqual(beforehand.map(({ path }) => path).sort());
  await page.getByRole("button", { name: "Try the sample" }).click();
  await expect.poll(kept, { timeout: 30_000 }).toContain("sample.zip");
});

test("an altered file is not kept; without service workers the page is as it was", async ({ page, host, site }) => {
  test.setTimeout(240_000);
  await writeFile(join(site, "third-party-notices.txt"), "<h1>Sign in to this hotel's network</h1>");
  await page.goto(host.url);
  await expect(offlineStatus(page)).toContainText("third-party-notices.txt: the host's file is not the one", {
    timeout: 60_000,
  });
  expect((await keptFiles(page)).filter((file) => file.startsWith("third-party"))).toEqual([]);

  const seen = watch(page);
  await page.addInitScript(() => Object.defineProperty(navigator, "serviceWorker", { value: undefined }));
  await page.reload();
  await expect(page.getByRole("button", { name: "Open folder" })).toBeVisible();
  await expect(offlineStatus(page)).toHaveCount(0);
  expect(seen).toEqual({ foreign: [], errors: [] });
});

test("it can be installed: the manifest and its icons are found under the path", async ({ page, host }) => {
  await page.goto(host.url);
  const client = await page.context().newCDPSession(page);
  const { errors, url } = await client.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(url).toBe(`${host.url}manifest.webmanifest`);
  const manifest = JSON.parse(await (await page.request.get(url)).text());
  expect(new URL(manifest.start_url, url).href).toBe(host.url);
  expect(new URL(manifest.scope, url).href).toBe(host.url);
  for (const { src } of manifest.icons)
    expect((await page.request.get(new URL(src, url).href)).status(), src).toBe(200);
  // The tests' windows are private ones, which never install anything.
  const hindrances = async (): Promise<string[]> => {
    const { installabilityErrors } = await client.send("Page.getInstallabilityErrors");
    return installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito");
  };
  await expect.poll(hindrances, { timeout: 20_000 }).toEqual([]);
});

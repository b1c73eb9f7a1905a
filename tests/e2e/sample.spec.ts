import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { configure, Uint8ArrayReader, ZipReader } from "@zip.js/zip.js";
import sharp from "sharp";
import { imageCount, untilIdle, untilImages, watch } from "./winnowPage.ts";

// One visit from the first key to the last: the tests go on from each other's page, because embedding takes longest.
test.describe.configure({ mode: "serial" });

let page: Page;
let seen: ReturnType<typeof watch>;
let pictures: string[];

test.beforeAll(async ({ browser }) => {
  configure({ useWebWorkers: false });
  const zip = new ZipReader(
    new Uint8ArrayReader(new Uint8Array(await readFile(join(import.meta.dirname, "../../public/sample.zip")))),
  );
  pictures = (await zip.getEntries()).map(({ filename }) => filename).filter((name) => /\.(jpg|png|webp)$/.test(name));
  page = await browser.newPage({ colorScheme: "light" });
  seen = watch(page);
});
test.afterAll(async () => {
  await page.close();
});

const map = (): Locator => page.getByRole("region", { name: "Map" });
const markedCount = (): Promise<number> =>
  page
    .getByText(/^[\d,]+ marked$/)
    .textContent({ timeout: 500 })
    .then((text) => Number.parseInt(text?.replaceAll(",", "") ?? "0", 10))
    .catch(() => 0);

/** Presses Tab until the named button has the focus. */
async function tabTo(name: string): Promise<void> {
  const button = page.getByRole("button", { name, exact: true });
  for (let presses = 0; presses < 20; presses++) {
    if (await button.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${name}`);
}

/** Draws a rectangle with the lasso, as shares of the map's width and height; begins away from the buttons on the map. */
async function lasso(left: number, top: number, right: number, bottom: number): Promise<void> {
  await map().getByRole("button", { name: "Lasso" }).click();
  const box = (await map().getByRole("application").boundingBox())!;
  const corners = [
    [(left + right) / 2, bottom],
    [right, bottom],
    [right, top],
    [left, top],
    [left, bottom],
  ] as const;
  for (const [i, [x, y]] of corners.entries()) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 });
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

/** How many clearly different strong colours a picture of the map has. */
async function hues(): Promise<number> {
  const { data, info } = await sharp(await map().getByRole("application").screenshot())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const counts = new Map<number, number>();
  for (let i = 0; i < data.length; i += info.channels) {
    const [r = 0, g = 0, b = 0] = data.subarray(i, i + 3);
    const high = Math.max(r, g, b);
    const range = high - Math.min(r, g, b);
    if (range < 60) continue;
    const sixth = high === r ? ((g - b) / range + 6) % 6 : high === g ? (b - r) / range + 2 : (r - g) / range + 4;
    const bin = Math.floor(sixth * 3);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return [...counts.values()].filter((count) => count > 40).length;
}

test("the sample opens by keyboard alone, with its licence named, and all of it can be read", async () => {
  test.setTimeout(180_000);
  await page.goto("/");
  await expect(page.getByText(/Sample: Fluent Emoji by Microsoft, MIT licence/)).toBeVisible();
  await expect(page.getByText(/Nothing is uploaded/).first()).toBeVisible();
  await tabTo("Try the sample");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("gridcell").first()).toBeVisible({ timeout: 20_000 });
  await untilImages(page, pictures.length, 120_000);
  expect(pictures.length).toBeGreaterThan(400);
  await expect(page.getByRole("button", { name: /^Problems/ })).toContainText("0");
});

test("the map is coloured by the groups of the sample", async () => {
  await expect(map().getByRole("combobox", { name: "Colour by" })).toHaveValue("folder");
  for (const group of new Set(pictures.map((path) => path.slice(0, path.indexOf("/"))))) {
    const count = pictures.filter((path) => path.startsWith(`${group}/`)).length;
    await expect(map().getByRole("listitem").filter({ hasText: group })).toContainText(String(count));
  }
  await expect.poll(hues, { timeout: 15_000 }).toBeGreaterThanOrEqual(5);
  await map().getByRole("combobox", { name: "Colour by" }).selectOption("none");
  await expect.poll(hues, { timeout: 15_000 }).toBeLessThanOrEqual(2);
  await map().getByRole("combobox", { name: "Colour by" }).selectOption("folder");
});

/** Moves over the map until a point is under the pointer and returns the card that shows its image. */
async function hoverSomePoint(): Promise<Locator> {
  const box = (await map().getByRole("application").boundingBox())!;
  const card = map().getByRole("figure");
  for (let step = 0; step < 200; step++) {
    const angle = step * 0.5;
    const radius = (step / 200) * 0.45;
    await page.mouse.move(
      box.x + box.width * (0.5 + radius * Math.cos(angle)),
      box.y + box.height * (0.5 + radius * Math.sin(angle)),
    );
    if ((await card.count()) > 0) return card;
  }
  throw new Error("no point was found under the pointer");
}

async function showsItsImage(card: Locator): Promise<void> {
  await expect
    .poll(() => card.locator("img").evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(100);
  const title = (await card.locator("b").innerText()).replaceAll("\u200b", "");
  expect(pictures.map((path) => path.slice(path.indexOf("/") + 1))).toContain(title);
}

async function lassoMarks(): Promise<void> {
  await lasso(0.02, 0.02, 0.5, 0.98);
  await expect.poll(markedCount).toBeGreaterThan(0);
  const half = await markedCount();
  expect(half).toBeLessThan(pictures.length);
  // The gallery shows the same marks: inverted and added up they are all images.
  await page.getByRole("button", { name: "Invert marks" }).click();
  await expect.poll(markedCount).toBe(pictures.length - half);
  await lasso(0.001, 0.001, 0.999, 0.999);
  await expect.poll(markedCount).toBe(pictures.length);
  await expect(page.getByRole("gridcell", { selected: false })).toHaveCount(0);
  await page.getByRole("button", { name: "Clear marks" }).click();
  await expect(page.getByRole("gridcell", { selected: true })).toHaveCount(0);
}

test("a point under the pointer shows its image, and a lasso marks the same images in the gallery", async () => {
  await expect(map().getByText(/drawn more slowly/)).toHaveCount(0);
  await showsItsImage(await hoverSomePoint());
  await lassoMarks();
});

test("a finished UMAP is kept", async () => {
  const projection = map().getByRole("combobox", { name: "Projection" });
  const progress = page.getByRole("progressbar", { name: "UMAP" });
  await projection.selectOption("UMAP");
  await expect(map().locator(".map-quality")).toBeVisible();
  await untilIdle(page, 60_000);
  await expect(projection).toHaveValue("UMAP");
  await projection.selectOption("PCA");
  // The finished jobs have left the bar: a second one could only be a new computation.
  await expect(progress).toHaveCount(0, { timeout: 10_000 });
  await projection.selectOption("UMAP");
  await expect(map().locator(".map-quality")).toBeVisible();
  await expect(progress).toHaveCount(0);
});

test("the gallery answers to keys: arrows, marks, a closer look, the list of keys", async () => {
  const cells = page.getByRole("gridcell");
  const focusedPath = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);
  const first = await cells.first().getAttribute("aria-label");
  await cells.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(focusedPath).not.toBe(first);
  const second = (await focusedPath())!;
  await page.keyboard.press("Enter");
  await expect.poll(markedCount).toBe(1);
  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(markedCount).toBe(2);

  await page.keyboard.press("ArrowLeft");
  await expect.poll(focusedPath).toBe(second);
  await page.keyboard.press(" ");
  const view = page.getByRole("dialog", { name: second });
  await expect(view).toBeVisible();
  await expect
    .poll(() => view.getByRole("img", { name: second }).evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBe(288);
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("dialog", { name: first! })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect.poll(focusedPath).toBe(first);

  await page.keyboard.press("End");
  await expect.poll(focusedPath).not.toBe(first);
  await page.keyboard.press("Home");
  await expect.poll(focusedPath).toBe(first);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect.poll(markedCount).toBe(0);
});

test("light and dark follow the system and can be chosen", async () => {
  const brightness = (): Promise<number> =>
    page.evaluate(() => {
      const [r = 0, g = 0, b = 0] = (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number);
      return (r + g + b) / 3;
    });
  await expect.poll(brightness).toBeGreaterThan(200);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(brightness).toBeLessThan(60);
  await page.getByRole("button", { name: "Theme" }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await expect.poll(brightness).toBeGreaterThan(200);
  await page.reload();
  await expect.poll(brightness).toBeGreaterThan(200);
  await expect.poll(hues, { timeout: 20_000 }).toBeGreaterThanOrEqual(5);
});

test("without WebGL a plain canvas draws the map, says so, and does the same", async () => {
  await page.goto(`/?no-webgl${new URL(page.url()).hash}`);
  await expect(imageCount(page)).toHaveText(new RegExp(`^${pictures.length} `), { timeout: 20_000 });
  await expect(map().getByText(/drawn more slowly/)).toBeVisible();
  await expect.poll(hues, { timeout: 15_000 }).toBeGreaterThanOrEqual(5);
  await showsItsImage(await hoverSomePoint());
  await lassoMarks();
});

test("nothing of all that asked another host for anything, broke the page's policy or failed", () => {
  expect(seen.foreign).toEqual([]);
  expect(seen.errors).toEqual([]);
});

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";
import { Random } from "../../src/core/random.ts";
import { hasShared, sharedFolder } from "../fixtures/shared.ts";
import { test } from "./folderTest.ts";
import { chooseFolder, exportedSet, untilImages, watch } from "./winnowPage.ts";

const photographs = join(sharedFolder, "data/clothing");

/** `test/hat/0a.jpg` of every photograph. */
const photographPaths = (): string[] =>
  readdirSync(photographs, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.jpg$/.test(path))
    .sort();
const classOf = (path: string): string => path.split("/").at(-2)!;

const undo = (page: Page) => page.getByRole("button", { name: "Undo", exact: true });
const panel = (page: Page) => page.getByRole("region", { name: "Labels", exact: true });

async function importFile(page: Page, path: string, matched: RegExp): Promise<void> {
  await page.getByLabel("Choose import file").setInputFiles(path);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("status", { name: "Matched images" })).toHaveText(matched, { timeout: 30_000 });
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

/** The names of the first lines of a long list, of which only those near the screen are in the page. */
async function firstLines(list: Locator, count: number): Promise<string[]> {
  const names = new Map<number, string>();
  const scroller = list.locator("..");
  for (let top = 0; ; top += 400) {
    await scroller.evaluate((element, to) => element.scrollTo(0, to), top);
    const seen = await list.getByRole("listitem").evaluateAll((items) =>
      items.map((item) => {
        const place = new DOMMatrix(getComputedStyle(item).transform).m42 / item.getBoundingClientRect().height;
        return [Math.round(place), item.querySelector("button")?.getAttribute("aria-label") ?? ""] as const;
      }),
    );
    for (const [place, name] of seen) names.set(place, name);
    const isEnd = await scroller.evaluate(
      (element) => element.scrollTop + element.clientHeight >= element.scrollHeight,
    );
    const whole = Array.from({ length: count }, (_, place) => names.get(place));
    if (isEnd || whole.every((name) => name !== undefined)) return whole.flatMap((name) => name ?? []);
  }
}

test.describe("713 photographs", () => {
  test.skip(!hasShared, "needs ../shared/data/clothing");

  test("labels from folders, predictions, boxes: imported, seen, corrected, taken back, exported", async ({
    page,
    folder,
  }) => {
    test.setTimeout(400_000);
    const seen = watch(page);
    const paths = photographPaths();
    const classes = [...new Set(paths.map(classOf))].sort();
    await page.goto("/");
    await chooseFolder(page, photographs);
    await untilImages(page, 713, 300_000);
    await page.getByRole("tab", { name: "Labels" }).click();
    await expect(panel(page)).toContainText("No labels yet");
    await panel(page).getByRole("button", { name: "Labels from folder names" }).click();
    await expect(panel(page).getByRole("listitem", { name: "Folder", exact: true })).toContainText("713 images");

    // Probabilities; one row of no image, one that is no distribution.
    const lines = paths.map((path, i) => {
      const top = 0.4 + ((i * 37) % 50) / 100;
      return [path, ...classes.map((name) => (name === classOf(path) ? top : (1 - top) / (classes.length - 1)))];
    });
    const header = ["path", ...classes.map((name) => `p:${name}`)];
    const wrong = [
      ["none/such.jpg", ...classes.map(() => 1 / classes.length)],
      [paths[0], ...classes.map(() => 0.9)],
    ];
    const csv = join(folder, "model.csv");
    writeFileSync(csv, [header, ...wrong, ...lines].map((cells) => cells.join(",")).join("\n"));
    await page.getByLabel("Choose import file").setInputFiles(csv);
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("status", { name: "Matched images" })).toHaveText("713 images matched");
    await dialog.getByText("1 path that no image of the project has").click();
    await expect(dialog).toContainText("none/such.jpg");
    await dialog.getByText("1 row that cannot be read and will be left out").click();
    await expect(dialog).toContainText("line 3");
    await dialog.getByRole("button", { name: "Import", exact: true }).click();
    await expect(panel(page).getByRole("listitem", { name: "model" })).toContainText("713 images");

    const coco = join(folder, "boxes.json");
    writeFileSync(
      coco,
      JSON.stringify({
        images: paths.map((path, id) => ({ id, file_name: path, width: 400, height: 400 })),
        categories: [{ id: 3, name: "garment" }],
        annotations: paths.map((_, id) => ({ id, image_id: id, category_id: 3, bbox: [40, 30, 200, 200], area: 1 })),
      }),
    );
    await importFile(page, coco, /^713/);
    const layers = page.getByRole("grid", { name: "Images" }).locator("canvas[data-instances]");
    await expect(layers.first()).toBeVisible();
    const inked = () =>
      layers.first().evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return data.some((value) => value !== 0);
      });
    await expect.poll(inked).toBe(true);
    await panel(page).getByRole("button", { name: "Draw garment" }).click();
    await expect.poll(inked).toBe(false);
    await panel(page).getByRole("button", { name: "Draw garment" }).click();

    // A label is corrected in the details and taken back.
    await page.getByRole("gridcell").first().click();
    await page.getByRole("tab", { name: "Details" }).click();
    const field = page.getByRole("combobox", { name: "Label in Folder" });
    const before = await field.inputValue();
    expect(classes).toContain(before);
    await field.fill("teapot");
    await page.keyboard.press("Enter");
    await undo(page).hover();
    await expect(page.getByText("label “teapot” on 1 image")).toBeVisible();
    expect(await exportedSet(page, "Folder", "Log of corrections (CSV)")).toMatch(/,teapot,/);
    await undo(page).click();
    await expect(field).toHaveValue(before);

    const back = JSON.parse(await exportedSet(page, "boxes", "As it came")) as {
      annotations: { bbox: number[]; category_id: number }[];
      images: { file_name: string }[];
    };
    expect(back.annotations).toHaveLength(713);
    expect(back.annotations[0]).toMatchObject({ bbox: [40, 30, 200, 200], category_id: 3 });
    expect(back.images.map(({ file_name }) => file_name).sort()).toEqual(paths);

    // All of it is there after a reload, and goes one step at a time.
    await page.reload();
    await untilImages(page, 713, 60_000);
    await page.getByRole("tab", { name: "Labels" }).click();
    const cards = panel(page).getByRole("list", { name: "Sets" }).locator("> li");
    await expect(cards).toHaveCount(3);
    for (const left of [2, 1]) {
      await undo(page).click();
      await expect(cards).toHaveCount(left);
    }

    // Every twentieth label is swapped: most are among the first suggestions, of which there are twice as many.
    const random = new Random(5);
    const swapped = [...random.sample(paths.length, Math.round(0.05 * paths.length))].map((i) => paths[i]!);
    const others = swapped.map((path) => {
      const place = classes.indexOf(classOf(path)) + 1 + random.below(classes.length - 1);
      return `${path},${classes[place % classes.length]}`;
    });
    writeFileSync(join(folder, "Folder.csv"), ["path,label", ...others].join("\n"));
    await importFile(page, join(folder, "Folder.csv"), new RegExp(`^${swapped.length}\\b`));
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByRole("menuitem", { name: /^Label issues/ }).click();
    const review = page.getByRole("region", { name: "Label issues", exact: true });
    await expect(review.getByRole("status", { name: "Label issue count" })).toHaveText(/of 713 labels/, {
      timeout: 60_000,
    });
    const suggested = await firstLines(review.getByRole("list", { name: "Suspicious labels" }), 2 * swapped.length);
    const found = swapped.filter((path) => suggested.some((name) => name.startsWith(`${path}: `)));
    console.info(`${found.length} of ${swapped.length} swapped labels among ${suggested.length} suggestions`);
    expect(found.length).toBeGreaterThanOrEqual(0.7 * swapped.length);
    await page.keyboard.press("Escape");
    await undo(page).click();

    // The bundled model needs no file: what it is sure of is a prediction task too.
    const automatic = panel(page).getByRole("region", { name: "Automatic tags" });
    await expect(automatic.getByRole("status")).toHaveText(/^\d+ of 713 images$/, { timeout: 60_000 });
    const usual = Number.parseInt((await automatic.getByRole("status").textContent())!, 10);
    await automatic.getByRole("slider").fill("0.3");
    const more = Number.parseInt((await automatic.getByRole("status").textContent())!, 10);
    expect(more).toBeGreaterThan(usual);
    await automatic.getByRole("button", { name: "Tag automatically" }).click();
    const tagged = cards.filter({ hasText: "Automatic tags" });
    await expect(tagged).toContainText(`713 images, ${more} annotations · Made here by the bundled model`);
    await automatic.getByRole("slider").fill("0.5");
    await automatic.getByRole("button", { name: "Tag again" }).click();
    await expect(tagged).toContainText(`713 images, ${usual} annotations`);
    expect(await exportedSet(page, "Automatic tags", "CSV")).toMatch(/,jersey/);
    expect(seen).toEqual({ foreign: [], errors: [] });
  });
});

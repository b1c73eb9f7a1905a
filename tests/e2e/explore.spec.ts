import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { hasShared, sharedFolder } from "../fixtures/shared.ts";
import { test } from "./folderTest.ts";
import { chooseFolder, exported, untilImages, watch } from "./winnowPage.ts";

const photographs = join(sharedFolder, "data/clothing/validation");
const kinds = ["hat", "pants", "shoes", "t-shirt"];
const each = 12;
const total = kinds.length * each;

const cells = (page: Page) => page.getByRole("grid", { name: "Images" }).getByRole("gridcell");
const kindOf = (path: string | null): string => path?.split("/").at(-2) ?? "";
const searchBar = (page: Page) => page.getByRole("region", { name: "Search in force" });

/** The kinds of the first images of the gallery. */
async function firstKinds(page: Page, count: number): Promise<string[]> {
  const labels = await cells(page).evaluateAll((all) => all.map((cell) => cell.getAttribute("aria-label")));
  return labels.slice(0, count).map(kindOf);
}

/** A project of photographs of four kinds, explored. */
async function openPhotographs(page: Page, folder: string): Promise<void> {
  for (const kind of kinds) {
    await mkdir(join(folder, "photos", kind), { recursive: true });
    const names = (await readdir(join(photographs, kind))).sort().slice(0, each);
    for (const name of names) await cp(join(photographs, kind, name), join(folder, "photos", kind, name));
  }
  await page.goto("/");
  await chooseFolder(page, join(folder, "photos"));
  await untilImages(page, total, 90_000);
  await expect(page.getByRole("region", { name: "Filters" }).getByRole("button", { name: /^Clusters/ })).toBeVisible({
    timeout: 30_000,
  });
}

test.describe("48 photographs", () => {
  test.skip(!hasShared, "needs ../shared/data/clothing");

  test("found by word, by example, by a file from outside; all of it by keyboard first", async ({ page, folder }) => {
    const seen = watch(page);
    await openPhotographs(page, folder);

    await page.keyboard.press("/");
    await expect(page.getByRole("combobox", { name: "Search" })).toBeFocused();
    await page.keyboard.type("shoe");
    await expect(page.getByRole("option", { name: /^shoe 5 classes/ })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(searchBar(page)).toContainText("Looks like “shoe”");
    await expect.poll(() => firstKinds(page, 6)).toEqual(Array(6).fill("shoes"));
    await expect(cells(page).first()).toHaveAccessibleName(/, 0\.\d+$/);

    // Reload keeps the search, back takes it away.
    await page.reload();
    await expect(searchBar(page)).toContainText("Looks like “shoe”", { timeout: 20_000 });
    await expect.poll(() => firstKinds(page, 6)).toEqual(Array(6).fill("shoes"));
    await page.goBack();
    await expect(searchBar(page)).toHaveCount(0);

    // By example: the marked image first, with cosine 1, then its kind.
    const pants = cells(page)
      .filter({ has: page.locator("img") })
      .nth(each);
    await expect(pants).toHaveAccessibleName(/pants\//);
    const name = await pants.getAttribute("aria-label");
    await pants.click();
    await page.keyboard.press("s");
    await expect(searchBar(page)).toContainText("Similar to");
    await expect(cells(page).first()).toHaveAccessibleName(`${name}, 1.00`);
    expect((await firstKinds(page, 5)).filter((kind) => kind === "pants").length).toBeGreaterThanOrEqual(4);

    // Unlike a second one: it falls behind.
    const second = (await cells(page).nth(1).getAttribute("aria-label"))!.split(",")[0]!;
    await cells(page).nth(1).click();
    await page.getByRole("button", { name: "Unlike the marked images" }).click();
    await expect(searchBar(page).getByRole("list", { name: "Unlike these" }).getByRole("listitem")).toHaveCount(1);
    await expect(cells(page).nth(1)).not.toHaveAccessibleName(new RegExp(second));
    await page.getByRole("button", { name: `Remove example ${second}` }).click();
    await expect(searchBar(page).getByRole("list", { name: "Unlike these" })).toHaveCount(0);

    // The first results are marked, exported alone, and the search ends with two Escapes.
    await searchBar(page).getByRole("spinbutton").fill("5");
    await searchBar(page).getByRole("button", { name: "Mark the first" }).click();
    await expect(page.getByText("5 marked")).toBeVisible();
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitemradio", { name: "Only the 5 images marked" }).click();
    await page.keyboard.press("Escape");
    const list = (await exported(page, "File list (.txt)")).toString("utf8").trim().split("\n");
    expect(list).toHaveLength(5);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect(searchBar(page)).toHaveCount(0);
    await expect(page.getByRole("combobox", { name: "Sort" })).toHaveValue("path");

    // A file that is not in the project.
    const outside = (await readdir(join(photographs, "hat"))).sort().at(-1)!;
    await page.getByLabel("Image to search with").setInputFiles(join(photographs, "hat", outside));
    await expect(searchBar(page)).toContainText(outside, { timeout: 20_000 });
    await expect
      .poll(async () => (await firstKinds(page, 4)).filter((kind) => kind === "hat").length)
      .toBeGreaterThan(1);
    await expect(page.getByRole("status", { name: "Image count" })).toHaveText(`${total} images`);
    // What is no image says so and leaves the search alone.
    await page.getByLabel("Image to search with").setInputFiles({
      name: "notes.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("not an image"),
    });
    await expect(page.getByRole("alert").getByText(/“notes.txt” cannot be searched with/)).toBeVisible();
    await expect(searchBar(page)).toContainText(outside);
    expect(seen).toEqual({ foreign: [], errors: [] });
  });

  test("an image dropped on the search half of the window is looked for, not added", async ({ page, folder }) => {
    await openPhotographs(page, folder);
    const [name = ""] = await readdir(join(photographs, "shoes"));
    const bytes = [...(await readFile(join(photographs, "shoes", name)))];
    const data = await page.evaluateHandle(
      ([content, title]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(content)], title, { type: "image/jpeg" }));
        return transfer;
      },
      [bytes, name] as const,
    );
    await page.dispatchEvent("body", "dragenter", { dataTransfer: data });
    await page.dispatchEvent("[data-drop=search]", "drop", { dataTransfer: data });
    await expect(searchBar(page)).toContainText(name, { timeout: 20_000 });
    await expect(page.getByRole("status", { name: "Image count" })).toHaveText(`${total} images`);
    await expect.poll(() => firstKinds(page, 3)).toEqual(["shoes", "shoes", "shoes"]);
  });

  test("clusters group, colour and filter; the list sorts by any column; details name what is known", async ({
    page,
    folder,
  }) => {
    await openPhotographs(page, folder);
    const filters = page.getByRole("region", { name: "Filters" });
    await page.getByRole("combobox", { name: "Group", exact: true }).selectOption("cluster");
    const heading = page.getByRole("rowheader").first();
    await expect(heading).toContainText(/\d+ images/);
    const size = Number(/(\d+) images/.exec(await heading.innerText())![1]);
    await heading.getByRole("button").click();
    await expect(page.getByText(`${size} marked`)).toBeVisible();

    await page
      .getByRole("region", { name: "Map" })
      .getByRole("combobox", { name: "Colour by" })
      .selectOption("cluster");
    const entry = page
      .getByRole("region", { name: "Map" })
      .getByRole("list", { name: "Legend" })
      .getByRole("button")
      .first();
    const shown = Number((await entry.innerText()).trim().split(/\s/).at(-1));
    await entry.click();
    await expect(page.getByRole("status", { name: "Image count" })).toHaveText(`${shown} of ${total} images`);
    await expect(filters.getByRole("checkbox", { checked: true })).toHaveCount(1);

    // Choosing only among what is shown.
    const panel = page.getByRole("region", { name: "Select", exact: true });
    await expect(panel.getByLabel(`Only among the ${shown} images shown`)).toBeChecked();
    await panel.getByRole("spinbutton", { name: "How many" }).fill("3");
    await panel.getByRole("button", { name: "Select", exact: true }).click();
    await expect(page.getByRole("status", { name: "Selected count" })).toHaveText(/^3 chosen/, { timeout: 30_000 });
    await expect(cells(page).filter({ has: page.locator(".pick-badge") })).toHaveCount(3);
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    const pathsChosen = async () => (await exported(page, "File list (.txt)")).toString("utf8").trim().split("\n");
    const three = await pathsChosen();
    // As many more by the same rules, among the same images: none twice.
    await panel.getByRole("button", { name: "Choose 3 more" }).first().click();
    await expect(panel.getByRole("switch", { name: /after Selection 1/ })).toBeChecked();
    const more = await pathsChosen();
    expect(new Set([...three, ...more]).size).toBe(6);

    await page.keyboard.press("v");
    const header = page.getByRole("columnheader", { name: "Typicality" });
    await header.getByRole("button").click();
    await expect(header).toHaveAttribute("aria-sort", "ascending");
    await header.getByRole("button").click();
    await expect(header).toHaveAttribute("aria-sort", "descending");
    const column = (await page.getByRole("columnheader").allInnerTexts()).findIndex((text) =>
      text.includes("Typicality"),
    );
    const values = await page
      .getByRole("grid", { name: "Images" })
      .getByRole("row")
      .evaluateAll((rows, at) => rows.slice(1, 10).map((row) => Number(row.children[at]!.textContent)), column);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(values[0]).toBeGreaterThan(0);

    // The keyboard moves through the list, opens the large view with what is known, and marks there.
    await page.getByRole("grid", { name: "Images" }).getByRole("row").nth(1).click();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    const large = page.getByRole("dialog");
    await expect(large.getByRole("complementary", { name: "Details" })).toContainText("Predicted class");
    await expect(large.getByRole("region", { name: "Most similar images" }).getByRole("button")).toHaveCount(12);
    await expect(large.locator("img.large-image[alt]:not([alt=''])")).toBeVisible();
    const title = await large.getByRole("heading").first().innerText();
    await page.keyboard.press("ArrowRight");
    await expect(large.getByRole("heading").first()).not.toHaveText(title);
    await page.keyboard.press("x");
    await page.keyboard.press("Escape");
    await expect(filters.getByRole("checkbox", { name: /^excluded \(1\)/ })).toBeVisible();
    await page.keyboard.press("Control+z");
    await expect(filters.getByRole("checkbox", { name: /^excluded/ })).toHaveCount(0);
    await page.keyboard.press("v");
    await expect(cells(page).first()).toBeVisible();
  });
});

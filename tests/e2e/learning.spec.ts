import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { sharedFolder } from "../../tools/sharedFiles.mjs";
import { test } from "./folderTest.ts";
import { chooseFolder, untilIdle, untilImages, watch } from "./winnowPage.ts";

const photographs = join(sharedFolder, "data/clothing/test");
const classes = ["hat", "pants", "shoes", "shirt"];
/** Of each class so many photographs, the first of which lies in the next class's folder. */
const each = 12;

/** Copies photographs into folders by their class, one a class into the wrong one; returns the names of those. */
async function copyPhotographs(folder: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [c, name] of classes.entries()) {
    const files = (await readdir(join(photographs, name))).sort().slice(0, each);
    for (const [i, file] of files.entries()) {
      const to = join(folder, i === 0 ? classes[(c + 1) % classes.length]! : name);
      await mkdir(to, { recursive: true });
      await copyFile(join(photographs, name, file), join(to, file));
      if (i === 0) wrong.push(file);
    }
  }
  return wrong;
}

async function openScreen(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByRole("menuitem", { name }).click();
  await expect(page.getByRole("region", { name, exact: true })).toBeVisible();
}

/** For whoever wants to see the screens. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.WINNOW_E2E_PICTURES;
  if (!folder) return;
  const size = page.viewportSize();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}-phone.png`) });
    if (size) await page.setViewportSize(size);
  }
  await page.emulateMedia({ colorScheme: null });
}

test("wrong labels are found, accepted, kept, excluded and taken back", async ({ page, folder }) => {
  const wrong = await copyPhotographs(folder);
  const seen = watch(page);
  await page.goto("/");
  await chooseFolder(page, folder);
  await untilImages(page, classes.length * each, 100_000);
  await openScreen(page, "Label issues");
  const screen = page.getByRole("region", { name: "Label issues" });
  await screen.getByRole("button", { name: "From folder names" }).click();
  await expect(screen.getByRole("status", { name: "Label issue count" })).toHaveText(/^\d+ suspicious/, {
    timeout: 30_000,
  });
  await untilIdle(page, 30_000);
  const lines = screen.getByRole("list", { name: "Suspicious labels" }).getByRole("button");
  await expect(lines.first()).toBeVisible();
  const names = await lines.evaluateAll((all) => all.map((line) => line.getAttribute("aria-label") ?? ""));
  const top = names.slice(0, 2 * wrong.length);
  expect(wrong.filter((file) => top.some((name) => name.includes(file))).length).toBeGreaterThanOrEqual(3);
  await picture(page, "label-issues");

  const reviewed = screen.getByRole("status", { name: "Reviewed count" });
  await expect(reviewed).toHaveText(/^0 of/);
  await page.keyboard.press("a");
  await expect(reviewed).toHaveText(/^1 of/);
  await expect(lines.nth(0)).toContainText("accepted");
  await expect(lines.nth(1)).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("k");
  await expect(lines.nth(1)).toContainText("kept");
  await page.keyboard.press("x");
  await expect(lines.nth(2)).toContainText("excluded");
  await expect(reviewed).toHaveText(/^3 of/);
  await page.keyboard.press("u");
  await expect(reviewed).toHaveText(/^2 of/);
  await page.keyboard.press("Escape");
  await expect(screen).toHaveCount(0);
  await page.getByRole("tab", { name: "Tags" }).click();
  await expect(page.getByRole("region", { name: "Tags", exact: true }).getByText("label checked")).toBeVisible();
  expect(seen).toEqual({ foreign: [], errors: [] });
});

test("the loop: a batch is chosen, labelled by keys, learned from, and is still there after a reload", async ({
  page,
  folder,
}) => {
  await copyPhotographs(folder);
  const seen = watch(page);
  await page.goto("/");
  await chooseFolder(page, folder);
  await untilImages(page, classes.length * each, 100_000);
  await openScreen(page, "Active learning");
  const screen = page.getByRole("region", { name: "Active learning" });
  await picture(page, "loop-empty");
  await screen.getByRole("textbox", { name: "Classes" }).fill("hat, pants, shoes, shirt");
  await screen.getByRole("button", { name: "Begin labels" }).click();
  await screen.getByRole("spinbutton", { name: "Batch size" }).fill("8");
  await screen.getByRole("button", { name: "Choose first batch" }).click();
  const labelled = screen.getByRole("status", { name: "Labelled count" });
  await expect(labelled).toHaveText("0 of 8 labelled", { timeout: 30_000 });

  // By the folder that an image lies in, with the key of its class.
  const labelAll = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done++) {
      await expect(labelled).toHaveText(`${done} of ${count} labelled`);
      const path = await screen.locator(".batch-path .path-text").getAttribute("title");
      await page.keyboard.press(
        String(classes.findIndex((name) => path?.startsWith(`${name}/`) || path?.includes(`/${name}/`)) + 1),
      );
    }
    await expect(screen.getByText(`All ${count} have a label.`)).toBeVisible();
  };
  await labelAll(8);
  const probe = screen.getByRole("region", { name: "Probe" });
  await expect(probe.getByText("Accuracy")).toBeVisible({ timeout: 15_000 });
  await screen.getByRole("button", { name: "Next batch", exact: true }).click();
  await expect(labelled).toHaveText("0 of 8 labelled", { timeout: 30_000 });

  // A suggestion is taken with Enter, and taken back.
  await expect(screen.getByRole("button", { name: /^Accept / })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(labelled).toHaveText("1 of 8 labelled");
  await page.keyboard.press("u");
  await expect(labelled).toHaveText("0 of 8 labelled");
  await page.keyboard.press("s");
  await page.keyboard.press("b");
  await labelAll(8);
  await untilIdle(page, 30_000);
  await expect(probe.getByRole("img", { name: /^Accuracy: / })).toBeVisible({ timeout: 15_000 });
  await expect(screen.getByRole("region", { name: "Rounds" }).getByRole("button")).toHaveCount(2);
  await picture(page, "loop");

  // What the probe predicts is a field like any other.
  await page.keyboard.press("Escape");
  await expect(page.getByRole("combobox", { name: "Colour by" }).getByRole("option", { name: /^probe$/i })).toHaveCount(
    1,
  );
  await page.reload();
  await untilImages(page, classes.length * each, 60_000);
  await openScreen(page, "Active learning");
  await expect(screen.getByRole("region", { name: "Rounds" }).getByText("8 of 8 labelled")).toHaveCount(2);
  await expect(probe.getByRole("img", { name: /^Accuracy: / })).toBeVisible({ timeout: 15_000 });

  // Where every image has a label there is nothing to choose, and that is said at once.
  await screen.getByText("New labels").click();
  await screen.getByRole("button", { name: "From folder names" }).click();
  await expect(screen.getByText("No batch yet")).toBeVisible({ timeout: 15_000 });
  await screen.getByRole("button", { name: "Choose first batch" }).click();
  await expect(page.getByText("No image is left to choose", { exact: false })).toBeVisible();
  expect(seen).toEqual({ foreign: [], errors: [] });
});

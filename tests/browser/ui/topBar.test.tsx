import { describe, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { WinnowState } from "../../../src/state/state.ts";
import { eventually } from "./eventually.ts";
import { exampleProject, fakeWinnow, imageTable, selectionOf, shownState } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

async function show(state: Partial<WinnowState> = {}) {
  const fake = fakeWinnow({ project: exampleProject, images: imageTable(713), ...state });
  await renderApp(fake);
  return fake;
}

describe("Export", () => {
  const names = [
    "File list (.txt)",
    "CSV",
    "JSON",
    "Embeddings (.npy)",
    "Issues (.csv)",
    "Copy chosen images to a folder…",
    "Chosen images as a zip",
  ];
  const item = (name: string) => page.getByRole("menuitem", { name, exact: true });
  const openMenu = () => page.getByRole("button", { name: "Export" }).click();

  test("names every kind exactly and says what it would contain", async () => {
    const selection = selectionOf([4, 2, 9]);
    await show(shownState(selection));
    await openMenu();
    for (const name of names) await expect.element(item(name)).toBeVisible();
    await expect.element(item("File list (.txt)")).toHaveAccessibleDescription("3 chosen paths, in pick order");
    await expect.element(item("CSV")).toHaveAccessibleDescription(/^713 images, 3 with pick rank/);
  });

  test("asks for a choice first where chosen images are to be copied", async () => {
    const { calls } = await show();
    await openMenu();
    await expect.element(item("Chosen images as a zip")).toHaveAttribute("aria-disabled", "true");
    await expect.element(item("Chosen images as a zip")).toHaveAccessibleDescription(/Choose images/);
    await expect.element(item("File list (.txt)")).toHaveAccessibleDescription("713 paths, all images");
    await item("CSV").click();
    expect(calls).toContainEqual(["export", "csv", "all", false]);
  });
});

describe("Problems", () => {
  const problems = Array.from({ length: 5000 }, (_, index) => ({
    path: index === 1 ? "evil\u202Egpj.exe" : `broken/${index}.jpg`,
    reason: `It ends after ${index} bytes.`,
  }));

  test("shows its number and lists every file with its reason, of which few are in the page", async () => {
    const { calls } = await show({ problems });
    const button = page.getByRole("button", { name: "Problems" });
    await expect.element(button).toHaveTextContent("Problems 5,000");
    await button.click();
    const dialog = page.getByRole("dialog", { name: "5,000 files could not be read" });
    await expect.element(dialog.getByText("It ends after 0 bytes.")).toBeVisible();
    expect(dialog.element().querySelectorAll("li").length).toBeLessThan(60);
    const scroller = dialog.element().querySelector(".problems")!;
    scroller.scrollTop = scroller.scrollHeight;
    await expect.element(dialog.getByText("It ends after 4999 bytes.")).toBeVisible();
    await dialog.getByRole("button", { name: "Save this list (CSV)" }).click();
    expect(calls).toContainEqual(["export", "problems-csv", "all"]);
  });

  test("makes characters that hide in names visible", async () => {
    await show({ problems });
    await page.getByRole("button", { name: "Problems" }).click();
    await expect.element(page.getByText("U+202E")).toBeVisible();
    expect(document.querySelector(".problem .path-name bdi")).not.toBe(null);
  });

  test("says so when there are none", async () => {
    await show({ project: { ...exampleProject, ignoredCount: 12 } });
    await page.getByRole("button", { name: "Problems" }).click();
    await expect
      .element(page.getByText("Every image could be read. 12 other files are not images and were skipped."))
      .toBeVisible();
  });
});

test("undo and redo are buttons and keys", async () => {
  const { calls, store } = await show({ undoTitle: "tag “cat” on 3 images" });
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.hover();
  await expect.element(page.getByText("tag “cat” on 3 images")).toBeVisible();
  await undo.click();
  await expect.element(page.getByRole("button", { name: "Redo" })).toBeDisabled();
  store.setState({ redoTitle: "tag “dog” on 1 image" });
  await userEvent.keyboard("{Control>}z{/Control}{Control>}{Shift>}z{/Shift}{/Control}");
  const names = calls.map(([name]) => name).filter((name) => name === "undo" || name === "redo");
  expect(names).toEqual(["undo", "undo", "redo"]);
});

test("keys that do something elsewhere are letters in a text field", async () => {
  const { calls } = await show({ focused: 3, undoTitle: "tag “cat” on 3 images" });
  await page.getByRole("tab", { name: "Details" }).click();
  await page.getByRole("textbox", { name: "Tag" }).click();
  await userEvent.keyboard("why?{Control>}a{/Control}");
  await expect.element(page.getByRole("textbox", { name: "Tag" })).toHaveValue("why?");
  expect(calls.map(([name]) => name)).not.toContain("markAll");
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
});

test("? lists the keys and Escape closes the list", async () => {
  await show();
  await userEvent.keyboard("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await expect.element(dialog).toHaveTextContent(/Look closer.*Undo/s);
  await userEvent.keyboard("{Escape}");
  await expect.element(dialog).not.toBeInTheDocument();
});

test("the project's menu renames, switches and closes", async () => {
  const other = { ...exampleProject, id: "p2", name: "signs" };
  const { calls } = await show({ projects: [exampleProject, other] });
  const openMenu = () => page.getByRole("button", { name: /clothing$/ }).click();
  await openMenu();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "Project name" }).fill("clothes");
  await userEvent.keyboard("{Enter}");
  await openMenu();
  await page.getByRole("menuitem", { name: /^signs/ }).click();
  await openMenu();
  await page.getByRole("menuitem", { name: "Close project" }).click();
  expect(calls.map(([name, ...args]) => (name === "closeProject" ? [name] : [name, ...args]))).toEqual(
    expect.arrayContaining([["renameProject", "p1", "clothes"], ["openProject", "p2"], ["closeProject"]]),
  );
});

test("the theme follows the system until one is chosen", async () => {
  const { store } = await show();
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  expect(document.documentElement.dataset.theme).toBe(system);
  await page.getByRole("button", { name: "Theme" }).click();
  const chosen = system === "dark" ? "Light" : "Dark";
  await page.getByRole("menuitemradio", { name: chosen }).click();
  expect(store.getState().theme).toBe(chosen.toLowerCase());
  await eventually(() => document.documentElement.dataset.theme).toBe(chosen.toLowerCase());
});

import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { eventually } from "./eventually.ts";
import { exampleProject, fakeWinnow, imageTable, selectionOf, shownState } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

const selection = selectionOf([4, 2, 9]);
const show = () =>
  renderApp(
    fakeWinnow({
      project: { ...exampleProject, name: "a project with a rather long name, as people give them" },
      images: imageTable(5000),
      selections: [selection],
      ...shownState(selection),
      focused: 4,
    }),
    390,
    844,
  );

const names = ["Images", "Map", "Select", "Details"];
const tab = (name: string) => page.getByRole("tab", { name });

test("on a phone every view is a tab and nothing is wider than the screen", async () => {
  await show();
  for (const name of names) {
    await tab(name).click();
    await expect.element(page.getByRole("tabpanel", { name })).toBeVisible();
    expect(document.documentElement.scrollWidth).toBe(390);
    const outside = [...document.querySelectorAll("button, input, select, [role=status]")].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      // The bar of tabs scrolls in itself where there are many.
      const apart = element.closest(".source-inputs, .bottom-tabs") !== null;
      return element.checkVisibility() && !apart && (left < 0 || right > 390);
    });
    expect(outside, name).toEqual([]);
  }
});

test("the regions of the wide page are there under the same names", async () => {
  await show();
  await expect.element(page.getByRole("grid", { name: "Images" })).toBeVisible();
  await expect.element(page.getByRole("region", { name: "Jobs" })).toBeVisible();
  for (const name of names.slice(1)) {
    await tab(name).click();
    await expect.element(page.getByRole("region", { name, exact: true })).toBeVisible();
  }
});

test("the gallery keeps its place while another tab is open", async () => {
  await show();
  const grid = page.getByRole("grid", { name: "Images" });
  await expect.element(page.getByRole("gridcell").first()).toBeVisible();
  grid.element().scrollTop = 30_000;
  await eventually(() => grid.element().scrollTop).toBe(30_000);
  await tab("Select").click();
  await expect.element(page.getByRole("region", { name: "Select" })).toBeVisible();
  await tab("Images").click();
  await expect.element(grid).toBeVisible();
  expect(grid.element().scrollTop).toBe(30_000);
});

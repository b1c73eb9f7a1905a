import { describe, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { eventually } from "./eventually.ts";
import { exampleProject, fakeWinnow, imageTable, selectionOf, shownState } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

const open = (count: number) => fakeWinnow({ project: exampleProject, images: imageTable(count) });
const grid = () => page.getByRole("grid", { name: "Images" });
const cell = (row: number) => page.getByRole("gridcell", { name: new RegExp(`image ${String(row).padStart(6, "0")}`) });
const inPage = () => document.querySelectorAll("[role=gridcell]").length;
const tabStops = () => [...document.querySelectorAll<HTMLElement>("[role=gridcell][tabindex='0']")];

describe("a gallery of 100,000", () => {
  test("has only the cells near the screen in the page and says how many there are", async () => {
    await renderApp(open(100_000));
    await expect.element(cell(0)).toBeVisible();
    expect(inPage()).toBeLessThan(250);
    const element = grid().element();
    const columns = Number(element.getAttribute("aria-colcount"));
    expect(columns).toBeGreaterThan(4);
    expect(Number(element.getAttribute("aria-rowcount"))).toBe(Math.ceil(100_000 / columns));
    await expect.element(page.getByRole("status", { name: "Image count" })).toHaveTextContent("100,000 images");
  });

  test("shows the last image when scrolled to its end, with its place for assistive technology", async () => {
    await renderApp(open(100_000));
    await expect.element(cell(0)).toBeVisible();
    const element = grid().element();
    element.scrollTop = element.scrollHeight;
    await expect.element(cell(99_999)).toBeVisible();
    const line = cell(99_999).element().closest("[role=row]")!;
    expect(line.getAttribute("aria-rowindex")).toBe(element.getAttribute("aria-rowcount"));
    expect(inPage()).toBeLessThan(250);
  });

  test("End and Home move the keyboard's focus to the last and first image", async () => {
    const { store } = await shown(100_000);
    cell(0).element().focus();
    await userEvent.keyboard("{End}");
    await expect.element(cell(99_999)).toHaveFocus();
    expect(store.getState().focused).toBe(99_999);
    await userEvent.keyboard("{Home}");
    await expect.element(cell(0)).toHaveFocus();
  });
});

async function shown(count: number) {
  const fake = open(count);
  await renderApp(fake);
  await expect.element(cell(0)).toBeVisible();
  return fake;
}

describe("keys in the gallery", () => {
  test("arrows move one tab stop, by a column and by a line", async () => {
    const { store } = await shown(500);
    const columns = Number(grid().element().getAttribute("aria-colcount"));
    cell(0).element().focus();
    await userEvent.keyboard("{ArrowRight}");
    await expect.element(cell(1)).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}");
    await expect.element(cell(1 + columns)).toHaveFocus();
    expect(tabStops()).toEqual([cell(1 + columns).element()]);
    expect(store.getState().focused).toBe(1 + columns);
    expect(store.getState().marked.size).toBe(0);
    await userEvent.keyboard("{ArrowUp}{ArrowUp}");
    await expect.element(cell(1)).toHaveFocus();
  });

  test("the focus is still there after its line has scrolled far away", async () => {
    await shown(20_000);
    cell(0).element().focus();
    await userEvent.keyboard("{ArrowRight}");
    const element = grid().element();
    element.scrollTop = 8000;
    const lines = () => [...element.querySelectorAll("[aria-rowindex]")].map((line) => Number(line.ariaRowIndex));
    await eventually(() => Math.max(...lines())).toBeGreaterThan(60);
    expect(lines()).not.toContain(10);
    expect(document.activeElement).toBe(cell(1).element());
  });

  test("Space looks closer, Escape returns to the same cell", async () => {
    const { store } = await shown(50);
    cell(0).element().focus();
    await userEvent.keyboard("{ArrowRight} ");
    await expect.element(page.getByRole("dialog")).toBeVisible();
    expect(store.getState()).toMatchObject({ focused: 1, enlarged: true });
    await userEvent.keyboard("{Escape}");
    await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
    await expect.element(cell(1)).toHaveFocus();
  });

  test("Ctrl+A marks all, Escape clears, Enter toggles, Shift and arrows mark on the way and back", async () => {
    const { store } = await shown(500);
    const marked = () => [...store.getState().marked.rows];
    cell(0).element().focus();
    await userEvent.keyboard("{Control>}a{/Control}");
    expect(marked()).toHaveLength(500);
    await userEvent.keyboard("{Escape}");
    expect(marked()).toEqual([]);
    await userEvent.keyboard("{Enter}");
    expect(marked()).toEqual([0]);
    await userEvent.keyboard("{Shift>}{ArrowRight}{ArrowRight}{/Shift}");
    expect(marked()).toEqual([0, 1, 2]);
    await userEvent.keyboard("{Shift>}{ArrowLeft}{/Shift}");
    expect(marked()).toEqual([0, 1]);
  });
});

describe("pointer in the gallery", () => {
  test("click marks one, Ctrl adds and takes away, Shift marks the range from the last click", async () => {
    const { store } = await shown(500);
    const marked = () => [...store.getState().marked.rows];
    await cell(2).click();
    await cell(5).click();
    expect(marked()).toEqual([5]);
    await cell(7).click({ modifiers: ["Control"] });
    expect(marked()).toEqual([5, 7]);
    await cell(5).click({ modifiers: ["Control"] });
    expect(marked()).toEqual([7]);
    await cell(3).click();
    await cell(6).click({ modifiers: ["Shift"] });
    expect(marked()).toEqual([3, 4, 5, 6]);
    await expect.element(cell(4)).toHaveAttribute("aria-selected", "true");
    await expect.element(cell(7)).toHaveAttribute("aria-selected", "false");
    await expect.element(page.getByText("4 marked")).toBeVisible();
  });

  test("double click looks closer", async () => {
    await shown(50);
    await cell(3).dblClick();
    await expect.element(page.getByRole("dialog", { name: /image 000003/ })).toBeVisible();
  });

  test("the buttons beside the marked count invert and clear", async () => {
    const { store } = await shown(20);
    await cell(3).click();
    await page.getByRole("button", { name: "Invert marks" }).click();
    expect(store.getState().marked.size).toBe(19);
    await page.getByRole("button", { name: "Clear marks" }).click();
    expect(store.getState().marked.size).toBe(0);
  });
});

test("a row focused elsewhere comes into view", async () => {
  const { store } = await shown(20_000);
  store.setState({ focused: 15_000 });
  await expect.element(cell(15_000)).toBeVisible();
});

test("thumbnails fill their cells", async () => {
  await shown(50);
  await eventually(() => cell(0).element().querySelector("img")?.naturalWidth).toBe(96);
  const image = cell(0).element().querySelector("img")!.getBoundingClientRect();
  const box = cell(0).element().getBoundingClientRect();
  expect(image.width).toBeCloseTo(box.width, 0);
  expect(image.height).toBeCloseTo(box.height, 0);
});

test("changing the size keeps the image at the top where it is", async () => {
  const { store } = await shown(20_000);
  store.setState({ focused: -1 });
  grid().element().scrollTop = 40_000;
  const topPath = () => {
    const box = grid().element().getBoundingClientRect();
    const at = document.elementFromPoint(box.left + 40, box.top + 40)?.closest("[role=gridcell]");
    return Number(at?.getAttribute("data-row"));
  };
  await eventually(topPath).toBeGreaterThan(1000);
  const before = topPath();
  const columnsBefore = Number(grid().element().getAttribute("aria-colcount"));
  store.setState({ cellSize: 200 });
  await eventually(() => Number(grid().element().getAttribute("aria-colcount"))).toBeLessThan(columnsBefore);
  await eventually(() => Math.abs(topPath() - before)).toBeLessThan(2 * columnsBefore);
});

test("picks show their rank, and the count is a status that begins with the number", async () => {
  const selection = selectionOf([4, 2, 9]);
  await renderApp(
    fakeWinnow({ project: exampleProject, images: imageTable(30), selections: [selection], ...shownState(selection) }),
  );
  await expect.element(cell(2)).toHaveTextContent("2");
  await expect.element(cell(2)).toHaveAccessibleName(/, pick 2$/);
  await expect
    .element(page.getByRole("status", { name: "Selected count" }))
    .toHaveTextContent(/^3 chosen · radius 1\.07$/);
});

test("nothing is said about chosen images before any are chosen", async () => {
  await shown(30);
  await expect.element(page.getByRole("status", { name: "Selected count" })).not.toBeInTheDocument();
});

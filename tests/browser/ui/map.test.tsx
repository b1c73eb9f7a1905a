import { expect, test } from "vitest";
import { page } from "vitest/browser";
import type { WinnowState } from "../../../src/state/state.ts";
import { eventually } from "./eventually.ts";
import { exampleProject, fakeWinnow, imageTable, selectionOf, shownState } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

const region = () => page.getByRole("region", { name: "Map" });
const plot = () => region().getByRole("application");

/** Row 7 in the middle, row 8 a little above it, all others in the corners. */
const places = () => {
  const xy = new Float32Array(40 * 2);
  for (let row = 0; row < 40; row++) xy.set([row % 2 ? 1 : -1, row % 4 < 2 ? 1 : -1], row * 2);
  xy.set([0, 0, 0, 0.3], 14);
  return xy;
};

async function show(state: Partial<WinnowState> = {}) {
  const selection = selectionOf([3, 7, 9]);
  const fake = fakeWinnow({
    project: exampleProject,
    images: imageTable(40),
    xy: places(),
    selections: [selection],
    ...shownState(selection),
    ...state,
  });
  await renderApp(fake);
  return fake;
}

const middle = () => {
  const { left, top, width, height } = plot().element().getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
};

const point = (type: string, dx: number, dy: number) => {
  const { x, y } = middle();
  const at = { clientX: x + dx, clientY: y + dy, pointerId: 1, button: 0, bubbles: true, cancelable: true };
  region().element().querySelector(".map-overlay")!.dispatchEvent(new PointerEvent(type, at));
};

test("the point under the pointer shows its image, name and pick", async () => {
  await show();
  await eventually(() => document.querySelector(".map-overlay")).not.toBeNull();
  point("pointermove", 1, 1);
  const card = region().getByRole("figure");
  await expect.element(card).toHaveTextContent(/image 000007\.jpg.*pick 2.*from pick 1/);
  await eventually(() => card.element().querySelector("img")?.naturalWidth).toBe(96);
  point("pointermove", 60, 5);
  await expect.element(card).not.toBeInTheDocument();
});

test("a click marks and focuses in the gallery too, a double click looks closer", async () => {
  const { store } = await show();
  const { width, height } = plot().element().getBoundingClientRect();
  await plot().click({ position: { x: width / 2, y: height / 2 } });
  expect(store.getState().focused).toBe(7);
  expect([...store.getState().marked.rows]).toEqual([7]);
  await expect.element(page.getByRole("gridcell", { name: /000007/ })).toHaveAttribute("aria-selected", "true");
  await plot().dblClick({ position: { x: width / 2, y: height / 2 } });
  await expect.element(page.getByRole("dialog")).toHaveAccessibleName(/000007/);
});

test("a lasso marks what it encloses and is then put away", async () => {
  const { store } = await show();
  const button = region().getByRole("button", { name: "Lasso" });
  await expect.element(button).toHaveAttribute("aria-pressed", "false");
  await button.click();
  await expect.element(button).toHaveAttribute("aria-pressed", "true");
  const { height } = plot().element().getBoundingClientRect();
  const reach = height * 0.3;
  // The pointer is not a real one, so there is none to capture.
  const overlay = region().element().querySelector<HTMLElement>(".map-overlay")!;
  overlay.setPointerCapture = () => {};
  point("pointerdown", -reach, -reach);
  for (const [dx, dy] of [
    [reach, -reach],
    [reach, reach],
    [-reach, reach],
  ] as const)
    point("pointermove", dx, dy);
  point("pointerup", -reach, reach);
  expect([...store.getState().marked.rows]).toEqual([7, 8]);
  await expect.element(button).toHaveAttribute("aria-pressed", "false");
});

test("projection and colour are chosen by name, and the legend counts", async () => {
  const { store } = await show();
  const legend = region().getByRole("list", { name: "Legend" });
  await expect.element(legend).toHaveTextContent(/folder 0 40.*chosen 3/s);
  await region().getByRole("combobox", { name: "Projection" }).selectOptions("UMAP");
  expect(store.getState().projection).toBe("UMAP");
  await region().getByRole("combobox", { name: "Colour by" }).selectOptions("chosen");
  await expect.element(legend).toHaveTextContent(/chosen 3.*not chosen 37/s);
});

test("says why there is no map yet", async () => {
  await show({ xy: null, mapEmpty: "The map appears with the first images." });
  await expect.element(region().getByText("The map appears with the first images.")).toBeVisible();
  await expect.element(region().getByRole("button", { name: "Lasso" })).toBeDisabled();
});

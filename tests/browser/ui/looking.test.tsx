import { describe, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { WinnowError } from "../../../src/core/errors.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import type { Actions } from "../../../src/state/actions.ts";
import type { WinnowState } from "../../../src/state/state.ts";
import { eventually } from "./eventually.ts";
import { exampleProject, fakeWinnow, imageTable } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

async function show(state: Partial<WinnowState>, actions: Partial<Actions> = {}) {
  const fake = fakeWinnow({ project: exampleProject, images: imageTable(100), ...state }, actions);
  await renderApp(fake);
  return fake;
}

describe("large view", () => {
  const dialog = () => page.getByRole("dialog");
  const original = () => dialog().getByRole("img", { name: /image 0000/ });

  test("shows the original with path, dimensions and size", async () => {
    await show({ focused: 4, enlarged: true });
    await expect.element(dialog()).toHaveAccessibleName("folder 0/image 000004.jpg");
    await expect.element(dialog()).toHaveTextContent(/5 of 100.*896 × 480 px.*72 kB/);
    await expect.element(original()).toBeVisible();
    await eventually(() => (original().element() as HTMLImageElement).naturalWidth).toBe(640);
  });

  test("arrows go through the gallery's order and stop at its ends", async () => {
    const order = Uint32Array.from({ length: 100 }, (_, place) => 99 - place);
    const { store } = await show({ focused: 98, enlarged: true, order });
    await expect.element(dialog()).toBeVisible();
    await userEvent.keyboard("{ArrowRight}");
    expect(store.getState().focused).toBe(97);
    await userEvent.keyboard("{ArrowLeft}{ArrowLeft}{ArrowLeft}");
    expect(store.getState().focused).toBe(99);
    await expect.element(dialog()).toHaveAccessibleName("folder 2/image 000099.jpg");
  });

  test("Space closes it", async () => {
    const { store } = await show({ focused: 4, enlarged: true });
    await expect.element(dialog()).toBeVisible();
    await userEvent.keyboard(" ");
    expect(store.getState().enlarged).toBe(false);
    await expect.element(dialog()).not.toBeInTheDocument();
  });

  test("a click shows actual pixels and another one fits again", async () => {
    await show({ focused: 4, enlarged: true });
    await expect.element(original()).toBeVisible();
    const width = () => original().element().getBoundingClientRect().width;
    const fitted = width();
    await original().click();
    await eventually(width).not.toBe(fitted);
    await original().click();
    await eventually(width).toBe(fitted);
  });

  test("the wheel zooms around the pointer", async () => {
    await show({ focused: 4, enlarged: true });
    await expect.element(original()).toBeVisible();
    const before = original().element().getBoundingClientRect();
    const at = { clientX: before.left + before.width / 4, clientY: before.top + before.height / 2 };
    original()
      .element()
      .dispatchEvent(new WheelEvent("wheel", { ...at, deltaY: -200, bubbles: true, cancelable: true }));
    await eventually(() => original().element().getBoundingClientRect().width).toBeGreaterThan(before.width * 1.5);
    const after = original().element().getBoundingClientRect();
    expect((at.clientX - after.left) / after.width).toBeCloseTo(0.25, 1);
  });

  test("asks for access to the folder once more, and then shows the original", async () => {
    let allowed = false;
    const blob = await fakeWinnow().actions.original(4);
    await show(
      { focused: 4, enlarged: true },
      {
        original: () => (allowed ? Promise.resolve(blob) : Promise.reject(new WinnowError("permission", "no"))),
        reconnect: async () => {
          allowed = true;
          return true;
        },
      },
    );
    const button = dialog().getByRole("button", { name: "Allow access to the folder" });
    await button.click();
    await expect.element(original()).toBeVisible();
    await expect.element(button).not.toBeInTheDocument();
  });

  test("says that a file is gone, beside its thumbnail", async () => {
    await show({ focused: 4, enlarged: true }, { original: () => Promise.reject(new WinnowError("vanished", "gone")) });
    await expect.element(dialog().getByText(/moved, renamed or deleted/)).toBeVisible();
    await eventually(() => dialog().element().querySelectorAll("img.large-image").length).toBe(1);
  });
});

describe("Details", () => {
  const panel = () => page.getByRole("region", { name: "Details" });
  const openPanel = () => page.getByRole("tab", { name: "Details" }).click();

  test("says what would fill it", async () => {
    await show({});
    await openPanel();
    await expect.element(panel().getByText("Nothing is marked")).toBeVisible();
  });

  test("shows what is known about the focused image and tags only that", async () => {
    const { calls } = await show({ focused: 4 });
    await openPanel();
    await expect.element(panel()).toHaveTextContent(/folder 0\/image 000004\.jpg.*896 × 480 px.*72 kB.*SHA-2560{63}4/);
    await panel().getByRole("textbox", { name: "Tag" }).fill("blurred");
    await panel().getByRole("button", { name: "Add tag" }).click();
    const [, name, rows] = calls.find(([action]) => action === "addTag")!;
    expect([name, ...(rows as Uint32Array)]).toEqual(["blurred", 4]);
    await expect.element(panel().getByText("blurred")).toBeVisible();
    await panel().getByRole("button", { name: "Remove tag blurred" }).click();
    // Beside it the camera's notes are asked for, in their own time.
    expect(calls.find(([action]) => action === "removeTag")?.slice(0, 2)).toEqual(["removeTag", "blurred"]);
  });

  test("sums up several marked images and tags all of them", async () => {
    const marked = RowSet.of([1, 5, 9]);
    const { calls } = await show({ focused: 4, marked, tags: new Map([["dark", RowSet.of([5, 9, 20])]]) });
    await openPanel();
    await expect.element(panel()).toHaveTextContent(/3 images marked · \d+ kB/);
    await expect.element(panel().getByText("2 of 3")).toBeVisible();
    await expect
      .element(panel().getByRole("textbox", { name: "Tag" }))
      .toHaveAttribute("placeholder", "Tag 3 marked images");
    await panel().getByRole("textbox", { name: "Tag" }).fill("keep");
    await userEvent.keyboard("{Enter}");
    const [, , rows] = calls.find(([action]) => action === "addTag")!;
    expect([...(rows as Uint32Array)]).toEqual([1, 5, 9]);
  });
});

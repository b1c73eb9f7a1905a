import { describe, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Search } from "../../../src/state/state.ts";
import { exampleProject, fakeWinnow, imageTable } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

const vocabulary = {
  names: ["tabby", "beagle", "teapot"],
  groups: [{ word: "dog", classes: Uint16Array.of(1) }],
};
const box = () => page.getByRole("combobox", { name: "Search" });
// The selects of the page have options, too.
const list = () => page.getByRole("listbox").last();
const option = (name: string | RegExp) => list().getByRole("option", { name });
const bar = () => page.getByRole("region", { name: "Search in force" });

const open = async (search: Search | null = null, textTower: string | null = null) => {
  const fake = fakeWinnow({ project: exampleProject, images: imageTable(60), vocabulary, search, textTower });
  await renderApp(fake);
  await expect.element(box()).toBeVisible();
  return fake;
};

const examples: Search = {
  kind: "examples",
  object: null,
  title: "",
  positives: [3, 5],
  negatives: [7],
  outside: null,
  values: new Float32Array(60),
};

describe("the search box", () => {
  test("offers classes, values and paths, and does what is chosen", async () => {
    const { calls } = await open();
    await userEvent.keyboard("/");
    await expect.element(box()).toHaveFocus();
    await userEvent.keyboard("dog");
    await expect.element(option(/^dog/)).toBeVisible();
    await userEvent.keyboard("{Enter}");
    expect(calls).toContainEqual(["findWord", { word: "dog", classes: Uint16Array.of(1) }]);
    await expect.element(box()).toHaveValue("");

    await box().fill("folder 1");
    await option(/^folder 1/).click();
    expect(calls).toContainEqual(["setCondition", "folder", { field: "folder", kind: "values", values: ["folder 1"] }]);

    await box().fill("000012");
    await option("path contains “000012”").click();
    expect(calls).toContainEqual(["setCondition", "path", { field: "path", kind: "text", text: "000012" }]);
  });

  test("offers any words first where a text tower reads them, and otherwise how to get one", async () => {
    const { calls, store } = await open(null, "text\u202e.onnx");
    await box().fill("a dog in the rain");
    await expect.element(option(/^match “a dog in the rain”/)).toBeVisible();
    await userEvent.keyboard("{Enter}");
    expect(calls).toContainEqual(["findText", "a dog in the rain"]);

    store.setState({ textTower: null });
    await box().fill("a dog in the rain");
    await expect.element(option(/^match/)).not.toBeInTheDocument();
    await option("Needs a model that reads words: choose one").click();
    expect(calls).toContainEqual(["openScreen", "models"]);
  });

  test("says nothing for nothing, and a slash in it is a slash", async () => {
    await open();
    await box().click();
    await userEvent.keyboard("a/b");
    await expect.element(box()).toHaveValue("a/b");
    await userEvent.keyboard("{Escape}");
    await box().fill("");
    await expect.element(page.getByText("Images by name")).not.toBeInTheDocument();
  });
});

describe("the search in force", () => {
  test("shows its examples, which can be taken away and added", async () => {
    const { calls, store } = await open(examples);
    await expect.element(bar()).toBeVisible();
    await page.getByRole("button", { name: /^Remove example .*image 000003/ }).click();
    expect(calls).toContainEqual(["findSimilar", { positives: [5] }]);
    await page.getByRole("gridcell", { name: /image 000009/ }).click();
    await page.getByRole("button", { name: "Unlike the marked images" }).click();
    expect(calls).toContainEqual(["findSimilar", { negatives: [7, 9], positives: [3, 5] }]);
    store.setState({ search: null });
    await expect.element(bar()).not.toBeInTheDocument();
  });

  test("shows the words that were looked for, whatever is in them", async () => {
    const words = { ...examples, positives: [], negatives: [], kind: "text" as const };
    const { store } = await open({ ...words, title: `a\u202e ${"very ".repeat(400)}long text` }, "text.onnx");
    await expect.element(bar()).toHaveTextContent(/^Match “a.*U\+202E.*very/);
    expect(bar().element().clientHeight).toBeLessThan(80);
    await bar().getByRole("button", { name: "in the model’s eyes" }).hover();
    await expect.element(page.getByText(/^Ranked by the cosine/)).toHaveTextContent("text.onnx");
    store.setState({ search: null });
    await expect.element(bar()).not.toBeInTheDocument();
  });

  test("marks the first so many, or brings the best to the front", async () => {
    const { calls, store } = await open(examples);
    await bar().getByRole("button", { name: "Best first" }).click();
    expect(calls).toContainEqual(["setSort", "similarity", true]);
    store.setState({ sortBy: "similarity", sortDescending: true });
    await bar().getByRole("spinbutton").fill("3");
    await bar().getByRole("button", { name: "Mark the first" }).click();
    expect([...store.getState().marked.rows]).toEqual([0, 1, 2]);
  });
});

test("details say what the camera wrote and what is most alike; a click goes there", async () => {
  const { store } = await open();
  await page.getByRole("gridcell", { name: /image 000002/ }).click();
  await page.getByRole("tab", { name: "Details" }).click();
  await expect.element(page.getByText("Box 2", { exact: true })).toBeVisible();
  const strip = page.getByRole("region", { name: "Most similar images" });
  await strip.getByRole("button", { name: /image 000003\.jpg, similarity 0\.90/ }).click();
  expect(store.getState().focused).toBe(3);
  expect([...store.getState().marked.rows]).toEqual([3]);
  await expect.element(page.getByText("Box 3", { exact: true })).toBeVisible();
});

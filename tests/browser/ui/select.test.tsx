import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { RowSet } from "../../../src/core/rowSet.ts";
import type { WinnowState } from "../../../src/state/state.ts";
import { eventually } from "./eventually.ts";
import { exampleProject, fakeWinnow, imageTable, selectionOf, shownState } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

const panel = () => page.getByRole("region", { name: "Select" });
const howMany = () => panel().getByRole("spinbutton", { name: "How many" });
const select = () => panel().getByRole("button", { name: "Select", exact: true });
const earlier = () => panel().getByRole("checkbox", { name: /^Count images chosen earlier/ });

async function show(state: Partial<WinnowState> = {}, images = 713) {
  const fake = fakeWinnow({ project: exampleProject, images: imageTable(images), ...state });
  await renderApp(fake);
  return fake;
}

test("asks for 50 unless another number is typed", async () => {
  const { calls } = await show();
  await expect.element(howMany()).toHaveValue(50);
  await select().click();
  await howMany().fill("120");
  await select().click();
  const asked = calls.filter(([name]) => name === "select").map(([, options]) => options);
  const diversity = [{ input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } }];
  expect(asked).toEqual([
    { title: "", config: { nSamples: 50, strategies: diversity }, countEarlier: false, onlyShown: false },
    { title: "", config: { nSamples: 120, strategies: diversity }, countEarlier: false, onlyShown: false },
  ]);
});

test("presets say when they help, and ask for what they need", async () => {
  const { calls, store } = await show();
  const what = panel().getByRole("combobox", { name: "What" });
  await expect.element(panel().getByText(/Finds rare and odd cases/)).toBeVisible();
  await what.selectOptions("Balanced");
  await expect.element(panel().getByText(/As many of each value/)).toBeVisible();
  await expect.element(panel().getByRole("combobox", { name: "By" })).toHaveValue("folder");
  await select().click();
  expect(calls).toContainEqual([
    "select",
    expect.objectContaining({
      title: "balanced",
      config: {
        nSamples: 50,
        strategies: [
          { input: { type: "METADATA", key: "folder" }, strategy: { type: "BALANCE", distribution: "UNIFORM" } },
          { input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } },
        ],
      },
    }),
  ]);
  await what.selectOptions("Similar to a tag");
  await expect.element(panel().getByText("Tag a few images first: the picks will be like them.")).toBeVisible();
  await expect.element(select()).toBeDisabled();
  store.setState({ tags: new Map([["cat", RowSet.of([1, 2])]]) });
  await expect.element(panel().getByRole("combobox", { name: "Tag" })).toHaveValue("cat");
  await expect.element(select()).toBeEnabled();
});

test("the configuration can be edited as JSON, and says what is wrong with it", async () => {
  const { calls } = await show();
  await howMany().fill("7");
  await panel().getByRole("button", { name: "Edit as JSON" }).click();
  const editor = panel().getByRole("textbox", { name: "Selection configuration" });
  await expect
    .element(editor)
    .toHaveValue(
      `${JSON.stringify({ n_samples: 7, strategies: [{ input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } }] }, null, 2)}\n`,
    );
  await editor.fill("{");
  await expect.element(panel().getByText(/This is no JSON yet/)).toBeVisible();
  await expect.element(select()).toBeDisabled();
  const strategies = [{ input: { type: "EMBEDDINGS" }, strategy: { type: "TYPICLITY" } }];
  await editor.fill(JSON.stringify({ n_samples: 3, strategies }));
  await expect.element(panel().getByText(/did you mean “TYPICALITY”/)).toBeVisible();
  await editor.fill(JSON.stringify({ proportion_samples: 0.1, strategies }).replace("TYPICLITY", "TYPICALITY"));
  await select().click();
  expect(calls).toContainEqual([
    "select",
    {
      title: "by configuration",
      config: {
        proportionSamples: 0.1,
        strategies: [{ input: { type: "EMBEDDINGS" }, strategy: { type: "TYPICALITY" } }],
      },
      countEarlier: false,
      onlyShown: false,
    },
  ]);
  await panel().getByRole("button", { name: "Back to the presets" }).click();
  await expect.element(howMany()).toHaveValue(7);
});

test("says when more are asked for than there are, and still chooses all of them", async () => {
  const { calls } = await show();
  await howMany().fill("900");
  await expect.element(panel().getByText("Only 713 images are left: all of them will be chosen.")).toBeVisible();
  await select().click();
  expect(calls).toContainEqual([
    "select",
    expect.objectContaining({ config: expect.objectContaining({ nSamples: 900 }), countEarlier: false }),
  ]);
});

test.each(["0", "-3", "2.5", ""])("refuses “%s” with a reason", async (typed) => {
  await show();
  await howMany().fill(typed);
  await expect.element(select()).toBeDisabled();
  await expect.element(howMany()).toHaveAccessibleDescription("Ask for a whole number of images, at least 1.");
});

test("offers to count earlier picks, each image once, and what is left follows", async () => {
  const selections = [selectionOf([1, 2, 3], "First"), selectionOf([3, 4], "Second")];
  const { calls } = await show({ selections }, 100);
  await expect.element(earlier()).toHaveAccessibleName("Count images chosen earlier as already chosen (4)");
  await earlier().click();
  await expect.element(panel().getByText("of 96")).toBeVisible();
  await select().click();
  expect(calls).toContainEqual(["select", expect.objectContaining({ countEarlier: true, onlyShown: false })]);
});

test("does not offer to count earlier picks before there are any", async () => {
  await show();
  await expect.element(select()).toBeVisible();
  await expect.element(earlier()).not.toBeInTheDocument();
});

test("waits while a selection runs", async () => {
  const job = { id: "j", name: "Selecting", status: "running", done: 3, total: 50, unit: "images" } as const;
  await show({ jobs: [{ ...job, rate: null, secondsLeft: null, note: "", canPause: false, canCancel: true }] });
  await expect.element(panel().getByRole("button", { name: "Selecting…" })).toBeDisabled();
});

test("shows the radius of these picks, of random ones, and the curve of both", async () => {
  const selection = selectionOf([8, 5, 30, 2]);
  await show({ selections: [selection], ...shownState(selection) });
  const coverage = panel().getByRole("region", { name: "Coverage" });
  await expect.element(coverage).toHaveTextContent(/these picks 1\.02.*random 1\.23/);
  const curve = coverage.getByRole("img", {
    name: /falls from 1\.40 after 1 pick to 1\.02 after 4; random picks reach 1\.23/,
  });
  await expect.element(curve).toBeVisible();
  const canvas = () => curve.element().querySelector("canvas");
  await eventually(() => canvas()?.width ?? 0).toBeGreaterThan(200);
  const { width, height } = canvas()!;
  const pixels = canvas()!.getContext("2d")!.getImageData(0, 0, width, height).data;
  expect(pixels.some((value) => value > 0)).toBe(true);
});

test("says why the focused pick was taken", async () => {
  const selection = selectionOf([8, 5, 30, 2]);
  const { store } = await show({ selections: [selection], ...shownState(selection), focused: 30 });
  await expect
    .element(panel().getByText("Pick 3: farthest from everything chosen before, 1.20 from pick 2."))
    .toBeVisible();
  store.setState({ focused: 8 });
  await expect.element(panel().getByText("Pick 1: where it begins, the first image of the project.")).toBeVisible();
});

test("earlier selections can be shown, hidden, renamed and deleted", async () => {
  const selections = [selectionOf([1, 2, 3], "First"), selectionOf([3, 4], "Second")];
  const { calls, store } = await show({ selections });
  const first = panel().getByRole("switch", { name: /^First 3 images/ });
  await first.click();
  expect(store.getState().shown?.name).toBe("First");
  await expect.element(first).toBeChecked();
  await first.click();
  expect(store.getState().shown).toBe(null);

  await panel().getByRole("listitem").filter({ hasText: "Second" }).getByRole("button", { name: "Rename" }).click();
  const field = panel().getByRole("textbox", { name: "Selection name" });
  await field.fill("for labelling");
  (field.element() as HTMLInputElement).blur();
  expect(calls).toContainEqual(["renameSelection", "Second", "for labelling"]);

  const line = panel().getByRole("listitem").filter({ hasText: "First" });
  await line.getByRole("button", { name: "Choose 3 more" }).click();
  expect(calls).toContainEqual(["continueSelection", "First"]);
  await line.getByRole("button", { name: "Tag its images" }).click();
  expect(calls).toContainEqual(["addTag", "First", Uint32Array.of(1, 2, 3)]);
  await line.getByRole("button", { name: "Delete" }).click();
  expect(calls).toContainEqual(["deleteSelection", "First"]);
});

test("names that tests rely on stay the only ones of their kind, whatever selections are called", async () => {
  const selection = selectionOf([1, 2, 3], "Selection 1");
  await show({ selections: [selection], ...shownState(selection), focused: 2 });
  await expect.element(page.getByRole("region", { name: "Select" })).toBeVisible();
  await expect.element(panel().getByRole("button", { name: "Select" })).toBeVisible();
});

import { expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Field } from "../../../src/core/explore/field.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import type { CoverageCurves } from "../../../src/core/selection/measured.ts";
import type { SelectOptions } from "../../../src/state/actions.ts";
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

const diversity = { input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } };
const asked = (calls: [name: string, ...args: unknown[]][]) =>
  calls.filter(([name]) => name === "select").map(([, options]) => options as SelectOptions);
const card = (name: string) => panel().getByRole("listitem", { name, exact: true });

test("asks for 50 unless another number is typed", async () => {
  const { calls } = await show();
  await expect.element(howMany()).toHaveValue(50);
  await select().click();
  await howMany().fill("120");
  await select().click();
  const none = { alreadyChosen: new Uint32Array(0), onlyShown: false, withExcluded: false };
  expect(asked(calls)).toEqual([
    { title: "", config: { nSamples: 50, strategies: [diversity] }, ...none },
    { title: "", config: { nSamples: 120, strategies: [diversity] }, ...none },
  ]);
});

test("a share of all, or as many as are far enough apart, can be asked for", async () => {
  const { calls } = await show();
  await panel().getByRole("combobox", { name: "Number of images in" }).selectOptions("% of all");
  await howMany().fill("5");
  await select().click();
  await howMany().fill("0");
  await expect.element(howMany()).toHaveAccessibleDescription("Ask for a share above 0 % and up to 100 %.");
  await panel().getByRole("combobox", { name: "Number of images in" }).selectOptions("as many as fit");
  const apart = panel().getByRole("spinbutton", { name: "at least apart" });
  await expect.element(apart).toHaveValue(0.5);
  await expect.element(panel().getByText("Up to 713 images, until a condition stops it.")).toBeVisible();
  await apart.fill("0.75");
  await select().click();
  await apart.fill("");
  await expect.element(panel().getByText(/n_samples is −1, no limit, but no strategy has a stopping/)).toBeVisible();
  await expect.element(select()).toBeDisabled();
  expect(asked(calls).map(({ config }) => config)).toEqual([
    { proportionSamples: 0.05, strategies: [diversity] },
    {
      nSamples: -1,
      strategies: [{ ...diversity, strategy: { type: "DIVERSITY", stoppingConditionMinimumDistance: 0.75 } }],
    },
  ]);
});

test("presets say when they help, fill the cards, and ask for what they need", async () => {
  const { calls, store } = await show();
  const what = panel().getByRole("combobox", { name: "What" });
  await expect.element(panel().getByText(/Finds rare and odd cases/)).toBeVisible();
  await what.selectOptions("Balanced");
  await expect.element(panel().getByText(/As many of each value/)).toBeVisible();
  await expect.element(card("1 Balance")).toBeVisible();
  await expect.element(card("2 Diversity")).toBeVisible();
  await select().click();
  expect(asked(calls)[0]).toMatchObject({
    title: "balanced",
    config: {
      nSamples: 50,
      strategies: [
        { input: { type: "METADATA", key: "folder" }, strategy: { type: "BALANCE", distribution: "UNIFORM" } },
        diversity,
      ],
    },
  });
  const option = (name: string | RegExp) => panel().getByRole("option", { name });
  await expect.element(option("Similar to a tag (needs a tag on a few images)")).toBeDisabled();
  await expect.element(option("Uncertain and diverse (CORAL) (needs scores of a model)")).toBeDisabled();
  const margin: Field = {
    id: "score:probe/uncertainty_margin",
    title: "Margin",
    kind: "number",
    unit: "score",
    values: Float64Array.from({ length: 713 }, (_, row) => row / 713),
  };
  store.setState(({ fields }) => ({ fields: [...fields, margin], tags: new Map([["cat", RowSet.of([1, 2])]]) }));
  await what.selectOptions("Uncertain, diverse, typical");
  await select().click();
  expect(asked(calls)[1]!.config.strategies).toEqual([
    diversity,
    { ...diversity, strategy: { type: "TYPICALITY" } },
    { input: { type: "SCORES", task: "probe", score: "uncertainty_margin" }, strategy: { type: "WEIGHTS" } },
  ]);
  await what.selectOptions("Uncertain and representative");
  await select().click();
  expect(asked(calls)[2]!.config.strategies[0]!.strategy).toMatchObject({ demand: { task: "probe" } });
  await what.selectOptions("Similar to a tag");
  await expect.element(panel().getByRole("combobox", { name: "Tag", exact: true })).toHaveValue("cat");
});

test("“Similar to these” tags the marked images and goes by the tag", async () => {
  const { calls } = await show({ marked: RowSet.of([4, 9]) });
  await panel().getByRole("combobox", { name: "What" }).selectOptions("Similar to these");
  await select().click();
  expect(calls).toContainEqual(["addTag", "like these", Uint32Array.of(4, 9)]);
  expect(asked(calls)[0]!.config.strategies[0]).toEqual({
    input: { type: "EMBEDDINGS", tagName: "like these" },
    strategy: { type: "SIMILARITY" },
  });
});

test("strategies are added, set, moved with the keyboard and removed", async () => {
  const { calls } = await show();
  const add = async (kind: string) => {
    await panel().getByRole("button", { name: "Add strategy" }).click();
    await page.getByRole("menuitem", { name: kind, exact: true }).click();
  };
  await panel().getByRole("button", { name: "Add strategy" }).click();
  for (const kind of [
    "Diversity",
    "Coverage",
    "Weights",
    "Threshold",
    "Balance",
    "Similarity",
    "Typicality",
    "Random",
  ]) {
    await expect.element(page.getByRole("menuitem", { name: kind, exact: true })).toBeInTheDocument();
  }
  await expect.element(page.getByRole("menuitem", { name: "Similarity" })).toHaveAttribute("aria-disabled", "true");
  await userEvent.keyboard("{Escape}");
  await add("Typicality");
  await add("Threshold");
  await add("Random");
  const strength = card("2 Typicality").getByRole("slider", { name: "2 Typicality strength" });
  await strength.fill("-0.5");
  await expect.element(card("2 Typicality").getByRole("spinbutton", { name: /strength/ })).toHaveValue(-1);
  await expect.element(card("2 Typicality").getByText(/far from all others, the outliers/)).toBeVisible();
  const threshold = card("3 Threshold");
  await threshold.getByRole("combobox", { name: "Only" }).selectOptions("file size");
  await threshold.getByRole("spinbutton", { name: "Threshold" }).fill("100000");
  await threshold.getByRole("combobox", { name: "is" }).selectOptions("at most");
  await expect.element(panel().getByText(/^Of 713 images: \d+ left out by strategy 3\.$/)).toBeVisible();

  await card("4 Random").getByRole("button", { name: "Remove 4 Random" }).click();
  const up = card("3 Threshold").getByRole("button", { name: "Move 3 Threshold up" });
  (up.element() as HTMLElement).focus();
  await userEvent.keyboard("{Alt>}{ArrowUp}{/Alt}");
  await expect.element(card("2 Threshold")).toBeVisible();
  expect(document.activeElement?.closest("li")?.getAttribute("aria-label")).toBe("2 Threshold");
  await userEvent.keyboard("{Alt>}{ArrowUp}{/Alt}");
  await expect.element(card("1 Threshold")).toBeVisible();
  await select().click();
  expect(asked(calls)[0]).toMatchObject({
    title: "threshold × diversity × typicality",
    config: {
      strategies: [
        {
          input: { type: "METADATA", key: "bytes" },
          strategy: { type: "THRESHOLD", threshold: 100_000, operation: "SMALLER_EQUAL" },
        },
        diversity,
        { ...diversity, strategy: { type: "TYPICALITY", strength: -1 } },
      ],
    },
  });
  for (const name of ["3 Typicality", "2 Diversity", "1 Threshold"]) {
    await card(name)
      .getByRole("button", { name: `Remove ${name}` })
      .click();
  }
  await expect.element(panel().getByText(/Add a strategy: something must say/)).toBeVisible();
  await expect.element(select()).toBeDisabled();
});

test("a balance to given shares says what is left, and when it is too much", async () => {
  const { calls } = await show();
  await panel().getByRole("combobox", { name: "What" }).selectOptions("Balanced");
  const balance = card("1 Balance");
  await balance.getByRole("combobox", { name: "Shares" }).selectOptions("as I say");
  const shares = balance.getByRole("group", { name: "Shares of the classes" });
  await shares.getByRole("spinbutton", { name: "Share of folder 0, percent" }).fill("60");
  await expect.element(shares.getByText(/that is more than 100 %/)).toBeVisible();
  await expect
    .element(panel().getByText(/^Strategy 1: target adds up to 1\.\d+, which is more than 1\.$/))
    .toBeVisible();
  await expect.element(select()).toBeDisabled();
  await shares.getByRole("spinbutton", { name: "Share of folder 0, percent" }).fill("2");
  await expect.element(shares.getByText(/Everything else together: \d+ %/)).toBeVisible();
  await select().click();
  expect(asked(calls)[0]!.config.strategies[0]!.strategy).toMatchObject({ target: { "folder 0": 0.02 } });
});

test("cards and JSON are two sides of one configuration", async () => {
  const { calls } = await show();
  await howMany().fill("7");
  await panel().getByRole("button", { name: "Configuration" }).click();
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
  const more = { proportion_samples: 0.1, strategies, path_expression: "folder", selected_sequence_length: 2 };
  const typed = JSON.stringify(more).replace("TYPICLITY", "TYPICALITY");
  await editor.fill(typed);
  await expect.element(card("1 Typicality")).toBeVisible();
  await expect.element(howMany()).toHaveValue(10);
  await expect.element(panel().getByText("Only paths that match folder")).toBeVisible();
  // What was typed stays as it was typed.
  await expect.element(editor).toHaveValue(typed);
  await select().click();
  expect(asked(calls)[0]!.config).toEqual({
    proportionSamples: 0.1,
    strategies: [{ input: { type: "EMBEDDINGS" }, strategy: { type: "TYPICALITY" } }],
    pathExpression: "folder",
    selectedSequenceLength: 2,
  });
  await panel().getByRole("button", { name: "Remove this rule" }).first().click();
  await card("1 Typicality")
    .getByRole("spinbutton", { name: /strength/ })
    .fill("2");
  const written = JSON.parse((editor.element() as HTMLTextAreaElement).value);
  expect(written).toEqual({
    proportion_samples: 0.1,
    strategies: [{ input: { type: "EMBEDDINGS" }, strategy: { type: "TYPICALITY", strength: 2 } }],
    selected_sequence_length: 2,
  });
  await panel().getByRole("button", { name: "Configuration" }).click();
  await expect.element(editor).not.toBeInTheDocument();
});

test("names what a configuration goes by and is not there", async () => {
  await show();
  await panel().getByRole("button", { name: "Configuration" }).click();
  const editor = panel().getByRole("textbox", { name: "Selection configuration" });
  const scored = { input: { type: "SCORES", task: "probe", score: "margin" }, strategy: { type: "WEIGHTS" } };
  await editor.fill(JSON.stringify({ n_samples: 3, strategies: [diversity, scored] }));
  await expect
    .element(panel().getByText(/^Strategy 2 \(WEIGHTS of SCORES “probe\/margin”\): .* There are: none\.$/))
    .toBeVisible();
  await expect.element(card("2 Weights")).toHaveTextContent("score:probe/margin (not there)");
  await expect.element(select()).toBeDisabled();
});

test("says when more are asked for than there are, and still chooses all of them", async () => {
  const { calls } = await show();
  await howMany().fill("900");
  await expect.element(panel().getByText("Only 713 images are left: all of them will be chosen.")).toBeVisible();
  await select().click();
  expect(calls).toContainEqual([
    "select",
    expect.objectContaining({ config: expect.objectContaining({ nSamples: 900 }), onlyShown: false }),
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
  expect(asked(calls)[0]).toMatchObject({ alreadyChosen: Uint32Array.of(1, 2, 3, 4), onlyShown: false });
});

test("tags, some selections and a list from elsewhere can count as chosen", async () => {
  const selections = [selectionOf([1, 2, 3], "First"), selectionOf([3, 4], "Second")];
  const { calls } = await show({ selections, tags: new Map([["done", RowSet.of([50, 51])]]) }, 100);
  await panel()
    .getByRole("button", { name: /^Already chosen/ })
    .click();
  await panel()
    .getByRole("checkbox", { name: /^Second/ })
    .click();
  await panel().getByRole("checkbox", { name: /^done/ }).click();
  const list = ["folder 0/image 000007.jpg", "elsewhere/image 000008.jpg", "no such.jpg", ""].join("\n");
  const input = panel().getByLabelText("Choose list of chosen images");
  await input.upload(new File([list], "chosen before.txt", { type: "text/plain" }));
  await expect.element(panel().getByText("1 image, 2 lines matched none")).toBeVisible();
  await expect
    .element(panel().getByRole("list", { name: "Lines that matched no image" }))
    .toHaveTextContent("no such.jpg");
  await expect.element(panel().getByRole("button", { name: "Already chosen 5 images" })).toBeVisible();
  await expect.element(panel().getByText("Of 100 images: 5 chosen already.")).toBeVisible();
  await select().click();
  expect([...asked(calls)[0]!.alreadyChosen]).toEqual([3, 4, 7, 50, 51]);
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
  await expect.element(coverage).toHaveTextContent(/Covering radius.*these picks 1\.02.*random 1\.23/);
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

test("what would come next is shown and can be taken in; before and after are compared", async () => {
  const selection = {
    ...selectionOf([8, 5, 30, 2]),
    next: Uint32Array.of(60, 61, 62),
    means: Float32Array.of(1, 0.9, 0.8, 0.7),
  };
  const { calls } = await show({ selections: [selection], ...shownState(selection) });
  const next = panel().getByRole("region", { name: "What would come next" });
  await expect.element(next.getByRole("button", { name: /would be pick/ })).toHaveLength(3);
  await next.getByRole("button", { name: "Add these 3" }).click();
  expect(calls).toContainEqual(["growSelection", selection.id, 3]);
  const change = panel().getByRole("region", { name: "Before and after" });
  await expect.element(change.getByRole("row", { name: /^folder 0/ })).toHaveTextContent("100 %");
  await change.getByRole("combobox", { name: "Of" }).selectOptions("file size");
  await expect.element(change.getByRole("row")).toHaveLength(11);
  await expect.element(panel().getByRole("img", { name: /The mean distance falls from 1\.00 to 0\.70/ })).toBeVisible();
});

test("a selection that runs draws its curve", async () => {
  const { store } = await show();
  const curves = { radii: [1.4, 1.2], means: [1, 0.9], randomRadii: [1.4, 1.3], randomMeans: [1, 0.95] };
  const typed = Object.fromEntries(Object.entries(curves).map(([key, all]) => [key, Float32Array.from(all)]));
  store.setState({ choosing: { picked: 2, total: 50, curves: typed as unknown as CoverageCurves } });
  const live = panel().getByRole("region", { name: "Coverage so far" });
  await expect.element(live).toHaveTextContent(/2 of 50 picked.*these picks 1\.20/);
  await expect.element(live.getByRole("img", { name: /to 1\.20 after 2/ })).toBeVisible();
  store.setState({ choosing: null });
  await expect.element(live).not.toBeInTheDocument();
});

test("earlier selections can be shown, hidden, renamed, compared and deleted", async () => {
  const selections = [selectionOf([1, 2, 3], "First"), selectionOf([3, 4], "Second")];
  const { calls, store } = await show({ selections });
  const first = panel().getByRole("switch", { name: /^First 3 images/ });
  await first.click();
  expect(store.getState().shown?.name).toBe("First");
  await expect.element(first).toBeChecked();
  await first.click();
  expect(store.getState().shown).toBe(null);

  const line = (name: string) => panel().getByRole("listitem").filter({ hasText: name });
  const choose = async (name: string, item: string) => {
    await line(name).getByRole("button", { name: "What to do with this" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await choose("Second", "Rename");
  const field = panel().getByRole("textbox", { name: "Selection name" });
  await field.fill("for labelling");
  (field.element() as HTMLInputElement).blur();
  expect(calls).toContainEqual(["renameSelection", "Second", "for labelling"]);

  await line("First").getByRole("button", { name: "Choose 3 more" }).click();
  expect(calls).toContainEqual(["continueSelection", "First"]);
  await choose("First", "Compare");
  const comparison = panel().getByRole("region", { name: "Comparison" });
  await expect.element(comparison.getByRole("combobox", { name: "With" })).toHaveValue("Second");
  await expect.element(comparison.getByText("1 image in both, 50 % of the smaller.")).toBeVisible();
  await expect.element(comparison.getByRole("row", { name: /^Only here 2 1$/ })).toBeVisible();
  await comparison.getByRole("button", { name: "Mark them" }).click();
  expect([...store.getState().marked.rows]).toEqual([3]);
  await comparison.getByRole("button", { name: "Close comparison" }).click();
  await choose("First", "Tag its images");
  expect(calls).toContainEqual(["addTag", "First", Uint32Array.of(1, 2, 3)]);
  await choose("First", "Run again");
  expect(calls).toContainEqual(["repeatSelection", "First"]);
  await choose("First", "Record (.json)");
  await choose("First", "Paths in pick order (.txt)");
  expect(calls).toContainEqual(["exportSelection", "First", "record"]);
  expect(calls).toContainEqual(["exportSelection", "First", "list"]);
  await choose("First", "Delete");
  expect(calls).toContainEqual(["deleteSelection", "First"]);
});

test("on a phone the cards stay usable", async () => {
  const fake = fakeWinnow({ project: exampleProject, images: imageTable(200) });
  await renderApp(fake, 390, 844);
  await page.getByRole("tab", { name: "Select" }).click();
  await panel().getByRole("combobox", { name: "What" }).selectOptions("Diverse but typical");
  await panel().getByRole("button", { name: "Configuration" }).click();
  const { width } = panel().element().getBoundingClientRect();
  expect(panel().element().scrollWidth).toBeLessThanOrEqual(Math.ceil(width));
  // What was put together is still there after another view.
  await page.getByRole("tab", { name: "Images" }).click();
  await page.getByRole("tab", { name: "Select" }).click();
  await expect.element(card("2 Typicality")).toBeVisible();
});

test("names that tests rely on stay the only ones of their kind, whatever selections are called", async () => {
  const selection = selectionOf([1, 2, 3], "Selection 1");
  await show({ selections: [selection], ...shownState(selection), focused: 2 });
  await expect.element(page.getByRole("region", { name: "Select" })).toBeVisible();
  await expect.element(panel().getByRole("button", { name: "Select" })).toBeVisible();
});

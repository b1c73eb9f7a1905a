import { expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { DuplicatePairs } from "../../../src/core/cluster/duplicatePairs.ts";
import { fileFields, tagField } from "../../../src/core/explore/fileFields.ts";
import { IssueFinder, issueField } from "../../../src/core/quality/issueFinder.ts";
import { defaultQuality } from "../../../src/core/quality/qualitySettings.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import type { WinnowState } from "../../../src/state/state.ts";
import { someMeasures } from "../../fixtures/measures.ts";
import { eventually } from "./eventually.ts";
import { exampleProject, type FakeWinnow, fakeWinnow, imageTable } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

const pairs: DuplicatePairs = {
  rows: 0,
  a: new Uint32Array(0),
  b: new Uint32Array(0),
  distances: new Float32Array(0),
  bits: new Uint8Array(0),
  usualNearest: 0.8,
};

/** Images of which the first five are dark, in pairs of near duplicates. */
function checked(count: number, changed: Partial<WinnowState> = {}): FakeWinnow {
  const images = imageTable(count);
  for (let row = 0; row < count; row++) {
    images.measure(
      row,
      someMeasures({ dark: row < 5 ? row / 20 : 0.9, pixelHash: row.toString(16).padStart(16, "a") }),
    );
  }
  const groups = Array.from({ length: Math.floor(count / 2) }, (_, i) => Uint32Array.of(2 * i, 2 * i + 1));
  const issues = new IssueFinder().find({
    images,
    duplicates: { exact: [], groups },
    outlierScores: Float32Array.from({ length: count }, (_, row) => (row === 7 ? 0.01 : 0.4)),
    settings: defaultQuality,
  });
  const tags = new Map([["excluded", RowSet.of([0])]]);
  const duplicates = { pairs: { ...pairs, rows: count }, exact: [], asked: null, threshold: 0.32, groups };
  const fields = [...fileFields(images), tagField(tags), issueField(issues)];
  const state = { project: { ...exampleProject, imageCount: count }, images, issues, duplicates, tags, fields };
  const winnow: FakeWinnow = fakeWinnow(
    { ...state, ...changed },
    { openScreen: (screen) => winnow.store.setState({ screen }) },
  );
  winnow.actions.setFilter([]);
  return winnow;
}

const panel = () => page.getByRole("region", { name: "Quality", exact: true });

test("files are moved aside after a question that names their number", async () => {
  const winnow = checked(40, { tags: new Map([["excluded", RowSet.of([0, 3, 7])]]) });
  await renderApp(winnow);
  await page.getByRole("tab", { name: "Quality" }).click();
  await panel().getByRole("button", { name: "Move 3 files…" }).click();
  const question = page.getByRole("alertdialog", { name: "Move 3 files on your disk?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  expect(winnow.calls.some(([name]) => name === "moveRejects")).toBe(false);
  await panel().getByRole("button", { name: "Move 3 files…" }).click();
  await question.getByRole("button", { name: "Move 3 files" }).click();
  expect(winnow.calls.map(([name]) => name)).toContain("moveRejects");
  await panel().getByRole("button", { name: "Move files back" }).click();
  expect(winnow.calls.map(([name]) => name)).toContain("moveRejectsBack");
});

test("a check filters by its box, and its threshold moves with what it would catch in view", async () => {
  const winnow = checked(40);
  await renderApp(winnow);
  await page.getByRole("tab", { name: "Quality" }).click();
  await panel().getByRole("checkbox", { name: "Dark (5)" }).click();
  expect([...winnow.store.getState().order]).toEqual([0, 1, 2, 3, 4]);

  await panel().getByRole("button", { name: "Threshold and images of Dark" }).click();
  await expect.element(panel().getByRole("status")).toHaveTextContent("5 images score under 0.320");
  await expect.element(panel().getByRole("region", { name: "Just spared" }).getByRole("button").first()).toBeVisible();
  const slider = panel().getByRole("slider", { name: "Threshold of Dark" });
  (slider.element() as HTMLElement).focus();
  await userEvent.keyboard("{Home>}");
  await expect.element(panel().getByRole("status")).toHaveTextContent("0 images score under 0.000");
  expect(winnow.calls.some(([name]) => name === "setThreshold")).toBe(false);
  await userEvent.keyboard("{/Home}");
  expect(winnow.calls).toContainEqual(["setThreshold", "dark", 0]);

  await panel().getByRole("button", { name: "Exclude 4 images" }).click();
  expect([...winnow.store.getState().tags.get("excluded")!.rows]).toEqual([0, 1, 2, 3, 4]);
  await expect.element(panel().getByRole("button", { name: "All excluded" })).toBeDisabled();
});

test("outliers come first in one click, in the gallery and as colours of the map", async () => {
  const winnow = checked(40);
  const values = Float32Array.from({ length: 40 }, (_, row) => row / 40);
  const outlier = { id: "outlier", title: "Outlier score", kind: "number", unit: "score", values } as const;
  winnow.store.setState(({ fields }) => ({ fields: [...fields, outlier] }));
  await renderApp(winnow);
  await page.getByRole("tab", { name: "Quality" }).click();
  await panel().getByRole("button", { name: "Outliers first" }).click();
  expect(winnow.store.getState()).toMatchObject({ sortBy: "outlier", sortDescending: false, colourBy: "outlier" });
});

test("duplicates are decided by keys; of thousands of groups only a few are in the page", async () => {
  const winnow = checked(8_000, { screen: "duplicates" });
  await renderApp(winnow);
  const screen = page.getByRole("region", { name: "Duplicates", exact: true });
  await expect.element(screen.getByRole("status", { name: "Groups of duplicates" })).toHaveTextContent("4,000 groups");
  expect(document.querySelectorAll(".duplicate-group").length).toBeLessThan(20);

  await userEvent.keyboard("b");
  // The larger image is suggested: row 1 is 704 pixels wide, row 0 only 640.
  expect(winnow.calls.filter(([name]) => name === "sortOut")).toEqual([["sortOut", [1], Uint32Array.of(0)]]);
  await expect.element(screen.getByRole("region", { name: "Group 2" })).toHaveAttribute("aria-current", "true");
  await userEvent.keyboard("a");
  expect(winnow.calls.at(-1)).toEqual(["sortOut", Uint32Array.of(2, 3), []]);
  await userEvent.keyboard("{End}");
  await expect.element(screen.getByRole("region", { name: "Group 4000" })).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await eventually(() => winnow.store.getState().screen).toBe(null);
});

test("a number of the report leads to its images", async () => {
  const winnow = checked(40, { screen: "report" });
  await renderApp(winnow);
  const report = page.getByRole("region", { name: "Dataset report" });
  await report.getByRole("button", { name: "Dark: 5, show" }).click();
  expect([...winnow.store.getState().order]).toEqual([0, 1, 2, 3, 4]);
  expect(winnow.store.getState().screen).toBe(null);
});

test("excluded images are dimmed, and left out of the next selection unless it is said otherwise", async () => {
  const winnow = checked(40);
  await renderApp(winnow);
  await eventually(() => document.querySelectorAll(".gallery-cell.is-excluded").length).toBe(1);
  const select = page.getByRole("region", { name: "Select", exact: true });
  await expect.element(select.getByRole("checkbox", { name: "Leave out the 1 excluded image" })).toBeChecked();
  await expect.element(select.getByText("of 39", { exact: true })).toBeVisible();
});

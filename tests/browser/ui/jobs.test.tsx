import { describe, expect, test } from "vitest";
import { page } from "vitest/browser";
import type { Interruption, Job, WinnowState } from "../../../src/state/state.ts";
import { exampleProject, fakeWinnow, imageTable } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

const embedding: Job = {
  id: "j1",
  name: "Embedding",
  status: "running",
  done: 300,
  total: 713,
  unit: "images",
  rate: 38.24,
  secondsLeft: 79.2,
  note: "WASM · 2 sessions",
  canPause: true,
  canCancel: true,
};

async function show(state: Partial<WinnowState>) {
  const fake = fakeWinnow({ project: exampleProject, images: imageTable(300), ...state });
  await renderApp(fake);
  return fake;
}

const bar = () => page.getByRole("region", { name: "Jobs" });

test("a job is a progress bar with its numbers, rate and time left", async () => {
  await show({ jobs: [embedding] });
  const progress = bar().getByRole("progressbar", { name: "Embedding" });
  await expect.element(progress).toHaveAttribute("aria-valuenow", "300");
  await expect.element(progress).toHaveAttribute("aria-valuemax", "713");
  await expect.element(bar()).toHaveTextContent("300 of 713 images · 38/s · 1 min 20 s left");
  await expect.element(bar()).toHaveTextContent("300 of 713 embedded");
  await expect.element(bar()).toHaveTextContent("42 MB stored");
});

test("the job says what it runs on, and the status line only when no job does", async () => {
  const { store } = await show({ jobs: [embedding], runtime: "WASM · 2 sessions" });
  await expect.element(bar().getByText("WASM · 2 sessions")).toBeVisible();
  expect(bar().getByText("WASM · 2 sessions").elements()).toHaveLength(1);
  store.setState({ jobs: [] });
  await expect.element(bar().getByText("WASM · 2 sessions")).toBeVisible();
});

test("Pause, Resume and Cancel steer it", async () => {
  const { calls, store } = await show({ jobs: [embedding] });
  await bar().getByRole("button", { name: "Pause", exact: true }).click();
  store.setState({ jobs: [{ ...embedding, status: "paused", secondsLeft: null }] });
  await bar().getByRole("button", { name: "Resume", exact: true }).click();
  await bar().getByRole("button", { name: "Cancel", exact: true }).click();
  expect(calls).toEqual([
    ["pauseJob", "j1"],
    ["resumeJob", "j1"],
    ["cancelJob", "j1"],
  ]);
});

test("a job of unknown length claims no percentage", async () => {
  await show({ jobs: [{ ...embedding, total: 0, secondsLeft: null }] });
  await expect.element(bar().getByRole("progressbar")).not.toHaveAttribute("aria-valuenow");
  await expect.element(bar()).toHaveTextContent("300 images · 38/s");
});

test("a failed job keeps its reason until it is dismissed", async () => {
  const { calls } = await show({ jobs: [{ ...embedding, status: "failed", note: "The model file is damaged." }] });
  await expect.element(bar().getByText("The model file is damaged.")).toBeVisible();
  await expect.element(bar().getByRole("button", { name: "Pause" })).not.toBeInTheDocument();
  await bar().getByRole("button", { name: "Dismiss" }).click();
  expect(calls).toContainEqual(["dismissJob", "j1"]);
});

describe("an interrupted ingest has one button that continues it", () => {
  const cases: [Interruption["kind"], string, string][] = [
    ["permission", "Allow and continue", "resumeIngest"],
    ["choose-again", "Choose the folder again", "openFolder"],
    ["storage-full", "Try again", "resumeIngest"],
    ["stopped", "Continue", "resumeIngest"],
  ];
  test.each(cases)("%s", async (kind, name, action) => {
    const { calls } = await show({ interruption: { kind, source: "holiday" } });
    const banner = page.getByRole("region", { name: "Interrupted" });
    await expect.element(banner).toHaveTextContent("holiday");
    await banner.getByRole("button", { name }).click();
    expect(calls.map(([called]) => called)).toContain(action);
  });
});

test("errors are alerts, other messages are statuses, both can be closed", async () => {
  const { calls } = await show({
    notices: [
      { id: "n1", kind: "info", text: "50 images copied." },
      { id: "n2", kind: "error", text: "The folder could not be read." },
    ],
  });
  await expect.element(page.getByRole("alert")).toHaveTextContent("The folder could not be read.");
  const info = page.getByRole("status").filter({ hasText: "50 images copied." });
  await info.getByRole("button", { name: "Close message" }).click();
  expect(calls).toContainEqual(["dismissNotice", "n1"]);
  await expect.element(info).not.toBeInTheDocument();
});

import { describe, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { AnnotationSet } from "../../../src/core/annotations/annotationSet.ts";
import type { HeldSet } from "../../../src/core/annotations/heldSet.ts";
import { AnnotationSetBuilder, type NewInstance } from "../../../src/core/annotations/setBuilder.ts";
import { withDrawing } from "../../../src/state/showing.ts";
import type { WinnowState } from "../../../src/state/state.ts";
import { eventually } from "./eventually.ts";
import { exampleProject, fakeWinnow, imageTable } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

/** Instances of rows 0, 1, … of the example images, which are 640, 704, … × 480 pixels. */
function setOf(
  about: Partial<Pick<AnnotationSet, "id" | "role" | "type">>,
  classes: string[],
  rows: NewInstance[][],
): HeldSet {
  const builder = new AnnotationSetBuilder(classes);
  for (const [row, instances] of rows.entries()) for (const one of instances) builder.add(row, one);
  const id = about.id ?? "boxes";
  const made = builder.finish({
    id,
    name: id,
    role: "labels",
    type: "object-detection",
    source: { format: "coco", file: "a.json", at: 1 },
    ...about,
  });
  return { ...made, content: id, since: 1, corrections: [] };
}

async function show(annotations: HeldSet[], state: Partial<WinnowState> = {}) {
  const fake = fakeWinnow({ project: exampleProject, images: imageTable(20), annotations, ...state });
  fake.actions.draw = (set, change) =>
    fake.store.setState(({ drawings }) => ({ drawings: withDrawing(drawings, set, change) }));
  await renderApp(fake);
  return fake;
}

/** Where there is ink on the layer of a row, as shares of its width and height: left, top, right, bottom. */
function inkOf(row: number, inside = ".gallery"): number[] | null {
  const canvas = document.querySelector<HTMLCanvasElement>(`${inside} canvas[data-instances="${row}"]`);
  if (!canvas || canvas.width === 0) return null;
  const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
  let [left, top, right, bottom] = [canvas.width, canvas.height, -1, -1];
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] === 0) continue;
    const at = (i - 3) / 4;
    left = Math.min(left, at % canvas.width);
    right = Math.max(right, at % canvas.width);
    top = Math.min(top, Math.floor(at / canvas.width));
    bottom = Math.max(bottom, Math.floor(at / canvas.width));
  }
  if (right < 0) return null;
  return [left / canvas.width, top / canvas.height, (right + 1) / canvas.width, (bottom + 1) / canvas.height];
}
/** As near as a line is wide. */
const near = (found: number[] | null, expected: number[], within = 0.03): boolean =>
  found?.every((value, i) => Math.abs(value - expected[i]!) < within) ?? false;

describe("over thumbnails", () => {
  test("a box lies where it belongs on a cropped thumbnail, and cells without one have no layer", async () => {
    // Of 640 × 480 pixels the square cell shows the middle 480: 160 pixels from the left are 80 into the cell.
    await show([setOf({}, ["hat"], [[{ class: 0, box: [160, 120, 320, 240] }]])]);
    await eventually(() => near(inkOf(0), [1 / 6, 1 / 4, 5 / 6, 3 / 4])).toBe(true);
    expect(document.querySelector('.gallery canvas[data-instances="1"]')).toBeNull();
  });

  test("masks of runs and outlines cover what they cover", async () => {
    const runs: NewInstance["shape"] = { kind: "runs", width: 640, height: 480, counts: rowsOf(640, 480, 0, 320) };
    const ring = Float32Array.of(320, 0, 640, 0, 640, 480, 320, 480);
    await show([
      setOf({ type: "semantic-segmentation" }, ["sky"], [[{ class: 0, shape: runs }]]),
      setOf(
        { id: "b", type: "instance-segmentation" },
        ["sea"],
        [[], [{ class: 0, shape: { kind: "polygons", rings: [ring] } }]],
      ),
    ]);
    await eventually(() => near(inkOf(0), [0, 0, 0.5, 1])).toBe(true);
    // Row 1 is 704 pixels wide: 320 of them are 208 into the square of 480.
    await eventually(() => near(inkOf(1), [208 / 480, 0, 1, 1])).toBe(true);
  });

  test("classes and scores choose what is drawn", async () => {
    const { actions } = await show([
      setOf(
        { role: "predictions" },
        ["hat", "shoe"],
        [
          [
            { class: 0, score: 0.9, box: [80, 0, 240, 240] },
            { class: 1, score: 0.4, box: [320, 240, 240, 240] },
          ],
        ],
      ),
    ]);
    await eventually(() => near(inkOf(0), [0, 0, 1, 1])).toBe(true);
    actions.draw("boxes", { leastScore: 0.5 });
    await eventually(() => near(inkOf(0), [0, 0, 0.5, 0.5])).toBe(true);
    actions.draw("boxes", { leastScore: 0, hidden: new Set(["hat"]) });
    await eventually(() => near(inkOf(0), [0.5, 0.5, 1, 1])).toBe(true);
    actions.draw("boxes", { shown: false });
    await eventually(() => document.querySelector('.gallery canvas[data-instances="0"]')).toBeNull();
  });
});

test("in the large view a box follows the zoom", async () => {
  await show([setOf({}, ["hat"], [[{ class: 0, box: [160, 240, 320, 120] }]])], { focused: 0, enlarged: true });
  const stage = () => document.querySelector<HTMLElement>(".large-stage")!;
  await eventually(() => inkOf(0, ".large-stage")).not.toBeNull();
  const width = (): number => {
    const [left = 0, , right = 0] = inkOf(0, ".large-stage") ?? [];
    return (right - left) * stage().clientWidth;
  };
  const frame = () => document.querySelector(".large-frame")!.getBoundingClientRect().width;
  await eventually(() => Math.abs(width() - frame() / 2) < 6).toBe(true);
  const before = frame();
  await userEvent.keyboard("+");
  await eventually(() => frame() > before * 1.3 && Math.abs(width() - frame() / 2) < 6).toBe(true);
});

test("the panel lists sets, counts and toggles; hostile names are shown, not obeyed", async () => {
  const { calls } = await show([
    setOf(
      { id: "model \u202Ebad" },
      ["a\u202Eb", "dog"],
      [
        [
          { class: 0, box: [0, 0, 9, 9] },
          { class: 1, box: [0, 0, 9, 9] },
        ],
      ],
    ),
  ]);
  await page.getByRole("tab", { name: "Labels" }).click();
  const panel = page.getByRole("region", { name: "Labels", exact: true });
  await expect
    .element(panel)
    .toHaveTextContent(/model U\+202Ebad.*labels · boxes.*1 image, 2 annotations · COCO, a\.json/);
  await panel.getByRole("button", { name: "Draw dog" }).click();
  await eventually(() => panel.getByRole("button", { name: "Draw dog" }).element().getAttribute("aria-pressed")).toBe(
    "false",
  );
  await panel.getByRole("button", { name: /^dog/ }).click();
  expect(calls.at(-1)).toEqual(["toggleValue", "label:model \u202Ebad", "dog"]);
});

/** Runs of a mask that covers columns from…to of every line. */
function rowsOf(width: number, height: number, from: number, to: number): Uint32Array {
  const counts = [from];
  for (let y = 0; y < height; y++) counts.push(to - from, width - to + (y + 1 < height ? from : 0));
  return Uint32Array.from(counts);
}

test("a prediction task that was made here says of how many images it knows nothing, and can be brought to them", async () => {
  const made = setOf({ id: "yolo", role: "predictions" }, ["hat"], [[{ class: 0, score: 0.9 }], [], [], []]);
  const known = new Uint8Array(20).fill(1, 0, 4);
  const of = (id: string, format: string): HeldSet => ({
    ...made,
    id,
    name: id,
    known,
    source: { format, file: `${id}.onnx`, at: 1, model: "m" },
  });
  const whole = { ...of("whole", "model"), known: new Uint8Array(20).fill(1) };
  const { calls } = await show([of("yolo", "model"), of("automatic", "automatic"), of("imported", "coco"), whole]);
  await page.getByRole("tab", { name: "Labels" }).click();
  const cards = page.getByRole("list", { name: "Sets" });
  await expect.element(cards.getByText("Says nothing of 16 images yet.").first()).toBeVisible();
  expect(cards.getByRole("button", { name: "Predict 16 new images" }).elements()).toHaveLength(2);
  await cards.getByRole("button", { name: "Predict 16 new images" }).first().click();
  expect(calls).toContainEqual(["predictNew", "yolo"]);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { Engine } from "../../../src/pipeline/engine.ts";
import { Library } from "../../../src/pipeline/library.ts";
import { createWinnow, type Winnow } from "../../../src/state/createWinnow.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";
import { tinyTokenizer } from "../../fixtures/tokenizerJson.ts";
import { deleteProject, until } from "./realProject.ts";

const colours = { a: "#20d020", b: "#e01010", c: "#1010f0", d: "#b01010", e: "#d0d0d0", f: "#10a010" };
const engine = new Engine(efficientNetLite0, 2, crossOriginIsolated, () => undefined);
const onnx = (name: string, bytes: Uint8Array): File => new File([bytes.slice()], name);
const tokenizer = new File([JSON.stringify(tinyTokenizer)], "tokenizer.json");
/** Colours as they are, so that grey is none of them. */
const values = new File(['{"image_mean": [0, 0, 0], "image_std": [1, 1, 1]}'], "preprocessor_config.json");
let winnow: Winnow;

async function picture(name: string, colour: string): Promise<File> {
  const canvas = new OffscreenCanvas(64, 64);
  const context = canvas.getContext("2d")!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 64, 64);
  return new File([await canvas.convertToBlob({ type: "image/png" })], `${name}.png`);
}
const open = (): Winnow =>
  createWinnow({
    engine,
    library: Library.open(engine, "", () => Date.now()),
    sampleUrl: "",
    now: () => Date.now(),
    programVersion: "test",
  });
const state = () => winnow.store.getState();
const idle = ({ jobs }: { jobs: readonly { status: string }[] }) =>
  jobs.every(({ status }) => status !== "running" && status !== "paused");
const errors = () => state().notices.filter(({ kind }) => kind === "error");
const inOrder = () => Array.from(state().order, (row) => state().images.path(row));
const ofSearch = (title: string) => until(winnow, ({ search, order }) => search?.title === title && order.length > 0);

beforeAll(async () => {
  winnow = open();
  winnow.actions.addFiles(await Promise.all(Object.entries(colours).map(([name, colour]) => picture(name, colour))));
  await until(winnow, (now) => now.images.length === 6 && now.xy !== null && idle(now));
}, 120_000);
afterAll(async () => {
  const id = state().project!.id;
  for (const { sha256 } of state().models ?? []) winnow.actions.deleteModel(sha256);
  winnow.actions.closeProject();
  await until(winnow, ({ project, models }) => project === null && models?.length === 0);
  await deleteProject(id);
  engine.close();
});

describe("search by words", () => {
  it("needs a model with a text tower, and says how to get one", async () => {
    expect(state().textTower).toBeNull();
    winnow.actions.findText("red");
    await until(winnow, ({ notices }) => notices.some(({ text }) => text.includes("Review → Models")));
    expect(state().search).toBeNull();
    for (const { id } of errors()) winnow.actions.dismissNotice(id);
  });

  it("ranks images by what words say, once the model's text tower was chosen and its embedding is in view", async () => {
    const { actions } = winnow;
    const sha256 = await actions.addModelFiles([onnx("colours.onnx", onnxModels.colourTower()), values], null);
    const [own] = state().models!;
    actions.addSpace(own!, own!.spec);
    await until(winnow, (now) => now.space !== "" && now.xy !== null && idle(now));
    expect(state().textTower).toBeNull();

    // Both files are wanted, for the model that is picked.
    const tower = onnx("text.onnx", onnxModels.textTower());
    await expect(actions.addModelFiles([tower], sha256)).rejects.toThrow("choose its tokenizer.json");
    await actions.addModelFiles([tokenizer, tower], sha256);
    expect(state().textTower).toBe("text.onnx");
    expect(state().models).toMatchObject([{ sha256, name: "colours.onnx", text: { name: "text.onnx" } }]);

    actions.findText("red");
    await ofSearch("red");
    expect(inOrder().slice(0, 2).sort()).toEqual(["b.png", "d.png"]);
    const { search, fields, sortBy, sortDescending } = state();
    expect(search).toMatchObject({ kind: "text", positives: [], negatives: [], outside: null });
    expect([sortBy, sortDescending]).toEqual(["similarity", true]);
    // It is a field as any other.
    expect(fields.find(({ id }) => id === "similarity")).toMatchObject({ kind: "number", title: "Matches “red”" });
    actions.setCondition("similarity", {
      field: "similarity",
      kind: "range",
      min: 0.98,
      max: null,
    });
    await until(winnow, ({ order }) => order.length === 2);

    actions.findText("blue");
    await ofSearch("blue");
    actions.clearFilter();
    await until(winnow, ({ order }) => order.length === 6);
    expect(inOrder()[0]).toBe("c.png");

    actions.clearSearch();
    expect(state()).toMatchObject({ search: null, sortBy: "path", sortDescending: false });
    expect(errors()).toEqual([]);
  });

  it("takes in new images, and says why nothing can be found", async () => {
    const { actions } = winnow;
    actions.findText("green");
    await ofSearch("green");
    actions.addFiles([await picture("g", "#00ff00")]);
    await until(winnow, (now) => now.images.length === 7 && now.search?.values.length === 7 && idle(now));
    expect(inOrder().slice(0, 3)).toContain("g.png");
    actions.findText("  ");
    await until(winnow, ({ notices }) => notices.some(({ text }) => text.includes("no word")));
    for (const { id } of errors()) actions.dismissNotice(id);
    // What was found before is left as it was.
    expect(state().search?.title).toBe("green");
  });

  it("works with a file that holds both towers", async () => {
    const { actions } = winnow;
    const sha256 = await actions.addModelFiles([onnx("both.onnx", onnxModels.bothTowers()), values], null);
    await actions.addModelFiles([tokenizer], sha256);
    const own = state().models!.find((one) => one.sha256 === sha256);
    expect(own?.spec.output).toBe("image_embeds");
    expect(own?.text).toMatchObject({ name: "both.onnx", within: true });
    actions.addSpace(own!, own!.spec);
    await until(winnow, (now) => now.textTower === "both.onnx" && now.xy !== null && idle(now));
    actions.findText("blue");
    await ofSearch("blue");
    expect(inOrder()[0]).toBe("c.png");
    expect(errors()).toEqual([]);
  });

  it("is found again when the project is opened anew, and is gone with the embedding or the model", async () => {
    const { id } = state().project!;
    winnow.actions.closeProject();
    await until(winnow, ({ project }) => project === null);
    winnow = open();
    winnow.actions.openProject(id);
    await until(winnow, ({ textTower, xy }) => textTower === "both.onnx" && xy !== null);
    winnow.actions.search({ text: "red" });
    await ofSearch("red");
    expect(inOrder().slice(0, 2).sort()).toEqual(["b.png", "d.png"]);

    const second = state().space;
    winnow.actions.switchSpace("");
    await until(winnow, ({ space, textTower }) => space === "" && textTower === null);
    expect(state().search).toBeNull();
    await until(winnow, idle);
    winnow.actions.switchSpace(second);
    await until(winnow, ({ textTower }) => textTower === "both.onnx");
    winnow.actions.loadModels();
    await until(winnow, ({ models }) => models?.length === 2);
    winnow.actions.deleteModel(state().models!.find(({ name }) => name === "both.onnx")!.sha256);
    await until(winnow, ({ textTower }) => textTower === null);
    expect(errors()).toEqual([]);
  });
});

import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import type { Shape } from "../../../src/core/annotations/annotationSet.ts";
import { AnnotationSetBuilder } from "../../../src/core/annotations/setBuilder.ts";
import {
  annotationFiles,
  annotationFormats,
  formatOfOrigin,
} from "../../../src/core/format/annotations/writeAnnotations.ts";
import { contextOf, written } from "./importFiles.ts";

const paths = ["hat/a b.jpg", 'x/"<c>.png', "d.jpg"];
const { images } = contextOf(paths);

function filesOf(
  format: (typeof annotationFormats)[number],
  shape?: Shape,
  boxed = true,
  role: "labels" | "predictions" = "labels",
) {
  const builder = new AnnotationSetBuilder(["cat", '<"x">&']);
  builder.add(0, {
    class: 1,
    score: role === "labels" ? Number.NaN : 0.25,
    ...(boxed && { box: [10, 5, 20, 10] }),
    ...(shape && { shape }),
  });
  builder.know(1);
  const type = boxed ? "object-detection" : "classification";
  const source = { format: "test", file: "", at: 0 };
  const set = builder.finish({ id: "net", name: "Net", role, type, source });
  const files = written(annotationFiles(format, { set, images, rows: [0, 1, 2] }));
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]));
}

const polygon: Shape = { kind: "polygons", rings: [Float32Array.from([10, 5, 20, 5, 20, 10])] };
const points: Shape = { kind: "keypoints", points: Float32Array.from([10, 5, 1, Number.NaN, Number.NaN, Number.NaN]) };
// Pixels 98 … 101 of 100 × 50: the end of the first row and the beginning of the second.
const mask: Shape = { kind: "runs", width: 100, height: 50, counts: Uint32Array.from([98, 4, 4898]) };

describe("Label Studio", () => {
  it("tasks with percents, and the interface for them", () => {
    const files = filesOf("label-studio");
    const tasks = JSON.parse(files["tasks.json"]!);
    expect(tasks[0].data).toEqual({ image: "/data/local-files/?d=hat/a%20b.jpg", path: "hat/a b.jpg" });
    expect(tasks[0].annotations[0].result[0]).toMatchObject({
      type: "rectanglelabels",
      original_width: 100,
      value: { x: 10, y: 10, width: 20, height: 20, rectanglelabels: ['<"x">&'] },
    });
    expect(tasks[1].annotations).toEqual([{ result: [] }]);
    expect(tasks[2]).not.toHaveProperty("annotations");
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(files["config.xml"]!, true);
    expect(parsed.View.RectangleLabels.Label).toHaveLength(2);
  });

  it("predictions, polygons, points and choices", () => {
    const [task] = JSON.parse(filesOf("label-studio", polygon, true, "predictions")["tasks.json"]!);
    expect(task.predictions[0]).toMatchObject({ model_version: "Net", score: 0.25 });
    expect(task.predictions[0].result[0].value.points).toEqual([
      [10, 10],
      [20, 10],
      [20, 20],
    ]);
    const resultOf = (...given: Parameters<typeof filesOf>) =>
      JSON.parse(filesOf(...given)["tasks.json"]!)[0].annotations[0].result;
    expect(resultOf("label-studio", points)).toMatchObject([{ type: "keypointlabels", value: { x: 10, y: 10 } }]);
    expect(resultOf("label-studio", undefined, false)).toMatchObject([
      { type: "choices", value: { choices: ['<"x">&'] } },
    ]);
  });
});

describe("CVAT", () => {
  const xml = (...given: Parameters<typeof filesOf>) =>
    new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "" }).parse(
      filesOf(...given)["annotations.xml"]!,
      true,
    ).annotations;

  it("boxes, polygons, points, masks and tags", () => {
    const { meta, image } = xml("cvat");
    expect(meta.task.labels.label).toHaveLength(2);
    expect(image).toHaveLength(2);
    expect(image[0]).toMatchObject({ width: "100", height: "50", box: { xtl: "10", ytl: "5", xbr: "30", ybr: "15" } });
    expect(xml("cvat", polygon).image[0].polygon.points).toBe("10,5;20,5;20,10");
    expect(xml("cvat", points).image[0].points.points).toBe("10,5");
    expect(xml("cvat", mask).image[0].mask).toMatchObject({
      rle: "98, 4, 98",
      left: "0",
      top: "0",
      width: "100",
      height: "2",
    });
    const inner: Shape = { kind: "runs", width: 100, height: 50, counts: Uint32Array.from([5, 2, 98, 3, 4892]) };
    expect(xml("cvat", inner).image[0].mask).toMatchObject({ rle: "0, 2, 1, 3", left: "5", width: "3", height: "2" });
    expect(xml("cvat", undefined, false).image[0].tag.label).toBeDefined();
  });

  it("a manifest of all images", () => {
    const lines = filesOf("cvat")
      ["manifest.jsonl"]!.trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, 3)).toEqual([
      { version: "1.1" },
      { type: "images" },
      { name: "hat/a b", extension: ".jpg", width: 100, height: 50 },
    ]);
  });
});

describe("Labelbox", () => {
  it("data rows and what is said of them", () => {
    const linesOf = (...given: Parameters<typeof filesOf>) =>
      filesOf(...given)
        ["annotations.ndjson"]!.trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    expect(
      JSON.parse(filesOf("labelbox")["data_rows.json"]!).map((row: { global_key: string }) => row.global_key),
    ).toEqual(paths);
    const dataRow = { globalKey: "hat/a b.jpg" };
    expect(linesOf("labelbox")).toEqual([
      { name: '<"x">&', bbox: { top: 5, left: 10, height: 10, width: 20 }, dataRow },
    ]);
    expect(linesOf("labelbox", polygon)[0].polygon[0]).toEqual({ x: 10, y: 5 });
    expect(linesOf("labelbox", points)).toEqual([{ name: '<"x">&', point: { x: 10, y: 5 }, dataRow }]);
    expect(linesOf("labelbox", undefined, false)).toEqual([{ name: "Net", answer: { name: '<"x">&' }, dataRow }]);
  });
});

describe("formats of annotations", () => {
  it("every one is written", () => {
    for (const format of annotationFormats) expect(Object.keys(filesOf(format)).length).toBeGreaterThan(0);
  });

  it("a set goes back in the format that it came in", () => {
    const builder = new AnnotationSetBuilder(["a"]);
    const from = (format: string, type: "classification" | "object-detection") =>
      formatOfOrigin({
        set: builder.finish({ id: "s", name: "S", role: "labels", type, source: { format, file: "", at: 0 } }),
      });
    expect(from("voc", "object-detection")).toBe("voc");
    expect(from("lightly-predictions", "object-detection")).toBe("lightly");
    expect(from("folders", "classification")).toBe("table");
    expect(from("hand", "object-detection")).toBe("coco");
  });
});

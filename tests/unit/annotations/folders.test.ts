import { describe, expect, it } from "vitest";
import { type AnnotationSet, classOfRow, instancesOf } from "../../../src/core/annotations/annotationSet.ts";
import { metadataValue } from "../../../src/core/annotations/metadataField.ts";
import { certainFormat, detectFormat } from "../../../src/core/format/annotations/detectFormat.ts";
import { readAnnotations } from "../../../src/core/format/annotations/readAnnotations.ts";
import { type Contents, contextOf, imported, importFiles } from "./importFiles.ts";

const images = ["images/train/a.jpg", "images/train/b.png", "images/val/a.jpg"];
const boxes = (set: AnnotationSet, row: number) =>
  Array.from(set.boxes!.subarray(4 * set.first[row]!, 4 * set.first[row + 1]!), (value) => Number(value.toFixed(3)));
const reasons = (summary: { badRows: { first: { line: number | null; reason: string }[] } }) =>
  summary.badRows.first.map(({ line, reason }) => `${line}: ${reason}`);

describe("YOLO", () => {
  const yaml = "names:\n  0: cat\n  1: car\n";

  it("boxes, with a confidence or without, and outlines", async () => {
    const { sets, summary } = await imported(images, {
      "data.yaml": yaml,
      "labels/train/a.txt": "0 0.5 0.5 0.2 0.4\n1 0.5 0.5 2 0.4\n\n7 0 0 0 0\n0 0.5 x\n",
      "labels/val/a.txt": "1 0.1 0.1 0.2 0.1 0.2 0.2\n",
      "labels/train/b.txt": "",
      "labels/val/z.txt": "0 0.5 0.5 0.2 0.4",
    });
    const [set] = sets;
    expect(set).toMatchObject({ type: "instance-segmentation", role: "labels", classes: ["cat", "car"] });
    expect(boxes(set!, 0)).toEqual([40, 15, 20, 20, 0, 15, 100, 20]);
    expect(boxes(set!, 2)).toEqual([10, 5, 10, 5]);
    expect(set!.shapes![2]).toEqual({ kind: "polygons", rings: [Float32Array.from([10, 5, 20, 5, 20, 10])] });
    expect(Array.from(set!.known)).toEqual([1, 1, 1]);
    expect(summary).toMatchObject({ clipped: 1, unmatched: { count: 1 } });
    expect(reasons(summary)).toEqual(["4: there is no class 7 among 2", "5: it is not a class and numbers"]);
  });

  it("poses, and predictions with a confidence", async () => {
    const { sets } = await imported(images, {
      "data.yaml": "names: [person]\nkpt_shape: [2, 3]\n",
      "labels/train/a.txt": "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0 0 0 0.75\n",
    });
    const none = Number.NaN;
    expect(sets[0]).toMatchObject({ type: "keypoint-detection", role: "predictions" });
    expect(sets[0]!.shapes).toEqual([{ kind: "keypoints", points: Float32Array.from([10, 10, 1, none, none, none]) }]);
    expect(sets[0]!.scores![0]).toBe(0.75);
  });

  it("class names from a text file, or none", async () => {
    const label = { "labels/b.txt": "1 0.5 0.5 0.2 0.4\n" };
    const named = await imported(images, { ...label, "classes.txt": "cat\ncar\n" });
    expect(named.sets[0]!.classes).toEqual(["cat", "car"]);
    const plain = await imported(images, label);
    expect(plain.sets[0]!.classes).toEqual(["1"]);
    expect(plain.summary.notes).toHaveLength(1);
  });

  it("a YAML bomb is refused", async () => {
    const bomb = "a: &a [x, x]\nb: &b [*a, *a]\nnames: [*b, *b]\n";
    await expect(imported(images, { "data.yaml": bomb, "labels/b.txt": "0 0 0 0 0" })).rejects.toThrow("no YAML");
  });
});

describe("Pascal VOC", () => {
  const xml = (file: string, objects: string) =>
    `<?xml version="1.0"?><annotation><folder>train</folder><filename>${file}</filename>${objects}</annotation>`;
  const object = (name: string, ...[xmin, ymin, xmax, ymax]: (number | string)[]) =>
    `<object><name>${name}</name><bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`;

  it("boxes of one, several and no objects", async () => {
    const { sets, summary } = await imported(images, {
      "Annotations/train/a.xml": xml("a.jpg", object("cat", 1, 2, 11, 22) + object("007", 1, 2, "x", 3)),
      "Annotations/train/b.xml": xml("b.png", object("a&amp;b &#65;", 0, 0, 200, 20)),
      "Annotations/val/a.xml": "<annotation><folder>val</folder><filename>a.jpg</filename></annotation>",
      "Annotations/bad.xml": "<annotation><object></annotation>",
    });
    const [set] = sets;
    expect(set!.classes).toEqual(["cat", "a&b A"]);
    expect(boxes(set!, 0)).toEqual([1, 2, 10, 20]);
    expect(boxes(set!, 1)).toEqual([0, 0, 100, 20]);
    expect(Array.from(set!.known)).toEqual([1, 1, 1]);
    expect(summary).toMatchObject({ clipped: 1, badRows: { count: 2 } });
  });

  it("expands no entities", async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]>${xml("a.jpg", object("&y;", 1, 2, 3, 4)).slice(21)}`;
    const { sets } = await imported(["train/a.jpg"], { "train/a.xml": bomb });
    expect(sets[0]!.classes).toEqual(["&y;"]);
    const deep = `<annotation>${"<a>".repeat(10_000)}`;
    await expect(imported(["a.jpg"], { "a.xml": deep })).rejects.toThrow("Nothing was imported");
  });
});

describe("Lightly", () => {
  const schema = (task_type: string) => ({
    task_type,
    categories: [
      { id: 0, name: "cat" },
      { id: 5, name: "car" },
    ],
  });

  it("prediction tasks", async () => {
    const { sets, summary } = await imported(images, {
      "predictions/tasks.json": ["det", "cls"],
      "predictions/det/schema.json": schema("object-detection"),
      "predictions/det/images/train/a.json": {
        file_name: "images/train/a.jpg",
        predictions: [
          { category_id: 5, bbox: [95, 0, 10, 10], score: 0.5, probabilities: [0.4, 0.6] },
          { category_id: 9, bbox: [0, 0, 1, 1], score: 0.5 },
          { category_id: 0, bbox: [0, 0, 1, 1], score: 0.5, probabilities: [0.4, 0.4] },
        ],
      },
      "predictions/det/images/train/b.json": { file_name: "images/train/b.png", predictions: [] },
      "predictions/cls/schema.json": schema("classification"),
      "predictions/cls/a.json": { file_name: "images/val/a.jpg", predictions: [{ category_id: 0, score: 0.9 }] },
    });
    const [det, cls] = sets;
    expect(sets.map(({ id, type, role }) => [id, type, role])).toEqual([
      ["det", "object-detection", "predictions"],
      ["cls", "classification", "predictions"],
    ]);
    expect(boxes(det!, 0)).toEqual([95, 0, 5, 10]);
    expect(Array.from(det!.probabilities!, (p) => Number(p.toFixed(3)))).toEqual([0.4, 0.6]);
    expect(instancesOf(det!, 1)).toBe(0);
    expect(det!.known[1]).toBe(1);
    expect(cls!.classes[classOfRow(cls!, 2)]).toBe("cat");
    expect(summary.badRows.first.map(({ reason }) => reason)).toEqual([
      "prediction 2: there is no category 9 in schema.json",
      "prediction 3: its probabilities sum to 0.8, not to 1",
    ]);
  });

  it("masks by row and keypoints", async () => {
    const { sets } = await imported(images, {
      "seg/schema.json": schema("semantic-segmentation"),
      "seg/a.json": {
        file_name: images[0],
        predictions: [
          { category_id: 0, segmentation: [4990, 10], score: 0.5 },
          { category_id: 0, segmentation: [1, 2], score: 0.5 },
        ],
      },
      "pose/schema.json": schema("keypoint-detection"),
      "pose/a.json": {
        file_name: images[0],
        predictions: [{ category_id: 0, bbox: [0, 0, 1, 1], keypoints: [1, 2, 0.5], score: 0.5 }],
      },
    });
    expect(sets[0]!.shapes).toEqual([{ kind: "runs", width: 100, height: 50, counts: Uint32Array.from([4990, 10]) }]);
    expect(sets[1]!.shapes).toEqual([{ kind: "keypoints", points: Float32Array.from([1, 2, 0.5]) }]);
  });

  it("metadata", async () => {
    const entry = (name: string, path: string, valueDataType: string, defaultValue: unknown) => ({
      name,
      path,
      valueDataType,
      defaultValue,
    });
    const { metadata, summary } = await imported(images, {
      "metadata/schema.json": [
        entry("Wind", "weather.wind", "NUMERIC_FLOAT", 0),
        entry("Lane", "lane", "CATEGORICAL_INT", 1),
        entry("Night", "night", "CATEGORICAL_BOOLEAN", false),
        entry("At", "at", "CATEGORICAL_TIMESTAMP", null),
        entry("Odd", "__proto__.x", "OTHER_STRING", "none given"),
      ],
      "metadata/a.json": {
        file_name: images[0],
        type: "image",
        metadata: { weather: { wind: 1.5 }, lane: 2, night: true, at: 1_700_000_000 },
      },
      "metadata/b.json": { file_name: images[1], type: "image", metadata: {} },
      "metadata/c.json": "{",
    });
    expect(metadata.map(({ key, kind }) => [key, kind])).toEqual([
      ["Wind", "number"],
      ["Lane", "category"],
      ["Night", "boolean"],
      ["At", "date"],
      ["Odd", "category"],
    ]);
    expect(metadata.map((one) => metadataValue(one, 0))).toEqual([
      1.5,
      "2",
      true,
      "2023-11-14T22:13:20.000Z",
      "none given",
    ]);
    expect(metadata.map((one) => metadataValue(one, 1))).toEqual([0, "1", false, null, "none given"]);
    expect(summary).toMatchObject({ matched: 2, badRows: { count: 1 } });
  });
});

describe("FiftyOne", () => {
  it("every field of labels is a set, all else metadata", async () => {
    const label = (name: string, more: object = {}) => ({
      _id: { $oid: "1" },
      _cls: "Classification",
      label: name,
      ...more,
    });
    const { sets, metadata } = await imported(images, {
      "samples.json": {
        samples: [
          {
            filepath: "/data/images/train/a.jpg",
            tags: ["x"],
            ground_truth: label("cat"),
            guess: label("car", { confidence: 0.75 }),
            boxes: {
              _cls: "Detections",
              detections: [{ _cls: "Detection", label: "cat", bounding_box: [0.1, 0.2, 0.5, 0.5], mask: {} }],
            },
            lines: {
              _cls: "Polylines",
              polylines: [
                {
                  label: "road",
                  points: [
                    [
                      [0, 0],
                      [0.5, 0],
                      [0.5, 1],
                    ],
                  ],
                },
              ],
            },
            pose: {
              _cls: "Keypoints",
              keypoints: [
                {
                  label: "p",
                  points: [
                    [0.5, 0.5],
                    [null, null],
                  ],
                  confidence: [0.5, null],
                },
              ],
            },
            weather: "grey",
            taken: { $date: 1_700_000_000_000 },
            score: { _cls: "Regression", value: 2.5 },
            uniqueness: null,
          },
          { filepath: "nowhere.jpg" },
        ],
      },
    });
    expect(sets.map(({ id, type, role }) => [id, type, role])).toEqual([
      ["ground_truth", "classification", "labels"],
      ["guess", "classification", "predictions"],
      ["boxes", "object-detection", "labels"],
      ["lines", "instance-segmentation", "labels"],
      ["pose", "keypoint-detection", "labels"],
    ]);
    expect(boxes(sets[2]!, 0)).toEqual([10, 10, 50, 25]);
    expect(boxes(sets[3]!, 0)).toEqual([0, 0, 50, 50]);
    const none = Number.NaN;
    expect(sets[4]!.shapes).toEqual([
      { kind: "keypoints", points: Float32Array.from([50, 25, 0.5, none, none, none]) },
    ]);
    expect(metadata.map((one) => [one.key, metadataValue(one, 0)])).toEqual([
      ["weather", "grey"],
      ["taken", "2023-11-14T22:13:20.000Z"],
      ["score", 2.5],
    ]);
  });
});

describe("FiftyOne labels.json", () => {
  it("classes by number, name or with a confidence", async () => {
    const labels = { "train/a": 1, b: "cat", "val/a": { label: "car", confidence: 0.5 }, z: 0 };
    const { sets, summary } = await imported(images, { "labels.json": { classes: ["cat", "car"], labels } });
    expect(sets[0]).toMatchObject({ type: "classification", role: "predictions" });
    expect([0, 1, 2].map((row) => sets[0]!.classes[classOfRow(sets[0]!, row)])).toEqual(["car", "cat", "car"]);
    expect(summary.unmatched).toEqual({ count: 1, first: ["z"] });
  });

  it("boxes, and what is wrong with them", async () => {
    const box = (...bounding_box: number[]) => ({ label: "cat", bounding_box });
    const labels = { "train/a": [box(0.1, 0.2, 0.5, 0.5), box(0, 0)], b: [], "val/a": [{ label: 7 }] };
    const { sets, summary } = await imported(images, { "labels.json": { classes: ["cat"], labels } });
    expect(boxes(sets[0]!, 0)).toEqual([10, 10, 50, 25]);
    expect(Array.from(sets[0]!.known)).toEqual([1, 1, 1]);
    expect(summary.badRows.first.map(({ reason }) => reason)).toEqual([
      "train/a: its box is not four numbers",
      "val/a: there is no class 7",
    ]);
  });
});

describe("folder names", () => {
  it("the innermost folder is the label", async () => {
    const { sets } = await readAnnotations(
      importFiles({}),
      "folders",
      contextOf(["a/hat/1.jpg", "bag/2.jpg", "3.jpg"]),
    );
    expect([0, 1, 2].map((row) => sets[0]!.classes[classOfRow(sets[0]!, row)])).toEqual(["hat", "bag", undefined]);
  });
});

describe("formats", () => {
  it("are told by names and content", async () => {
    const cases: [string | null, Contents][] = [
      ["csv", { "a.csv": "path,label" }],
      ["csv", { "a.txt": "path label\n" }],
      ["yolo", { "a.txt": "0 0.5 0.5 0.1 0.1\n" }],
      ["yolo", { "data.yaml": "names: [a]", "labels/a.txt": "" }],
      ["voc", { "a.jpg": "", "a.xml": "<annotation/>" }],
      ["coco", { "a.json": { info: {}, images: [] } }],
      ["coco", { "a.json": [{ image_id: 1, category_id: 2, bbox: [], score: 1 }] }],
      ["json", { "a.json": [{ path: "a.jpg" }] }],
      ["jsonl", { "a.json": '{"path": "a"}\n{"path": "b"}\n' }],
      ["jsonl", { "a.ndjson": "{}" }],
      ["fiftyone", { "metadata.json": {}, "samples.json": { samples: [] } }],
      ["lightly-predictions", { "predictions/tasks.json": [], "predictions/t/schema.json": { task_type: "x" } }],
      ["lightly-metadata", { "metadata/schema.json": [] }],
      ["npy", { "p.npy": "", "names.txt": "" }],
      ["parquet", { "p.parquet": "" }],
      [null, { "a.jpg": "" }],
      [null, { "a.json": { nothing: 1 } }],
    ];
    for (const [format, contents] of cases) {
      expect([Object.keys(contents), await detectFormat(importFiles(contents))]).toEqual([
        Object.keys(contents),
        format,
      ]);
    }
  });
});

describe("what lies beside images", () => {
  it.each([
    ["voc", { "a.xml": "<annotation><filename>a.jpg</filename></annotation>" }],
    [null, { "library.xml": "<plist/>" }],
    ["yolo", { "data.yaml": "names: [a]", "labels/a.txt": "0 0.5 0.5 0.1 0.1\n" }],
    [null, { "compose.yml": "services: {}" }],
    [null, { "README.txt": "Photographs of 2024.\n" }],
    [null, { "labels/notes.txt": "to do\n" }],
    ["csv", { "labels.csv": "filename;label\na.jpg;hat\n" }],
    ["csv", { "labels.tsv": "image_id\tlabel\n1\that\n" }],
    [null, { "log.csv": "time,temperature\n1,2\n" }],
    ["coco", { "instances.json": { images: [], annotations: [], categories: [] } }],
    ["json", { "a.json": [{ path: "a.jpg" }] }],
    [null, { "a.json": [1, 2] }],
    [null, { "package.json": { name: "x" } }],
  ] as const)("is %s only when that is certain: %j", async (format, contents) => {
    expect(await certainFormat(importFiles(contents as Contents))).toBe(format);
  });
});

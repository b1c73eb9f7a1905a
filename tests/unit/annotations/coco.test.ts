import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instancesOf } from "../../../src/core/annotations/annotationSet.ts";
import { BareNumbers } from "../../../src/core/format/annotations/bareNumbers.ts";
import {
  boxOfRuns,
  countsAsText,
  countsFromText,
  runsProblem,
  transposedRuns,
} from "../../../src/core/format/annotations/runs.ts";
import { imported } from "./importFiles.ts";

const paths = ["a.jpg", "b.jpg", "c.jpg"];
const categories = [
  { id: 3, name: "cat" },
  { id: 7, name: "car" },
];
const listed = paths.map((file_name, i) => ({ id: i + 10, file_name, width: 100, height: 50 }));
const boxesOf = (values: Float32Array | null) => Array.from(values ?? []);

describe("COCO", () => {
  it("annotations before the images and categories that they name", async () => {
    const { sets, summary } = await imported(paths, {
      "instances.json": {
        annotations: [
          { image_id: 11, category_id: 7, bbox: [1, 2, 3, 4] },
          { image_id: 10, category_id: 3, bbox: [90, -10, 20, 30] },
          { image_id: 99, category_id: 3, bbox: [0, 0, 1, 1] },
          { image_id: 10, category_id: 5, bbox: [0, 0, 1, 1] },
          { image_id: 10, category_id: 3, bbox: [0, 0, -1, 1] },
        ],
        images: [...listed, { id: 50, file_name: "elsewhere.jpg" }],
        categories,
      },
    });
    const [set] = sets;
    expect(set).toMatchObject({ id: "instances", type: "object-detection", role: "labels", classes: ["cat", "car"] });
    expect(set!.source.classIds).toEqual([3, 7]);
    expect(Array.from(set!.known)).toEqual([1, 1, 1]);
    expect(paths.map((_, row) => instancesOf(set!, row))).toEqual([1, 1, 0]);
    expect(boxesOf(set!.boxes)).toEqual([90, 0, 10, 20, 1, 2, 3, 4]);
    expect(summary).toMatchObject({ clipped: 1, unmatched: { count: 1 }, instances: 2 });
    expect(summary.badRows.first.map(({ reason }) => reason)).toEqual([
      "annotation 5: its box has the size -1 × 1",
      "annotations name the image 99, which the file does not list",
      "annotations name the category 5, which the file does not list",
    ]);
  });

  it("polygons, masks by column and compressed, and keypoints", async () => {
    // By column of 2 × 3: pixel (0, 1), (1, 0), (1, 1).
    const counts = [1, 3, 2];
    const annotation = (segmentation: unknown) => ({ image_id: 10, category_id: 3, segmentation });
    const { sets } = await imported(paths, {
      "x.json": {
        images: listed,
        categories,
        annotations: [
          annotation([[1, 2, 3, 2, 3, 5]]),
          annotation({ size: [2, 3], counts }),
          annotation({ size: [2, 3], counts: countsAsText(counts) }),
        ],
      },
    });
    const [set] = sets;
    expect(set!.type).toBe("instance-segmentation");
    const mask = { kind: "runs", width: 3, height: 2, counts: Uint32Array.from([1, 1, 1, 2, 1]) };
    expect(set!.shapes).toEqual([{ kind: "polygons", rings: [Float32Array.from([1, 2, 3, 2, 3, 5])] }, mask, mask]);
    expect(boxesOf(set!.boxes)).toEqual([1, 2, 2, 3, 0, 0, 2, 2, 0, 0, 2, 2]);
    const poses = await imported(paths, {
      "x.json": {
        images: listed,
        categories,
        annotations: [{ image_id: 10, category_id: 3, bbox: [0, 0, 9, 9], keypoints: [1, 2, 2, 0, 0, 0, 3, 4, 1] }],
      },
    });
    const none = Number.NaN;
    expect(poses.sets[0]!.type).toBe("keypoint-detection");
    expect(poses.sets[0]!.shapes).toEqual([
      { kind: "keypoints", points: Float32Array.from([1, 2, 1, none, none, none, 3, 4, 0.5]) },
    ]);
  });

  it("results with the images and categories of another file, or alone", async () => {
    const results = [
      { image_id: 12, category_id: 7, bbox: [0, 0, 5, 5], score: 0.5 },
      { image_id: 12, category_id: 3, bbox: [0, 0, 5, 5], score: 0.25 },
    ];
    const ground = { images: listed, categories, annotations: [{ image_id: 10, category_id: 3, bbox: [0, 0, 1, 1] }] };
    const { sets } = await imported(paths, { "gt.json": ground, "results.json": results });
    expect(sets[0]).toMatchObject({ role: "predictions", classes: ["cat", "car"] });
    expect(Array.from(sets[0]!.scores!)).toEqual([0.5, 0.25]);
    expect(instancesOf(sets[0]!, 0)).toBe(0);
    const alone = await imported(["x/000000012.jpg"], { "results.json": results });
    expect(alone.sets[0]).toMatchObject({ classes: ["3", "7"] });
    expect(alone.summary.notes[0]).toContain("no list of categories");
  });

  it("an image that is listed twice counts once", async () => {
    const images = [...listed, { id: 77, file_name: "a.jpg" }];
    const annotations = [10, 77].map((image_id) => ({ image_id, category_id: 3, bbox: [image_id, 0, 1, 1] }));
    const { sets, summary } = await imported(paths, { "x.json": { images, categories, annotations } });
    expect(summary.duplicates).toBe(1);
    expect(boxesOf(sets[0]!.boxes)[0]).toBe(77);
  });

  it("refuses what is cut off, too deep or no JSON, and says where", async () => {
    const whole = JSON.stringify({ images: listed, categories, annotations: [] });
    await expect(imported(paths, { "x.json": whole.slice(0, -2) })).rejects.toThrow("it ends in the middle");
    const deep = `{"images": ${"[".repeat(100_000)}`;
    await expect(imported(paths, { "x.json": deep })).rejects.toThrow("nested deeper than 64");
    await expect(imported(paths, { "x.json": '{"images": [}' })).rejects.toThrow("no whole JSON");
  });

  it("NaN and Infinity, as Python writes them, leave out what they stand in", async () => {
    const text = `{"images": ${JSON.stringify(listed)}, "categories": ${JSON.stringify(categories)}, "annotations": [
      {"image_id": 10, "category_id": 3, "bbox": [0, NaN, 1, 1]},
      {"image_id": 10, "category_id": 3, "bbox": [0, 0, -Infinity, 1]},
      {"image_id": 10, "category_id": 3, "bbox": [0, 0, 1, 1], "note": "NaN -Infinity \\"", "score": NaN}]}`;
    const { sets, summary } = await imported(paths, { "x.json": text });
    expect(summary.badRows.count).toBe(2);
    expect(sets[0]!.classOf.length).toBe(1);
    expect(sets[0]!.scores).toBeNull();
  });

  it("prototype keys do nothing", async () => {
    const image = `{"__proto__": {"file_name": "a.jpg"}, "id": 10}`;
    const text = `{"images": [${image}, {"id": 11, "file_name": "b.jpg"}], "categories": ${JSON.stringify(categories)}, "annotations": [], "__proto__": {"x": 1}}`;
    const { summary } = await imported(paths, { "x.json": text });
    expect(summary.badRows.first[0]!.reason).toContain("image 1");
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe("bare numbers", () => {
  it("are replaced wherever the bytes are cut", () => {
    const text = '{"a": NaN, "b": [-Infinity, Infinity,-1], "c": "NaN\\"-Infinity"}';
    for (let cut = 0; cut <= text.length; cut++) {
      const numbers = new BareNumbers();
      const bytes = new TextEncoder().encode(text);
      const parts = [bytes.slice(0, cut), bytes.slice(cut)].map((part) => new TextDecoder().decode(numbers.pass(part)));
      expect(JSON.parse(parts.join(""))).toEqual({ a: "", b: ["", "", -1], c: 'NaN"-Infinity' });
    }
  });
});

describe("masks", () => {
  const size = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
  const mask = size.chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      pixels: fc.array(fc.boolean(), { minLength: width * height, maxLength: width * height }),
    }),
  );
  const runsOf = (pixels: boolean[]): number[] => {
    const counts = [0];
    let now = false;
    for (const pixel of pixels) {
      if (pixel !== now) counts.push(0);
      now = pixel;
      counts[counts.length - 1]!++;
    }
    return counts;
  };

  it("turn from columns to rows", () => {
    fc.assert(
      fc.property(mask, ({ width, height, pixels }) => {
        const byColumn = Array.from(
          { length: width * height },
          (_, i) => pixels[(i % height) * width + Math.floor(i / height)]!,
        );
        const counts = transposedRuns(runsOf(byColumn), width, height);
        expect(runsProblem(counts, width, height)).toBe("");
        const drawn = Array.from(counts).flatMap((count, i) => Array.from({ length: count }, () => i % 2 === 1));
        expect(drawn).toEqual(pixels);
        const there = pixels.flatMap((pixel, i) => (pixel ? [[i % width, Math.floor(i / width)] as const] : []));
        const box = boxOfRuns({ counts, width, height });
        const [xs, ys] = [there.map(([x]) => x), there.map(([, y]) => y)];
        const [left, top] = [Math.min(...xs), Math.min(...ys)];
        const around = [left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1];
        expect(box).toEqual(there.length === 0 ? null : around);
      }),
    );
  });

  it("as text and back", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000_000), { maxLength: 30 }), (counts) => {
        expect(countsFromText(countsAsText(counts))).toEqual(counts);
      }),
    );
    expect(countsFromText("~")).toBeNull();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnnotationSet } from "../../../src/core/annotations/annotationSet.ts";
import { type MetadataField, metadataValue } from "../../../src/core/annotations/metadataField.ts";
import { AnnotationSetBuilder } from "../../../src/core/annotations/setBuilder.ts";
import { cocoFiles } from "../../../src/core/format/annotations/cocoWriter.ts";
import type { AnnotationExport, ExportFile } from "../../../src/core/format/annotations/exportFile.ts";
import { fiftyoneFiles } from "../../../src/core/format/annotations/fiftyoneWriter.ts";
import type { FormatName } from "../../../src/core/format/annotations/formats.ts";
import { lightlyMetadataFiles, lightlyPredictionFiles } from "../../../src/core/format/annotations/lightlyWriter.ts";
import { polygonRuns } from "../../../src/core/format/annotations/polygonRuns.ts";
import { readAnnotations } from "../../../src/core/format/annotations/readAnnotations.ts";
import { runsProblem } from "../../../src/core/format/annotations/runs.ts";
import { tableFiles } from "../../../src/core/format/annotations/tableWriter.ts";
import { vocFiles } from "../../../src/core/format/annotations/vocWriter.ts";
import { yoloFiles } from "../../../src/core/format/annotations/yoloWriter.ts";
import { annotationSets, imageHeight, imageWidth, plainSet, setImages } from "../../fixtures/annotationSets.ts";
import { contextOf, importFiles, written } from "./importFiles.ts";

const context = contextOf(setImages);

const given = (set: AnnotationSet): AnnotationExport => ({
  set,
  images: context.images,
  rows: setImages.map((_, row) => row),
});

/** Written and read again; null where the set says nothing of any image. */
async function again(set: AnnotationSet, write: (given: AnnotationExport) => Iterable<ExportFile>, format: FormatName) {
  if (!set.known.includes(1)) return null;
  const files = importFiles(written(write(given(set))));
  const { sets, summary } = await readAnnotations(files, format, { ...context, choices: { role: set.role } });
  expect(summary.badRows.first).toEqual([]);
  expect(summary.unmatched.first).toEqual([]);
  return sets[0]!;
}

/** Numbers as close as a 32-bit float in text allows. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, one) =>
      typeof one === "number" && !Number.isInteger(one) ? Number(one.toFixed(3)) : one,
    ),
  );

function unchanged(
  sets: fc.Arbitrary<AnnotationSet>,
  write: (given: AnnotationExport) => Iterable<ExportFile>,
  format: FormatName,
  boxes = true,
  scores = true,
): Promise<void> {
  return fc.assert(
    fc.asyncProperty(sets, async (set) => {
      const read = await again(set, write, format);
      if (read === null) return;
      // A type is told by what instances have, so an export without any has none to tell.
      const kept = (one: AnnotationSet) => ({
        ...one,
        ...(!boxes && { boxes: null }),
        // With probabilities, the score is that of the class.
        ...(!scores && { scores: null }),
      });
      const plain = (one: AnnotationSet) => rounded(plainSet(kept(one)));
      if (set.classOf.length > 0) expect(plain(read)).toEqual(plain(set));
    }),
    { numRuns: 50 },
  );
}

describe("written and read again", () => {
  it("COCO", async () => {
    await unchanged(annotationSets({ type: "object-detection" }), cocoFiles, "coco");
    await unchanged(annotationSets({ type: "object-detection", role: "predictions" }), cocoFiles, "coco");
    await unchanged(annotationSets({ type: "instance-segmentation", shape: "polygons" }), cocoFiles, "coco");
    await unchanged(annotationSets({ type: "instance-segmentation", shape: "runs" }), cocoFiles, "coco");
    await unchanged(annotationSets({ type: "keypoint-detection", shape: "keypoints" }), cocoFiles, "coco");
    await unchanged(annotationSets({ type: "classification" }), cocoFiles, "coco");
  });

  it("COCO keeps the numbers of its categories", async () => {
    const [set] = fc.sample(annotationSets({ type: "object-detection", empty: false }), { numRuns: 1, seed: 2 });
    const classIds = set!.classes.map((_, i) => 90 - 7 * i);
    const read = await again({ ...set!, source: { ...set!.source, classIds } }, cocoFiles, "coco");
    const numbered = (one: AnnotationSet) => new Map(one.classes.map((name, i) => [name, one.source.classIds![i]]));
    expect(numbered(read!)).toEqual(new Map(set!.classes.map((name, i) => [name, classIds[i]])));
  });

  it("YOLO", async () => {
    const names = fc.constantFrom("cat", "b: c", "- d", "'quoted'", "null", "1", "ünï");
    await unchanged(annotationSets({ type: "object-detection", names }), yoloFiles, "yolo");
    await unchanged(annotationSets({ type: "object-detection", role: "predictions", names }), yoloFiles, "yolo");
    await unchanged(annotationSets({ type: "keypoint-detection", shape: "keypoints", names }), yoloFiles, "yolo");
  });

  it("YOLO outlines", async () => {
    const outlines = (set: AnnotationSet): unknown => rounded(set.shapes?.map((shape) => ({ ...shape })) ?? []);
    await fc.assert(
      fc.asyncProperty(annotationSets({ type: "instance-segmentation", shape: "polygons" }), async (set) => {
        const single = set.shapes?.every((shape) => shape?.kind === "polygons" && shape.rings.length === 1);
        fc.pre(single === true);
        expect(outlines((await again(set, yoloFiles, "yolo"))!)).toEqual(outlines(set));
      }),
      { numRuns: 20 },
    );
  });

  it("Pascal VOC", async () => {
    const names = fc.constantFrom("cat", "<x>&amp;", '"quoted"', "007", "ünï");
    await unchanged(annotationSets({ type: "object-detection", names }), vocFiles, "voc");
  });

  it("Lightly predictions", async () => {
    const names = fc.constantFrom("cat", '"quoted"', "ünï");
    const role = "predictions";
    for (const options of [
      { type: "classification", probabilities: true },
      { type: "object-detection", probabilities: true },
      { type: "semantic-segmentation", shape: "runs" },
    ] as const) {
      await unchanged(annotationSets({ ...options, role, names }), lightlyPredictionFiles, "lightly-predictions");
    }
  });

  it("FiftyOne", async () => {
    await unchanged(annotationSets({ type: "classification" }), fiftyoneFiles, "fiftyone");
    await unchanged(annotationSets({ type: "object-detection", role: "predictions" }), fiftyoneFiles, "fiftyone");
    await unchanged(
      annotationSets({ type: "keypoint-detection", shape: "keypoints" }),
      fiftyoneFiles,
      "fiftyone",
      false,
    );
  });

  it("tables", async () => {
    // A row without a label says nothing of its image.
    await unchanged(annotationSets({ type: "classification", empty: false }), tableFiles, "csv");
    const graded = { type: "classification", role: "predictions", empty: false } as const;
    await unchanged(annotationSets(graded), tableFiles, "csv");
    await unchanged(annotationSets({ ...graded, probabilities: true }), tableFiles, "csv", true, false);
  });

  it("tables of boxes", async () => {
    // A set without any box has no columns of boxes, so a table cannot say of its images that nothing is in them.
    const boxed = (sets: fc.Arbitrary<AnnotationSet>) => sets.filter(({ boxes }) => boxes !== null);
    await unchanged(boxed(annotationSets({ type: "object-detection" })), tableFiles, "csv");
    const predictions = { type: "object-detection", role: "predictions" } as const;
    await unchanged(boxed(annotationSets(predictions)), tableFiles, "csv");
    await unchanged(
      annotationSets({ ...predictions, probabilities: true, empty: false }),
      tableFiles,
      "csv",
      true,
      false,
    );
  });

  it("tables of boxes, whatever the classes are called and wherever the boxes lie, to the last bit", async () => {
    const side = (most: number) => fc.float({ min: 0, max: Math.fround(most), noNaN: true });
    const box = fc
      .tuple(side(0.5), side(0.5), side(0.5), side(0.5))
      .map(([x, y, width, height]) =>
        Float32Array.of(x * imageWidth, y * imageHeight, width * imageWidth, height * imageHeight),
      );
    const name = fc.string({ minLength: 1, maxLength: 12, unit: "binary" });
    const rows = fc.array(fc.array(fc.record({ name, box }), { maxLength: 4 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const builder = new AnnotationSetBuilder();
        for (const [row, instances] of all.entries()) {
          builder.know(row);
          for (const one of instances) builder.add(row, { class: builder.classOf(one.name), box: one.box });
        }
        const about = { id: "set", name: "Set", role: "labels", type: "object-detection" } as const;
        const set = builder.finish({ ...about, source: { format: "test", file: "test", at: 0 } });
        if (set.boxes === null) return;
        const read = (await again(set, tableFiles, "csv"))!;
        expect(plainSet(read)).toEqual(plainSet(set));
      }),
    );
  });

  it("Lightly metadata", async () => {
    const metadata: MetadataField[] = [
      { key: "wind", kind: "number", values: Float64Array.from([1.5, Number.NaN, 2]) },
      { key: "sky", kind: "category", names: ["grey", "blue"], ofRow: Int32Array.from([1, 0, 0]) },
      { key: "night", kind: "boolean", ofRow: Int32Array.from([1, 0, 1]) },
      { key: "at", kind: "date", values: Float64Array.from([1.7e12, 1.6e12, 0]) },
    ];
    const files = written(lightlyMetadataFiles(metadata, context.images, [0, 1, 2]));
    const read = await readAnnotations(importFiles(files), "lightly-metadata", context);
    expect(read.metadata.map(({ key, kind }) => [key, kind])).toEqual(metadata.map(({ key, kind }) => [key, kind]));
    for (const [i, field] of metadata.entries()) {
      for (const row of [0, 2]) expect(metadataValue(read.metadata[i]!, row)).toBe(metadataValue(field, row));
    }
  });

  it("outlines as masks: the pixels whose centre is inside", () => {
    const point = fc.tuple(fc.integer({ min: -2, max: 11 }), fc.integer({ min: -2, max: 8 }));
    const rings = fc.array(fc.array(point, { minLength: 3, maxLength: 5 }), { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(rings, (all) => {
        const [width, height] = [9, 6];
        const shifted = all.map((ring) => Float32Array.from(ring.flatMap(([x, y]) => [x + 0.25, y + 0.25])));
        const counts = polygonRuns(shifted, width, height);
        expect(runsProblem(counts, width, height)).toBe("");
        const drawn = Array.from(counts).flatMap((count, i) => Array.from({ length: count }, () => i % 2 === 1));
        for (let i = 0; i < width * height; i++) {
          const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
          let inside = false;
          for (const ring of shifted) {
            for (let a = 0, b = ring.length - 2; a < ring.length; b = a, a += 2) {
              const [x1, y1, x2, y2] = [ring[a]!, ring[a + 1]!, ring[b]!, ring[b + 1]!];
              if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
            }
          }
          expect([i, drawn[i]]).toEqual([i, inside]);
        }
      }),
    );
  });

  it("what a format cannot hold is said", () => {
    const [set] = fc.sample(annotationSets({ type: "classification", empty: false }), { numRuns: 1, seed: 2 });
    expect(() => written(yoloFiles(given(set!)))).toThrow("YOLO holds boxes");
    const images = { ...context.images, paths: ["a.jpg", "a.png"] };
    const boxed = fc.sample(annotationSets({ type: "object-detection" }), { numRuns: 1, seed: 2 })[0]!;
    const all = { ...boxed, known: Uint8Array.of(1, 1), first: Uint32Array.of(0, 0, 0) };
    expect(() => written(vocFiles({ set: all, images, rows: [0, 1] }))).toThrow("differ only in their ending");
  });
});

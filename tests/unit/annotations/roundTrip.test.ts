import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnnotationSet } from "../../../src/core/annotations/annotationSet.ts";
import { cocoFiles } from "../../../src/core/format/annotations/cocoWriter.ts";
import type { AnnotationExport, ExportFile } from "../../../src/core/format/annotations/exportFile.ts";
import type { FormatName } from "../../../src/core/format/annotations/formats.ts";
import { readAnnotations } from "../../../src/core/format/annotations/readAnnotations.ts";
import { vocFiles } from "../../../src/core/format/annotations/vocWriter.ts";
import { yoloFiles } from "../../../src/core/format/annotations/yoloWriter.ts";
import { annotationSets, plainSet, setImages } from "../../fixtures/annotationSets.ts";
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
): Promise<void> {
  return fc.assert(
    fc.asyncProperty(sets, async (set) => {
      const read = await again(set, write, format);
      if (read === null) return;
      // A type is told by what instances have, so an export without any has none to tell.
      if (set.classOf.length > 0) expect(rounded(plainSet(read))).toEqual(rounded(plainSet(set)));
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

  it("what a format cannot hold is said", () => {
    const [set] = fc.sample(annotationSets({ type: "classification", empty: false }), { numRuns: 1, seed: 2 });
    expect(() => written(yoloFiles(given(set!)))).toThrow("YOLO holds boxes");
    const images = { ...context.images, paths: ["a.jpg", "a.png"] };
    const boxed = fc.sample(annotationSets({ type: "object-detection" }), { numRuns: 1, seed: 2 })[0]!;
    const all = { ...boxed, known: Uint8Array.of(1, 1), first: Uint32Array.of(0, 0, 0) };
    expect(() => written(vocFiles({ set: all, images, rows: [0, 1] }))).toThrow("differ only in their ending");
  });
});

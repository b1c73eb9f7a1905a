import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AnnotationSet } from "../../../src/core/annotations/annotationSet.ts";
import { cocoFiles } from "../../../src/core/format/annotations/cocoWriter.ts";
import type { ExportFile } from "../../../src/core/format/annotations/exportFile.ts";
import { vocFiles } from "../../../src/core/format/annotations/vocWriter.ts";
import { yoloFiles } from "../../../src/core/format/annotations/yoloWriter.ts";
import { annotationsParquet } from "../../../src/core/projectFolder/annotationsParquet.ts";
import { annotationSets, imageHeight, imageWidth, setImages } from "../../fixtures/annotationSets.ts";
import { contextOf, written } from "./importFiles.ts";

/** Another interpreter: PYTHON=/path/to/python. */
const python = process.env.PYTHON ?? "python3";
const has = (module: string): boolean => spawnSync(python, ["-c", `import ${module}`]).status === 0;
const unless = (module: string) => {
  const there = has(module);
  return { skip: !there, title: there ? "" : ` (skipped: ${python} has no ${module})` };
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "winnow-formats-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { images } = contextOf(setImages);
const rows = setImages.map((_, row) => row);
const sample = (options: Parameters<typeof annotationSets>[0]): AnnotationSet[] =>
  fc.sample(annotationSets({ ...options, empty: true }), { numRuns: 5, seed: 11 });

/** Writes an export and has the script read it. */
function read(files: Iterable<ExportFile>, kind: string, ...paths: string[]): Record<string, Found[]> {
  for (const [path, bytes] of Object.entries(written(files))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const script = join(import.meta.dirname, "independentReaders.py");
  const { status, stdout, stderr } = spawnSync(python, [script, kind, ...paths.map((path) => join(folder, path))]);
  if (status !== 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout));
}

interface Found {
  class: string;
  box: number[] | null;
  score?: number | null;
  pixels?: number | null;
}

/** What should be found, by image. */
function expected(set: AnnotationSet, name: (path: string) => string, box: (box: number[]) => number[]) {
  return Object.fromEntries(
    rows
      .filter((row) => set.known[row])
      .map((row) => [
        name(setImages[row]!),
        Array.from({ length: set.first[row + 1]! - set.first[row]! }, (_, i) => {
          const at = set.first[row]! + i;
          return {
            class: set.classes[set.classOf[at]!],
            box: box(Array.from(set.boxes!.subarray(4 * at, 4 * at + 4))),
          };
        }),
      ]),
  );
}

const rounded = (found: Record<string, Found[]>) =>
  Object.fromEntries(
    Object.entries(found).map(([path, all]) => [
      path,
      all.map((one) => ({ class: one.class, box: one.box!.map((value) => Number(value.toFixed(5)) + 0) })),
    ]),
  );

const coco = unless("pycocotools.coco");
const yolo = unless("yaml");
const voc = unless("xml.etree.ElementTree");
const parquet = unless("pandas, pyarrow");

describe("what others read", () => {
  it.skipIf(coco.skip)(`COCO by pycocotools${coco.title}`, { timeout: 60_000 }, () => {
    const same = (box: number[]) => box;
    for (const set of sample({ type: "object-detection" })) {
      const found = read(cocoFiles({ set, images, rows }), "coco", "annotations.json");
      expect(rounded(found)).toEqual(expected(set, (path) => path, same));
    }
    for (const set of sample({ type: "object-detection", role: "predictions", empty: false })) {
      if (set.classOf.length === 0) continue;
      const found = read(cocoFiles({ set, images, rows }), "coco-results", "images.json", "results.json");
      expect(rounded(found)).toEqual(expected(set, (path) => path, same));
      expect(
        Object.values(found)
          .flat()
          .map(({ score }) => score),
      ).toEqual(Array.from(set.scores!));
    }
    for (const set of sample({ type: "instance-segmentation", shape: "runs" })) {
      const found = read(cocoFiles({ set, images, rows }), "coco", "annotations.json");
      const pixels = set.shapes?.map((shape) => {
        if (shape?.kind !== "runs") throw new Error("no mask");
        return shape.counts.reduce((sum, count, i) => sum + (i % 2) * count, 0);
      });
      expect(
        Object.values(found)
          .flat()
          .map((one) => one.pixels),
      ).toEqual(pixels ?? []);
    }
  });

  it.skipIf(yolo.skip)(`YOLO by PyYAML and plain text${yolo.title}`, { timeout: 60_000 }, () => {
    for (const set of sample({ type: "object-detection" })) {
      const found = read(yoloFiles({ set, images, rows }), "yolo", ".");
      const centred = ([x = 0, y = 0, w = 0, h = 0]: number[]) =>
        [(x + w / 2) / imageWidth, (y + h / 2) / imageHeight, w / imageWidth, h / imageHeight].map((value) =>
          Number(value.toFixed(5)),
        );
      expect(rounded(found)).toEqual(expected(set, (path) => path.replace(/\.\w+$/, ""), centred));
      rmSync(folder, { recursive: true });
    }
  });

  it.skipIf(voc.skip)(`Pascal VOC by ElementTree${voc.title}`, { timeout: 60_000 }, () => {
    for (const set of sample({ type: "object-detection" })) {
      const found = read(vocFiles({ set, images, rows }), "voc", ".");
      expect(rounded(found)).toEqual(
        expected(
          set,
          (path) => path,
          ([x = 0, y = 0, w = 0, h = 0]) => [x, y, x + w, y + h],
        ),
      );
      rmSync(folder, { recursive: true });
    }
  });

  it.skipIf(parquet.skip)(`the project folder's tables by pandas${parquet.title}`, { timeout: 60_000 }, () => {
    for (const set of sample({ type: "keypoint-detection", shape: "keypoints", probabilities: true, empty: false })) {
      const chunks = [...annotationsParquet(set, "test")];
      const found = read([{ path: "set.parquet", chunks }], "parquet", "set.parquet") as unknown as {
        rows: number[];
        classes: (string | null)[];
      };
      const instances = found.classes.flatMap((name, i) => (name === null ? [] : [[found.rows[i], name]]));
      expect(instances).toEqual(
        rows.flatMap((row) =>
          Array.from(set.classOf.subarray(set.first[row] ?? 0, set.first[row + 1] ?? 0), (id) => [
            row,
            set.classes[id],
          ]),
        ),
      );
    }
  });
});

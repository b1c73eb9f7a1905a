import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Papa from "papaparse";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { check } from "../../../src/cli/commands/check.ts";
import { exportProject } from "../../../src/cli/commands/exportProject.ts";
import { importAnnotations } from "../../../src/cli/commands/importAnnotations.ts";
import { select } from "../../../src/cli/commands/select.ts";
import { vectors } from "../../../src/cli/commands/vectors.ts";
import { NodeFolder } from "../../../src/cli/nodeFolder.ts";
import type { Surroundings } from "../../../src/cli/surroundings.ts";
import { readNpy, writeNpy } from "../../../src/core/format/npy.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { ProjectWriter } from "../../../src/core/projectFolder/projectWriter.ts";
import { Random } from "../../../src/core/random.ts";
import { someMeasures } from "../../fixtures/measures.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";

const images = Array.from({ length: 30 }, (_, i) => `${i % 2 ? "hat" : "bag"}/${i}.jpg`);
let folder: string;
let project: string;
let said: string;
let surroundings: Surroundings;

/** A project of 30 vectors, its images 100 × 50 pixels. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "winnow-annotations-"));
  project = join(folder, "p.winnow");
  said = "";
  surroundings = surroundingsOf(undefined, (text) => {
    said += text;
  });
  const random = new Random(3);
  const data = Float32Array.from({ length: images.length * 8 }, () => random.normal());
  put("v.npy", writeNpy({ dtype: "f4", shape: [images.length, 8], data }));
  put("names.txt", images.join("\n"));
  await vectors(join(folder, "v.npy"), { project, names: join(folder, "names.txt") }, surroundings);
  const reader = await open();
  const stored = [];
  for await (const page of reader.images()) stored.push(...page);
  const sized = stored.map((image) => ({ ...image, record: { ...image.record, width: 100, height: 50 } }));
  await new ProjectWriter(new NodeFolder(project), reader.manifest).putImages(sized, images.length, null, [], 0);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array | object): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
  return file;
}
const open = () => ProjectReader.open(new NodeFolder(project));
const csv = (path: string): Record<string, string>[] => {
  const [columns = [], ...rows] = Papa.parse(readFileSync(join(folder, path), "utf8").trim()).data;
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]!])));
};
const labels = (rows: number[]) =>
  `path,label,wind\n${rows.map((row) => `${images[row]},kind ${row % 3},${row}`).join("\n")}\n`;

describe("winnow import", () => {
  it("labels and metadata; again brings them up to date and doubles nothing", async () => {
    const first = await importAnnotations(project, [put("kinds.csv", labels([0, 1, 2]))], {}, surroundings);
    expect(first).toMatchObject({
      format: "csv",
      matched: 3,
      metadata: ["wind"],
      sets: [{ id: "kinds", role: "labels" }],
    });
    put("kinds.csv", `path,label\n${images[0]},other\n${images[9]},kind 0\nnowhere.jpg,x\n`);
    const second = await importAnnotations(project, [join(folder, "kinds.csv")], {}, surroundings);
    expect(second.unmatched).toEqual({ count: 1, first: ["nowhere.jpg"] });
    const reader = await open();
    expect(reader.annotationFiles).toEqual(["labels/kinds.parquet"]);
    const stored: string[] = [];
    for await (const page of reader.images()) stored.push(...page.map(({ label }) => label));
    expect([0, 1, 2, 3, 9].map((row) => stored[row])).toEqual(["other", "kind 1", "kind 2", "", "kind 0"]);
    expect((await reader.metadata())[0]).toMatchObject({ key: "wind", kind: "number" });
  });

  it("a folder, folder names, other columns, and roles", async () => {
    put("yolo/data.yaml", "names: [a, b]\n");
    put("yolo/labels/bag/0.txt", "1 0.5 0.5 0.2 0.2\n");
    const yolo = await importAnnotations(project, [join(folder, "yolo")], {}, surroundings);
    expect(yolo).toMatchObject({ format: "yolo", matched: 1, instances: 1 });
    const folders = await importAnnotations(project, [], { format: "folders" }, surroundings);
    expect(folders.sets[0]).toMatchObject({ id: "Folder", classes: 2 });
    const file = put("odd.csv", `a,b\nx,${images[0]}\n`);
    const options = { pathColumn: "b", labelColumn: "a", name: "Odd one", as: "predictions" } as const;
    const odd = await importAnnotations(project, [file], options, surroundings);
    expect(odd.sets[0]).toMatchObject({ id: "Odd-one", role: "predictions" });
    await expect(importAnnotations(project, [file], { pathColumn: "c" }, surroundings)).rejects.toThrow(
      "Columns are: a, b",
    );
  });

  it("a file that cannot be read changes nothing", async () => {
    const before = readFileSync(join(project, "project.json"), "utf8");
    const cut = put("x.json", '{"images": [{"id": 1, "file_name": "bag/0.jpg"}], "annotations": [');
    await expect(importAnnotations(project, [cut], {}, surroundings)).rejects.toThrow("Nothing was imported");
    await expect(importAnnotations(project, [put("x.bin", "?")], {}, surroundings)).rejects.toThrow(
      "no format that Winnow knows",
    );
    await expect(importAnnotations(project, [join(folder, "no.csv")], {}, surroundings)).rejects.toThrow(
      "is not there",
    );
    expect(readFileSync(join(project, "project.json"), "utf8")).toBe(before);
    expect(existsSync(join(project, "labels"))).toBe(false);
  });
});

describe("winnow select by what was imported", () => {
  it("scores, classes and metadata", async () => {
    const rows = images.map((path, i) => `${path},${i / 60 + 0.5},${0.5 - i / 60},${i}`);
    await importAnnotations(project, [put("net.csv", `path,p:a,p:b,wind\n${rows.join("\n")}\n`)], {}, surroundings);
    const config = put("s.json", {
      n_samples: 3,
      strategies: [
        { input: { type: "SCORES", task: "net", score: "uncertainty_margin" }, strategy: { type: "WEIGHTS" } },
        {
          input: { type: "METADATA", key: "wind" },
          strategy: { type: "THRESHOLD", threshold: 5, operation: "BIGGER" },
        },
      ],
    });
    const { paths } = await select(project, { config, seed: 1 }, surroundings);
    expect(paths).toEqual(images.slice(6, 9));
    const unknown = put("u.json", {
      n_samples: 3,
      strategies: [{ input: { type: "SCORES", task: "net", score: "nothing" }, strategy: { type: "WEIGHTS" } }],
    });
    await expect(select(project, { config: unknown, seed: 1 }, surroundings)).rejects.toThrow("uncertainty_margin");
  });
});

describe("winnow select by objects", () => {
  it("balances classes and counts them", async () => {
    // A cat on every third image, a car on every other.
    const annotations = images.flatMap((_, i) => [
      ...(i % 3 === 0 ? [{ image_id: i, category_id: 1, bbox: [0, 0, 9, 9], score: 0.5 }] : []),
      ...(i % 2 === 0 ? [{ image_id: i, category_id: 2, bbox: [0, 0, 9, 9], score: 0.5 }] : []),
    ]);
    const listed = images.map((file_name, id) => ({ id, file_name }));
    const categories = ["cat", "car", "never"].map((name, i) => ({ id: i + 1, name }));
    const files = [put("gt.json", { images: listed, categories, annotations: [] }), put("net.json", annotations)];
    const { sets } = await importAnnotations(project, files, { name: "net" }, surroundings);
    expect(sets[0]).toMatchObject({ id: "net", role: "predictions", type: "object-detection" });
    const threshold = (name: string) => ({
      n_samples: -1,
      strategies: [
        {
          input: { type: "PREDICTIONS", task: "net", name: "CATEGORY_COUNT", categories: [name] },
          strategy: { type: "THRESHOLD", threshold: 0, operation: "BIGGER" },
        },
        { input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY", stopping_condition_minimum_distance: 0 } },
      ],
    });
    const cats = await select(project, { config: put("c.json", threshold("cat")), seed: 1 }, surroundings);
    expect(cats.paths.sort()).toEqual(images.filter((_, i) => i % 3 === 0).sort());
    const unknown = select(project, { config: put("d.json", threshold("dog")), seed: 1 }, surroundings);
    await expect(unknown).rejects.toThrow("has no class “dog”");
    const balance = {
      n_samples: 6,
      strategies: [
        {
          input: { type: "PREDICTIONS", task: "net", name: "CLASS_DISTRIBUTION" },
          strategy: { type: "BALANCE", distribution: "TARGET", target: { cat: 1 } },
        },
      ],
    };
    const only = await select(project, { config: put("b.json", balance), seed: 1 }, surroundings);
    // Every car would move the shares away; images without anything do not.
    expect(only.paths).toHaveLength(6);
    expect(only.paths.filter((path) => path.startsWith("bag/"))).toEqual([]);
    expect(only.paths).toContain(images[3]);
  });
});

describe("winnow export", () => {
  const out = () => join(folder, "out");

  it("tables of images with labels, scores, metadata and pick order", async () => {
    await importAnnotations(project, [put("kinds.csv", labels([0, 1, 2]))], {}, surroundings);
    const { paths } = await select(project, { n: { count: 2 }, seed: 1 }, surroundings);
    const result = await exportProject(project, { format: "csv", out: out() }, surroundings);
    expect(result).toMatchObject({ images: 30, files: 1, set: null });
    const rows = csv("out/images.csv");
    expect(rows[1]).toMatchObject({ path: images[1], label: "kind 1", "label:kinds": "kind 1", "meta:wind": "1" });
    expect(rows.find(({ selected_rank }) => selected_rank === "1")!.path).toBe(paths[0]);
    await exportProject(project, { format: "json", out: out(), selected: true }, surroundings);
    const json = JSON.parse(readFileSync(join(out(), "images.json"), "utf8"));
    expect(json.map(({ path }: { path: string }) => path)).toEqual(paths);
    await exportProject(project, { format: "txt", out: out(), only: put("some.txt", `${images[4]}\n`) }, surroundings);
    expect(readFileSync(join(out(), "images.txt"), "utf8")).toBe(`${images[4]}\n`);
  });

  it("embeddings as NumPy, CSV, Parquet and for TensorBoard", async () => {
    for (const format of ["npy", "embeddings-csv", "parquet", "tensorboard"] as const) {
      await exportProject(project, { format, out: out() }, surroundings);
    }
    expect(readNpy(readFileSync(join(out(), "embeddings.npy")), "e")).toMatchObject({ shape: [30, 8] });
    expect(Object.keys(csv("out/embeddings.csv")[0]!)).toEqual([
      "filenames",
      ...Array.from({ length: 8 }, (_, i) => `embedding_${i}`),
      "labels",
    ]);
    expect(readFileSync(join(out(), "tensors.tsv"), "utf8").trim().split("\n")).toHaveLength(30);
    expect(readFileSync(join(out(), "metadata.tsv"), "utf8").trim().split("\n")).toHaveLength(31);
    expect(readFileSync(join(out(), "images.parquet")).subarray(0, 4).toString()).toBe("PAR1");
  });

  it("labels back in the format that they came in, and read again", async () => {
    const coco = {
      images: [{ id: 5, file_name: images[0] }],
      categories: [{ id: 9, name: "cat" }],
      annotations: [{ image_id: 5, category_id: 9, bbox: [1, 2, 3, 4] }],
    };
    await importAnnotations(project, [put("boxes.json", coco)], {}, surroundings);
    const result = await exportProject(project, { format: "annotations", out: out() }, surroundings);
    expect(result).toMatchObject({ set: "boxes", files: 1 });
    const back = JSON.parse(readFileSync(join(out(), "annotations.json"), "utf8"));
    expect(back.categories).toMatchObject([{ id: 9, name: "cat" }]);
    expect(back.annotations).toMatchObject([{ category_id: 9, bbox: [1, 2, 3, 4] }]);
    await exportProject(project, { format: "voc", out: join(out(), "voc") }, surroundings);
    const again = await importAnnotations(project, [join(out(), "voc")], {}, surroundings);
    expect(again).toMatchObject({ format: "voc", matched: 1, instances: 1 });
    await expect(exportProject(project, { format: "coco", out: out() }, surroundings)).rejects.toThrow("--set");
    await exportProject(project, { format: "corrections", out: out(), set: "boxes" }, surroundings);
    expect(readFileSync(join(out(), "corrections.csv"), "utf8")).toContain("suggested_by");
  });

  it("says what is missing", async () => {
    await expect(exportProject(project, { format: "yolo", out: out() }, surroundings)).rejects.toThrow(
      "Import some first",
    );
    await expect(exportProject(project, { format: "lightly-metadata", out: out() }, surroundings)).rejects.toThrow(
      "no metadata",
    );
    await expect(exportProject(project, { format: "csv", out: out(), selected: true }, surroundings)).rejects.toThrow(
      "Nothing was selected",
    );
    expect(existsSync(out())).toBe(false);
    expect(said).toBe("");
  });
});

it("winnow select and winnow export leave out excluded images, and say how to have them too", async () => {
  const reader = await open();
  const stored = [];
  for await (const page of reader.images()) stored.push(...page);
  const out = new Set([3, 7, 8]);
  const tagged = stored.map((image, row) => ({ ...image, tags: out.has(row) ? ["excluded"] : [] }));
  await new ProjectWriter(new NodeFolder(project), reader.manifest).putImages(tagged, images.length, null, [], 0);
  const all = { n: { count: images.length }, seed: 1 };
  const { paths, result } = await select(project, all, surroundings);
  expect([...paths].sort()).toEqual(images.filter((_, row) => !out.has(row)).sort());
  expect(result).toMatchObject({ selected: 27, requested: 30 });
  expect(said).toContain("3 excluded images are left out; --with-excluded chooses among them too.");
  said = "";
  const whole = await select(project, { ...all, withExcluded: true }, surroundings);
  expect([...whole.paths].sort()).toEqual([...images].sort());
  expect(said).not.toContain("excluded");
  const written = { format: "txt", out: join(folder, "out") } as const;
  expect(await exportProject(project, written, surroundings)).toMatchObject({ images: 27 });
  expect(said).toContain("3 excluded images are left out; --with-excluded writes them too.");
  expect(await exportProject(project, { ...written, withExcluded: true }, surroundings)).toMatchObject({ images: 30 });
});

it("winnow export writes what was measured, and an import of that table leaves it out", async () => {
  const reader = await open();
  const stored = [];
  for await (const page of reader.images()) stored.push(...page);
  const measured = stored.map((image, row) => ({
    ...image,
    record: { ...image.record, ...(row > 0 && { measures: someMeasures({ dark: row / 32, sharpness: 7 }) }) },
  }));
  await new ProjectWriter(new NodeFolder(project), reader.manifest).putImages(measured, images.length, null, [], 0);
  put("notes.csv", `path,label,wind\n${images[0]},hat,5\n`);
  await importAnnotations(project, [join(folder, "notes.csv")], {}, surroundings);
  await exportProject(project, { format: "csv", out: join(folder, "out") }, surroundings);
  const rows = csv("out/images.csv");
  expect(rows.map(({ dark }) => dark)).toEqual(["", ...images.slice(1).map((_, i) => String((i + 1) / 32))]);
  expect(rows[1]).toMatchObject({ sharpness: "7", odd_aspect_ratio: "0.5" });
  const read = await importAnnotations(project, [join(folder, "out/images.csv")], {}, surroundings);
  expect(read.metadata.filter((key) => !/:/.test(key))).toEqual([]);
});

describe("winnow check of boxes", () => {
  const coco = (boxes: [image: number, bbox: number[], score?: number][]) => ({
    images: images.map((file_name, id) => ({ id, file_name, width: 100, height: 50 })),
    categories: [{ id: 1, name: "cat" }],
    annotations: boxes.map(([image_id, bbox, score], id) => ({
      id,
      image_id,
      category_id: 1,
      bbox,
      ...(score !== undefined && { score }),
    })),
  });

  it("goes by the project's thresholds, those that are given before them, and leaves out what was kept", async () => {
    const drawn = put(
      "drawn.json",
      coco([
        [0, [0, 0, 20, 20]],
        [1, [0, 0, 20, 20]],
      ]),
    );
    const seen = put(
      "seen.json",
      coco([
        [0, [0, 0, 20, 20], 0.9],
        [1, [0, 0, 20, 20], 0.3],
        [2, [5, 5, 9, 9], 0.7],
      ]),
    );
    await importAnnotations(project, [drawn], {}, surroundings);
    await importAnnotations(project, [seen], { as: "predictions" }, surroundings);
    const flagged = async (boxThreshold = {}) => {
      const { csv: table, result } = await check(project, { boxThreshold }, surroundings);
      const [names = [], ...rows] = Papa.parse([...table].join("").trim()).data;
      const at = names.indexOf("is_label");
      const found = rows.flatMap((row, i) => (row[at] === "1" ? [i] : []));
      expect(result.issues.label).toBe(found.length);
      return found;
    };
    expect(await flagged()).toEqual([]);
    expect(await flagged({ sure: 0.6 })).toEqual([2]);
    expect(await flagged({ least: 0.5 })).toEqual([1]);

    const reader = await open();
    const writer = new ProjectWriter(new NodeFolder(project), reader.manifest);
    await writer.putQuality({ thresholds: {}, boxes: { sure: 0.6, least: 0.5 } });
    expect(await flagged()).toEqual([1, 2]);
    expect(await flagged({ least: 0 })).toEqual([2]);
    const set = await reader.annotations(reader.annotationFiles[0]!);
    const kept = { row: 1, box: { name: "cat", box: [0, 0, 20, 20] }, missing: false } as const;
    await writer.putAnnotations({ ...set, keptBoxes: [kept] });
    expect(await flagged()).toEqual([2]);
    // An update of the labels does not forget it.
    await importAnnotations(project, [drawn], {}, surroundings);
    expect(await flagged()).toEqual([2]);
  });
});

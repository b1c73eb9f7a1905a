import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MetadataField, metadataValue } from "../../../src/core/annotations/metadataField.ts";
import { correctionsCsv } from "../../../src/core/format/correctionsCsv.ts";
import { annotationsParquet, readAnnotationsParquet } from "../../../src/core/projectFolder/annotationsParquet.ts";
import { metadataParquet, readMetadataParquet } from "../../../src/core/projectFolder/metadataParquet.ts";
import { parquetRows } from "../../../src/core/projectFolder/parquetRows.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { ProjectWriter } from "../../../src/core/projectFolder/projectWriter.ts";
import { annotationSets, plainSet, setImages } from "../../fixtures/annotationSets.ts";
import { MemoryFiles } from "../../fixtures/memoryFolder.ts";
import { bytesFile } from "../annotations/importFiles.ts";

const bytesOf = (chunks: Iterable<Uint8Array>): Uint8Array => new Uint8Array(Buffer.concat([...chunks]));
const images = setImages.length;

describe("annotations in a project folder", () => {
  it("come back as they were", async () => {
    const sets = fc.oneof(
      annotationSets({ type: "classification", probabilities: true }),
      annotationSets({ type: "classification", role: "predictions" }),
      annotationSets({ type: "object-detection", role: "predictions", probabilities: true }),
      annotationSets({ type: "instance-segmentation", shape: "polygons" }),
      annotationSets({ type: "semantic-segmentation", shape: "runs" }),
      annotationSets({ type: "keypoint-detection", shape: "keypoints" }),
    );
    await fc.assert(
      fc.asyncProperty(sets, async (set) => {
        const read = await readAnnotationsParquet(bytesFile(bytesOf(annotationsParquet(set, "test"))), "x", images);
        expect(read).toEqual(set);
        expect(plainSet(read)).toEqual(plainSet(set));
      }),
      { numRuns: 60 },
    );
  });

  it("with what a person corrected", async () => {
    const [set] = fc.sample(annotationSets({ type: "classification" }), { numRuns: 1, seed: 5 });
    const correction = {
      rows: Uint32Array.from([0, 2]),
      before: Int32Array.from([-1, 1]),
      after: Int32Array.from([0, -1]),
      by: "label issues",
      at: 1e12,
    };
    const stored = (after: Int32Array) =>
      bytesFile(bytesOf(annotationsParquet({ ...set!, corrections: [{ ...correction, after }] }, "test")));
    const read = await readAnnotationsParquet(stored(correction.after), "x", images);
    expect(read.corrections).toEqual([correction]);
    await expect(readAnnotationsParquet(stored(Int32Array.from([0, 99])), "x", images)).rejects.toThrow("corrections");
    const csv = [...correctionsCsv({ classes: set!.classes, corrections: [correction] }, setImages)].join("");
    expect(csv.split("\r\n").slice(0, 2)).toEqual([
      "path,label_before,label_after,suggested_by,corrected_at",
      expect.stringMatching(/^hat\/a\.jpg,,.+,label issues,2001-09-09T01:46:40\.000Z$/),
    ]);
  });

  it("with the boxes that a person kept", async () => {
    const [set] = fc.sample(annotationSets({ type: "object-detection" }), { numRuns: 1, seed: 5 });
    const keptBoxes = [
      { row: 2, box: { name: "b,c", box: [1.5, 2, 3, 4] }, missing: false },
      { row: 0, box: { name: "<x>", box: [0, 0, 9, 9] }, missing: true },
    ] as const;
    const stored = bytesFile(bytesOf(annotationsParquet({ ...set!, keptBoxes }, "test")));
    expect(await readAnnotationsParquet(stored, "x", images)).toEqual({ ...set!, keptBoxes });
    await expect(readAnnotationsParquet(stored, "x", 2)).rejects.toThrow("damaged");
  });

  it("hostile or damaged files are named", async () => {
    const [set] = fc.sample(annotationSets({ type: "object-detection", empty: false }), { numRuns: 1, seed: 7 });
    const bytes = bytesOf(annotationsParquet(set!, "test"));
    const read = (content: Uint8Array, rows = images) =>
      readAnnotationsParquet(bytesFile(content), "labels/x.parquet", rows);
    await expect(read(bytes, 0)).rejects.toThrow("“labels/x.parquet” is damaged");
    await expect(read(bytes.slice(0, bytes.length / 2))).rejects.toThrow("“labels/x.parquet” is damaged");
    const header = { format: "winnow-annotations", version: 1, id: "", name: "", role: "labels" };
    const other = bytesOf(parquetRows([{ name: "row", type: "integer", value: () => 0 }], 1, header, "test"));
    await expect(read(other)).rejects.toThrow("id to be");
  });

  it("metadata of every kind, and keys of every spelling", async () => {
    const fields: MetadataField[] = [
      { key: "a.b", kind: "number", values: Float64Array.from([1.5, Number.NaN, -2]) },
      { key: "__proto__", kind: "category", names: ["x", "=y"], ofRow: Int32Array.from([1, -1, 0]) },
      { key: "list", kind: "boolean", ofRow: Int32Array.from([1, 0, -1]) },
      { key: "ü ,", kind: "date", values: Float64Array.from([1_700_000_000_000, Number.NaN, 0]) },
    ];
    const read = await readMetadataParquet(
      bytesFile(bytesOf(metadataParquet(fields, 3, "test"))),
      "metadata.parquet",
      3,
    );
    expect(read.map(({ key, kind }) => [key, kind])).toEqual(fields.map(({ key, kind }) => [key, kind]));
    for (const [i, field] of fields.entries()) {
      for (const row of [0, 1, 2]) expect(metadataValue(read[i]!, row)).toBe(metadataValue(field, row));
    }
  });

  it("are listed, replaced and taken out", async () => {
    const files = new MemoryFiles();
    const about = { name: "P", createdAt: 1e12, programVersion: "0", model: null, signedFeatures: false };
    const writer = ProjectWriter.create(files, about);
    const sha256 = "0".repeat(64);
    const stored = setImages.map((path, row) => ({
      record: {
        row,
        id: sha256.slice(0, 32),
        path,
        width: 1,
        height: 1,
        bytes: 1,
        sha256,
        modifiedAt: 0,
        takenAt: null,
      },
      tags: [],
      label: "",
    }));
    await writer.putImages(stored, images, null, [], 0);
    const [set] = fc.sample(annotationSets({ type: "classification" }), { numRuns: 1, seed: 3 });
    expect((await ProjectReader.open(files)).annotationFiles).toEqual([]);
    expect(await writer.putAnnotations(set!)).toBe("labels/set.parquet");
    await writer.putAnnotations({ ...set!, name: "Again" });
    await writer.putAnnotations({ ...set!, role: "predictions" });
    await writer.putMetadata([{ key: "k", kind: "number", values: Float64Array.from([1]) }]);
    const reader = await ProjectReader.open(files);
    expect(reader.annotationFiles).toEqual(["labels/set.parquet", "predictions/set.parquet"]);
    expect(await reader.annotations("labels/set.parquet")).toMatchObject({ name: "Again", role: "labels" });
    expect((await reader.metadata()).map(({ key }) => key)).toEqual(["k"]);
    await writer.keepAnnotations([{ role: "predictions", id: "set" }]);
    await writer.putMetadata([]);
    const after = await ProjectReader.open(files);
    expect(after.annotationFiles).toEqual(["predictions/set.parquet"]);
    expect(await after.metadata()).toEqual([]);
    expect(await files.open("labels/set.parquet")).toBeNull();
  });
});

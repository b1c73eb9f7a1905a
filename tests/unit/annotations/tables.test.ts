import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import type { AnnotationSet } from "../../../src/core/annotations/annotationSet.ts";
import { classOfRow } from "../../../src/core/annotations/annotationSet.ts";
import { metadataValue } from "../../../src/core/annotations/metadataField.ts";
import { delimitedRows, delimiterOf } from "../../../src/core/format/annotations/delimitedText.ts";
import { previewTable } from "../../../src/core/format/annotations/readAnnotations.ts";
import { guessMapping, mappingProblem } from "../../../src/core/format/annotations/tableMapping.ts";
import { csvChunks } from "../../../src/core/format/csvRows.ts";
import { writeNpy } from "../../../src/core/format/npy.ts";
import { imported, importFiles } from "./importFiles.ts";

const images = ["hat/a.jpg", "hat/b.jpg", "bag/c.jpg"];
const labelsOf = (set: AnnotationSet) => images.map((_, row) => set.classes[classOfRow(set, row)] ?? null);

const rowsOf = async (parts: string[], delimiter = ",") => {
  const rows: { line: number; cells: string[]; problem: string }[] = [];
  for await (const part of delimitedRows(parts, delimiter)) rows.push(...part);
  return rows;
};

describe("delimited text", () => {
  it("is read as it was written, wherever its parts are cut", async () => {
    const cell = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('"', "\n", "\r\n", ",", 'a"b', ""));
    const table = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 4 }), cell, cell), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(table, fc.array(fc.nat(400), { maxLength: 5 }), async (rows, cuts) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((row) => row.map(quoted).join(",")).join("\r\n");
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const parts = places.slice(1).map((end, i) => text.slice(places[i], end));
        expect((await rowsOf(parts)).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });

  it("says on which line a row begins", async () => {
    const rows = await rowsOf(['a,b\n"1\n', '2",3\r\n\r\n4,5\r6,7']);
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, "a", "b"],
      [2, "1\n2", "3"],
      [5, "4", "5"],
      [6, "6", "7"],
    ]);
  });

  it("names a quote that is not closed, and keeps quotes inside of cells", async () => {
    const rows = await rowsOf(['5" wide,b\n"never closed,1\n2,3']);
    expect(rows[0]!.cells).toEqual(['5" wide', "b"]);
    expect(rows[1]!.problem).toBe("a quote is not closed");
  });

  it("does not gather a file of one row", async () => {
    const rows = await rowsOf([",".repeat(300_000), `"${"x".repeat(2_000_000)}`, ",\nb"]);
    expect(rows[0]!.cells).toHaveLength(100_000);
    expect(rows[0]!.problem).not.toBe("");
  });

  it("finds the delimiter outside of quotes", () => {
    expect(delimiterOf('path;"a,b,c,d";label\n')).toBe(";");
    expect(delimiterOf("path\tlabel\n")).toBe("\t");
    expect(delimiterOf("path\n")).toBe(",");
  });
});

describe("tables", () => {
  it("labels by path, with a mark, semicolons, quotes and line breaks", async () => {
    const text = '\uFEFFfile;class;note\r\nhat/a.jpg;hat;"two\r\nlines; here"\r\nc.jpg;"bag ""B""";\r\nz.jpg;x;y\r\n';
    const { sets, metadata, summary } = await imported(images, { "labels.csv": text });
    expect(labelsOf(sets[0]!)).toEqual(["hat", null, 'bag "B"']);
    expect(sets[0]).toMatchObject({ id: "labels", role: "labels", type: "classification" });
    expect(metadata.map((column) => metadataValue(column, 0))).toEqual(["two\r\nlines; here"]);
    expect(summary).toMatchObject({ matched: 2, unmatched: { count: 1, first: ["z.jpg"] }, duplicates: 0 });
  });

  it("boxes by their edges or sizes, an instance a row; bad ones are named, those outside are cut", async () => {
    const text = [
      "filename,width,height,class,xmin,ymin,xmax,ymax,note",
      "hat/a.jpg,100,50,hat,10,5,30,25,x",
      "hat/a.jpg,100,50,hat,90,40,120,45,y",
      "b.jpg,100,50,,,,,,z",
      "c.jpg,100,50,bag,1,2,three,4,",
      "c.jpg,100,50,bag,9,9,3,3,",
      "c.jpg,100,50,,1,1,3,3,",
    ].join("\n");
    const { sets, metadata, summary } = await imported(images, { "boxes.csv": text });
    expect(sets).toHaveLength(1);
    const [set] = sets;
    expect(set).toMatchObject({ role: "labels", type: "object-detection", classes: ["hat"] });
    expect([...set!.known]).toEqual([1, 1]);
    expect([...set!.first]).toEqual([0, 2, 2]);
    expect([...set!.boxes!]).toEqual([10, 5, 20, 20, 90, 40, 10, 5]);
    expect(metadata.map(({ key }) => key)).toEqual(["note"]);
    expect(summary).toMatchObject({ matched: 2, clipped: 1, duplicates: 0 });
    expect(summary.badRows.first.map(({ line, reason }) => [line, reason])).toEqual([
      [5, "c.jpg: its box is not four numbers"],
      [6, "c.jpg: its box has the size -6 × -6"],
      [7, "c.jpg: its box has no label"],
    ]);
  });

  it("a box is made of columns that belong together", () => {
    const uses = (columns: string[]) => guessMapping(columns).map(({ use }) => use);
    expect(uses(["path", "label", "x", "y", "width", "height"]).slice(2)).toEqual([
      "box-left",
      "box-top",
      "box-width",
      "box-height",
    ]);
    // Without a label or without a size there is no box: these say where an image lies on a map.
    expect(uses(["path", "label", "x", "y"]).slice(2)).toEqual(["metadata", "metadata"]);
    expect(uses(["path", "x", "z", "width", "height"])).not.toContain("box-left");
    const mapping = guessMapping(["path", "label", "x", "y", "width", "height"]);
    expect(mappingProblem(mapping)).toBe("");
    expect(mappingProblem(mapping.slice(0, 5))).toContain("A box needs its left and top side");
    expect(mappingProblem([...mapping, { use: "box-left" }])).toContain("each side of the box");
    expect(mappingProblem(mapping.map((one) => (one.use === "label" ? { use: "ignore" } : one)))).toContain("a label");
  });

  it("names bad rows with their line and imports the rest", async () => {
    const text =
      "path,p:hat,p:bag\nhat/a.jpg,0.7,0.3\nhat/b.jpg,0.7,0.2\nbag/c.jpg,0.502,0.5\nhat/a.jpg,nan,0.5\n,1,0\n";
    const { sets, summary } = await imported(images, { "p.csv": text });
    expect(summary.badRows.first.map(({ line }) => line)).toEqual([3, 5, 6]);
    expect(summary.badRows.first[0]!.reason).toContain("sum to 0.9");
    expect(labelsOf(sets[0]!)).toEqual(["hat", null, "hat"]);
    expect(sets[0]!.role).toBe("predictions");
    const own = sets[0]!.probabilities!.subarray(2, 4);
    expect(own[0]! + own[1]!).toBeCloseTo(1, 6);
  });

  it("labels beside probabilities are two sets; the last row of an image counts", async () => {
    const text = "path,label,p:hat,p:bag\nhat/a.jpg,bag,0.9,0.1\nhat/a.jpg,hat,0.2,0.8\n";
    const { sets, summary } = await imported(images, { "both.csv": text });
    expect(sets.map(({ id, role }) => [id, role])).toEqual([
      ["both", "labels"],
      ["both-predictions", "predictions"],
    ]);
    expect(sets.map(labelsOf).map(([first]) => first)).toEqual(["hat", "bag"]);
    expect(summary.duplicates).toBe(1);
  });

  it("a score makes the label a prediction", async () => {
    const { sets } = await imported(images, { "s.tsv": "image\tclass\tscore\na.jpg\thought\t0.25\n" });
    expect(sets[0]).toMatchObject({ role: "predictions", classes: ["hought"] });
    expect(sets[0]!.scores![0]).toBeCloseTo(0.25, 6);
  });

  it("metadata columns find out what they are", async () => {
    const text =
      "path,t,ok,when,zip,mixed\na.jpg,1.5,yes,2024-01-02,007,1\nb.jpg,,no,2024-01-02T10:00,008,x\nc.jpg,-2e3,,,,\n";
    const { metadata, sets } = await imported(images, { "m.csv": text });
    expect(sets).toEqual([]);
    expect(metadata.map(({ key, kind }) => [key, kind])).toEqual([
      ["t", "number"],
      ["ok", "boolean"],
      ["when", "date"],
      ["zip", "category"],
      ["mixed", "category"],
    ]);
    expect(metadata.map((column) => metadataValue(column, 0))).toEqual([
      1.5,
      true,
      "2024-01-02T00:00:00.000Z",
      "007",
      "1",
    ]);
    expect(metadata.map((column) => metadataValue(column, 2))).toEqual([-2000, null, null, null, null]);
  });

  it("a mapping that a person made is used, and a wrong one is said", async () => {
    const contents = { "x.csv": "a,b\nhat,hat/a.jpg\n" };
    const preview = await previewTable(importFiles(contents), "csv");
    expect(preview).toMatchObject({ columns: ["a", "b"], rows: [["hat", "hat/a.jpg"]] });
    await expect(imported(images, contents)).rejects.toThrow("No column is the path");
    const { sets } = await imported(images, contents, {}, [{ use: "label" }, { use: "path" }]);
    expect(labelsOf(sets[0]!)).toEqual(["hat", null, null]);
  });

  it("prototype keys are names like others", async () => {
    const text = "path,__proto__,label\na.jpg,constructor,__proto__\n";
    const { sets, metadata } = await imported(images, { "x.csv": text });
    expect(labelsOf(sets[0]!)[0]).toBe("__proto__");
    expect(metadata[0]).toMatchObject({ key: "__proto__", names: ["constructor"] });
    expect(({} as Record<string, unknown>).constructor).toBe(Object);
  });

  it("formula-like text is escaped when written and back when read", async () => {
    const rows = [
      ["hat/a.jpg", "=1+2"],
      ["hat/b.jpg", "-x"],
      ["bag/c.jpg", "'=y"],
    ];
    const { sets } = await imported(images, { "f.csv": [...csvChunks(["path", "label"], rows)].join("") });
    expect(labelsOf(sets[0]!)).toEqual(["=1+2", "-x", "'=y"]);
  });

  it("nothing is imported where no image is meant", async () => {
    await expect(imported(images, { "x.csv": "path,label\nz.jpg,1\n" })).rejects.toThrow("says nothing of any image");
  });

  it("10,000 classes", async () => {
    const header = Array.from({ length: 10_000 }, (_, i) => `p:c${i}`);
    const row = header.map((_, i) => (i === 7_777 ? "1" : "0"));
    const { sets } = await imported(images, { "x.csv": `path,${header.join(",")}\na.jpg,${row.join(",")}\n` });
    expect(labelsOf(sets[0]!)[0]).toBe("c7777");
  });

  it("JSON Lines and JSON lists, with inner keys", async () => {
    const records = [
      { path: "a.jpg", label: "hat", weather: { wind: 3 } },
      { path: "c.jpg", label: "bag", weather: { wind: 4, sky: "grey" } },
    ];
    const lines = `${records.map((one) => JSON.stringify(one)).join("\n")}\n{broken\n`;
    const fromLines = await imported(images, { "x.jsonl": lines });
    expect(fromLines.summary.badRows.first).toEqual([{ file: "x.jsonl", line: 3, reason: "it is no JSON object" }]);
    const fromList = await imported(images, { "x.json": records });
    for (const { sets, metadata } of [fromLines, fromList]) {
      expect(labelsOf(sets[0]!)).toEqual(["hat", null, "bag"]);
      expect(metadata.map(({ key }) => key)).toEqual(["weather.wind", "weather.sky"]);
    }
  });

  it("a file without lines is no JSON Lines", async () => {
    await expect(imported(images, { "x.jsonl": `{"path": "${"a".repeat(34_000_000)}` })).rejects.toThrow(
      "Line 1 never ends",
    );
  });

  it("Parquet", async () => {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: "path", data: ["a.jpg", "c.jpg"], type: "STRING" },
        { name: "label", data: ["hat", null], type: "STRING" },
        { name: "n", data: [1n, 2n], type: "INT64" },
      ],
    });
    const { sets, metadata } = await imported(images, { "x.parquet": new Uint8Array(buffer) });
    expect(labelsOf(sets[0]!)).toEqual(["hat", null, null]);
    expect(metadata.map((column) => [column.key, metadataValue(column, 2)])).toEqual([["n", 2]]);
    const half = new Uint8Array(buffer).slice(0, 60);
    await expect(imported(images, { "x.parquet": half })).rejects.toThrow("no whole Parquet");
  });

  it("NumPy probabilities with names and classes", async () => {
    const data = Float64Array.from([0.1, 0.9, 0.5, 0.6, 1, 0]);
    const npy = writeNpy({ dtype: "f8", shape: [3, 2], data });
    const files = { "p.npy": npy, "names.txt": "c.jpg\na.jpg\nb.jpg\n", "classes.txt": "hat\nbag\n" };
    const { sets, summary } = await imported(images, files);
    expect(labelsOf(sets[0]!)).toEqual([null, "hat", "bag"]);
    expect(summary.badRows.first[0]).toMatchObject({ line: 2 });
    const inOrder = await imported(images, { "p.npy": npy });
    expect(labelsOf(inOrder.sets[0]!)).toEqual(["1", null, "0"]);
    await expect(imported(images.slice(1), { "p.npy": npy })).rejects.toThrow("3 rows, the project 2 images");
  });
});

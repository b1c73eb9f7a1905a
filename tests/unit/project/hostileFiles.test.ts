import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { isWinnowError } from "../../../src/core/errors.ts";
import { chosenPaths } from "../../../src/core/format/chosenList.ts";
import { readNpy } from "../../../src/core/format/npy.ts";
import { safeArchivePath, safeFilePath } from "../../../src/core/format/safePath.ts";
import { readModelSpec } from "../../../src/core/model/modelSpec.ts";
import { readOnnxFile } from "../../../src/core/model/onnxFile.ts";
import { metadataParquet } from "../../../src/core/projectFolder/metadataParquet.ts";
import { parquetRows } from "../../../src/core/projectFolder/parquetRows.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { ProjectWriter } from "../../../src/core/projectFolder/projectWriter.ts";
import { readConfig } from "../../../src/core/selection/readConfig.ts";
import { withRows } from "../../fixtures/hostileTables.ts";
import { MemoryFiles } from "../../fixtures/memoryFolder.ts";
import { imageRecord } from "../../fixtures/records.ts";
import { imported } from "../annotations/importFiles.ts";

/** A file of a project folder with what it is replaced by; a text takes the place of bytes. */
type Change = Record<string, string | Uint8Array<ArrayBuffer>>;

const rows = 3;
const bytesOf = (chunks: Iterable<Uint8Array>): Uint8Array => new Uint8Array(Buffer.concat([...chunks]));

let good: MemoryFiles;

beforeAll(async () => {
  good = new MemoryFiles();
  const writer = ProjectWriter.create(good, {
    name: "x",
    createdAt: 1e12,
    programVersion: "0",
    model: null,
    signedFeatures: true,
  });
  const images = Array.from({ length: rows }, (_, row) => ({
    record: imageRecord(row, { path: `f/${row}.jpg` }),
    tags: [],
    label: "",
  }));
  await writer.putImages(images, rows, { dtype: "f4", cols: 2, parts: [new Float32Array(rows * 2)] }, [], 0);
});

/** Reads every part of the good project with some files replaced. */
async function opened(change: Change, manifest: (value: Record<string, unknown>) => void = () => {}): Promise<void> {
  const files = new MemoryFiles();
  for (const [path, bytes] of good.files) files.files.set(path, bytes);
  const value = JSON.parse(files.text("project.json")) as Record<string, unknown>;
  manifest(value);
  files.files.set("project.json", new TextEncoder().encode(JSON.stringify(value)));
  for (const [path, content] of Object.entries(change)) {
    files.files.set(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
  }
  const reader = await ProjectReader.open(files);
  let seen = 0;
  for await (const page of reader.images()) seen += page.length;
  expect(seen).toBe(reader.rows);
  const features = await reader.features();
  await features?.read(0, Math.min(features.rows, 10));
  const embedding = await reader.own.embedding();
  if (embedding) await reader.own.graph(embedding.embeddings);
  await reader.own.map("PCA");
  await reader.problems();
  for (const file of reader.manifest.selections) await reader.selection(file);
  for (const file of reader.annotationFiles) await reader.annotations(file);
  await reader.metadata();
  await reader.thumbnailPack(0);
}

const file = (path: string): Uint8Array<ArrayBuffer> => good.files.get(path)!;
/** A NumPy file of a shape that is written as it is given. */
const npy = (shape: string, data = 0): Uint8Array<ArrayBuffer> => {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >> 8);
  return Uint8Array.from([...start, ...new TextEncoder().encode(text), ...new Uint8Array(data)]);
};
const head = (more: object): object => ({
  method: "raw",
  dim: 2,
  passes: 1,
  features: 2,
  hash: "x",
  rows,
  fitted_total: rows,
  report: { effective_rank: 1, column_spread: 1, neighbour_similarity: 1, random_similarity: 1, fitted_rows: 1 },
  ...more,
});
const labels = (header: object, value: (row: number) => number): Uint8Array<ArrayBuffer> => {
  const names = ["class", "shape"].map((name) => ({ name, type: "text" as const, value: () => null }));
  const numbers = ["score", "x", "y", "width", "height"].map((name) => ({
    name,
    type: "float" as const,
    value: () => null,
  }));
  const lists = ["probabilities", "shape_values"].map((name) => ({
    name,
    type: "doubles" as const,
    value: () => null,
  }));
  const whole = {
    format: "winnow-annotations",
    version: 1,
    id: "x",
    name: "x",
    role: "labels",
    type: "classification",
    classes: ["a"],
    source: { format: "x", file: "x", at: 1 },
    ...header,
  };
  const columns = [{ name: "row", type: "integer" as const, value }, ...names, ...numbers, ...lists];
  return Uint8Array.from(bytesOf(parquetRows(columns, rows, whole, "x")));
};
const withLabels = (value: Record<string, unknown>): void => {
  value.annotations = ["labels/x.parquet"];
};
const withMetadata = (value: Record<string, unknown>): void => {
  value.metadata = ["k"];
};
const metadata = (): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(bytesOf(metadataParquet([{ key: "k", kind: "number", values: new Float64Array(rows) }], rows, "x")));
const quadrillion = 10n ** 15n;

describe("a hostile project folder gives an error that names the file, soon and without its sizes being believed", () => {
  it("the folder that they are made of is good", async () => {
    await opened({});
    await opened({ "labels/x.parquet": labels({}, (row) => row) }, withLabels);
    await opened({ "metadata.parquet": metadata() }, withMetadata);
  });

  const cases: [name: string, read: () => Promise<unknown>][] = [
    ["JSON of 200,000 brackets", () => opened({ "project.json": "[".repeat(200_000) })],
    ["a manifest that is null", () => opened({ "project.json": "null" })],
    [
      "a negative count",
      () => opened({}, (value) => Object.assign(value, { counts: { images: -1, problems: 0, ignored: 0 } })),
    ],
    [
      "a count of 10^15 images",
      () => opened({}, (value) => Object.assign(value, { counts: { images: 1e15, problems: 0, ignored: 0 } })),
    ],
    [
      "a count that is Infinity",
      () =>
        opened({
          "project.json":
            file("project.json") &&
            new TextDecoder().decode(file("project.json")).replace(`"images": ${rows}`, '"images": 1e999'),
        }),
    ],
    [
      "10^15 images, which the table says it has",
      () =>
        opened({ "images.parquet": withRows(file("images.parquet"), rows, quadrillion) }, (value) =>
          Object.assign(value, { counts: { images: 1e15, problems: 0, ignored: 0 } }),
        ),
    ],
    [
      "10^15 images, which each part of the table says it has",
      () =>
        opened({ "images.parquet": withRows(file("images.parquet"), rows, quadrillion, true) }, (value) =>
          Object.assign(value, { counts: { images: 1e15, problems: 0, ignored: 0 } }),
        ),
    ],
    [
      "a table whose footer claims 4 GB",
      () => {
        const bytes = file("images.parquet").slice();
        new DataView(bytes.buffer).setUint32(bytes.length - 8, 0xffff_ffff, true);
        return opened({ "images.parquet": bytes });
      },
    ],
    ["features of 10^15 rows", () => opened({ "features.npy": npy("(1000000000000000, 2)", 24) })],
    ["features without columns, of 10^15 rows", () => opened({ "features.npy": npy("(1000000000000000, 0)") })],
    ["a shape that is no number", () => opened({ "features.npy": npy(`(${"9".repeat(400)}, 0)`) })],
    ["a negative shape", () => opened({ "features.npy": npy("(-3, -2)", 24) })],
    [
      "an embedding of 10^15 rows without columns",
      () =>
        opened({ "embeddings.npy": npy("(1000000000000000, 0)") }, (value) =>
          Object.assign(value, { head: head({ dim: 0, rows: 1e15 }) }),
        ),
    ],
    [
      "a head of 2^40 by 2^40",
      () =>
        opened({ "embeddings.npy": npy("(3, 2)", 24), "head.npy": npy("(3, 2)", 24) }, (value) =>
          Object.assign(value, { head: head({ method: "head", dim: 2 ** 40, features: 2 ** 40 }) }),
        ),
    ],
    [
      "selections outside the folder",
      () => opened({}, (value) => Object.assign(value, { selections: ["../../etc/passwd.json"] })),
    ],
    [
      "annotations outside the folder",
      () => opened({}, (value) => Object.assign(value, { annotations: ["labels/../../x.parquet"] })),
    ],
    [
      "a selection that is not there",
      () => opened({}, (value) => Object.assign(value, { selections: ["__proto__.json"] })),
    ],
    [
      "a selection with rows of prototypes",
      () =>
        opened({ "selections/a.json": '{"__proto__": {"picks": []}, "constructor": 1}' }, (value) =>
          Object.assign(value, { selections: ["a.json"] }),
        ),
    ],
    ["labels of a row that is negative", () => opened({ "labels/x.parquet": labels({}, () => -1) }, withLabels)],
    [
      "labels of a row that is far away",
      () => opened({ "labels/x.parquet": labels({}, () => 2 ** 31 - 1) }, withLabels),
    ],
    [
      "labels with two classes of one name",
      () => opened({ "labels/x.parquet": labels({ classes: ["a", "a"] }, () => 0) }, withLabels),
    ],
    [
      "labels that say to be 10^15",
      () =>
        opened(
          {
            "labels/x.parquet": withRows(
              labels({}, (row) => row),
              rows,
              quadrillion,
            ),
          },
          withLabels,
        ),
    ],
    [
      "labels of which each part says to be 10^15",
      () =>
        opened(
          {
            "labels/x.parquet": withRows(
              labels({}, (row) => row),
              rows,
              quadrillion,
              true,
            ),
          },
          withLabels,
        ),
    ],
    [
      "metadata that say to be 10^15",
      () => opened({ "metadata.parquet": withRows(metadata(), rows, quadrillion) }, withMetadata),
    ],
    [
      "metadata with columns that are not in the table",
      () => {
        const columns = Array.from({ length: 20_000 }, (_, i) => ({ key: `c${i}`, kind: "number" }));
        const header = { format: "winnow-metadata", version: 1, columns };
        const table = bytesOf(parquetRows([{ name: "k", type: "integer", value: () => 1 }], rows, header, "x"));
        return opened({ "metadata.parquet": Uint8Array.from(table) }, withMetadata);
      },
    ],
    [
      "thumbnails whose places run backwards",
      () =>
        opened({
          "thumbnails/00000.pack": Uint8Array.from([87, 84, 72, 49, 1, 0, 0, 0, 255, 255, 255, 255, 16, 0, 0, 0]),
        }),
    ],
    [
      "thumbnails of 4 billion images",
      () =>
        opened({
          "thumbnails/00000.pack": Uint8Array.from([87, 84, 72, 49, 255, 255, 255, 255, 16, 0, 0, 0, 16, 0, 0, 0]),
        }),
    ],
  ];
  it.each(cases)(
    "%s",
    async (_, read) => {
      const thrown = await read().then(
        () => "nothing",
        (error: unknown) => error,
      );
      expect(isWinnowError(thrown), String(thrown)).toBe(true);
      expect(String((thrown as Error).message)).toMatch(/“[\w./]+”/);
    },
    5_000,
  );
});

describe("whichever bytes of a project's own files are others", () => {
  const change = fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)), {
    minLength: 1,
    maxLength: 4,
  });
  const pack = Uint8Array.from([87, 84, 72, 49, 1, 0, 0, 0, 16, 0, 0, 0, 18, 0, 0, 0, 1, 2]);
  // Of tables only the images': hyparquet believes lengths of runs inside a page (docs/security.md).
  it.each([
    ["project.json", () => file("project.json")],
    ["features.npy", () => file("features.npy")],
    ["images.parquet", () => file("images.parquet")],
    ["thumbnails/00000.pack", () => pack],
  ] as const)(
    "%s: it opens, or the error says what is damaged",
    async (path, content) => {
      await fc.assert(
        fc.asyncProperty(change, async (changes) => {
          const bytes = content().slice();
          for (const [at, value] of changes) bytes[Math.floor(at * bytes.length)] = value;
          try {
            await opened({ [path]: bytes });
          } catch (error) {
            if (!isWinnowError(error)) throw error;
          }
        }),
        { numRuns: 300, seed: 5 },
      );
    },
    20_000,
  );
});

describe("hostile files of other kinds give an error or nothing of themselves", () => {
  const varints = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
  const cases: [name: string, read: () => unknown][] = [
    ["a NumPy array of 10^30 values", () => readNpy(npy("(1000000000000000, 1000000000000000)", 4), "x.npy")],
    [
      "a NumPy header of 4 GB",
      () => readNpy(varints(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 255, 255, 255, 255), "x.npy"),
    ],
    ["a model whose graph claims 10 GB", () => readOnnxFile(varints(0x3a, 0x80, 0x80, 0x80, 0x80, 0x28, 1), "x.onnx")],
    ["a model whose length is negative", () => readOnnxFile(varints(0x3a, ...Array(9).fill(255), 1), "x.onnx")],
    ["a model whose number never ends", () => readOnnxFile(varints(...Array(1_000).fill(255)), "x.onnx")],
    ["a preprocessing of prototypes", () => readModelSpec(JSON.parse('{"__proto__": {"size": 1}}'), "x.json")],
    ["a preprocessing of NaN", () => readModelSpec({ size: Number.NaN, mean: [Number.NaN] }, "x.json")],
    [
      "a configuration of prototypes",
      () => readConfig(JSON.parse('{"__proto__": {"n_samples": 1}, "constructor": 1}')),
    ],
    ["a configuration of NaN", () => readConfig({ n_samples: Number.NaN, strategies: [] })],
    ["a configuration of −5 images", () => readConfig({ n_samples: -5, strategies: [] })],
  ];
  it.each(cases)("%s", (_, read) => {
    let thrown: unknown = "nothing";
    try {
      read();
    } catch (error) {
      thrown = error;
    }
    expect(isWinnowError(thrown), String(thrown)).toBe(true);
  });

  const hostileNames = [
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "<img src=x onerror=alert(1)>",
    "../../../etc/passwd",
    "=HYPERLINK(1)",
    "\u202egpj.exe",
  ];

  it("names of prototypes and of scripts are names of classes like any other", async () => {
    const coco = {
      images: [{ id: 1, file_name: "a.jpg", width: 100, height: 50 }],
      categories: hostileNames.map((name, i) => ({ id: i + 1, name })),
      annotations: hostileNames.map((_, i) => ({ id: i, image_id: 1, category_id: i + 1, bbox: [0, 0, 1, 1] })),
    };
    const { sets } = await imported(["a.jpg"], { "x.json": coco });
    expect(sets[0]!.classes).toEqual(hostileNames);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(hostileNames)("a list of chosen images that names “%s” names only that", (name) => {
    expect(chosenPaths(`${name}\n`, "x.txt")).toEqual([name]);
  });

  it.each([
    "../../x.jpg",
    "/etc/x.jpg",
    "C:\\x.jpg",
    "a/../../x.jpg",
    "..\\..\\x.jpg",
    "a/\0/../x.jpg",
    "con",
    "a/...",
    "..",
    "\u202egpj.exe",
  ])("“%s” leads nowhere, from an archive and to a disk", (name) => {
    for (const path of [safeArchivePath(name).path, safeFilePath(name)]) {
      expect(path).not.toMatch(/^\/|^[a-z]:|\\|(^|\/)\.\.?(\/|$)/i);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(path).not.toMatch(/[\u0000-\u001f\u202e]/);
      expect(path).not.toBe("");
    }
  });
});

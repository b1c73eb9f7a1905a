import sharp from "sharp";
import { NodeFolder } from "../../src/cli/nodeFolder.ts";
import { nodeKernels } from "../../src/cli/nodeKernels.ts";
import { AnnotationSetBuilder } from "../../src/core/annotations/setBuilder.ts";
import { encodeFloat16 } from "../../src/core/float16.ts";
import { applyHead, fitHead } from "../../src/core/linalg/head.ts";
import { type Matrix, matrix } from "../../src/core/matrix.ts";
import type { StoredImage } from "../../src/core/projectFolder/imagesParquet.ts";
import { ProjectWriter } from "../../src/core/projectFolder/projectWriter.ts";
import { Random } from "../../src/core/random.ts";
import { embeddingMap, mapSeed } from "../../src/core/reduce/embeddingMap.ts";
import { runToEnd } from "../../src/core/task.ts";

export const cols = 64;
/** A tenth of a per mille is one cluster: neither all alike nor all alone. */
const rowsPerCluster = 500;
/** Noise around a cluster's centre, as a share of the distance between centres. */
const spread = 0.5;
/** Different pictures: a thumbnail cache does not know that they repeat, because every row has its own. */
const pictures = 256;
/** Pixels; some 300 bytes each, so that a million of them stay under half a gigabyte. */
const side = 48;
const folders = 400;
const classes = 12;
const rowsPerPart = 10_000;

/**
 * Writes a project folder as `winnow vectors` and `winnow map --method pca` would leave it, with thumbnails, paths in
 * folders, dates, sizes, tags and labels besides. Seeded: the same rows are the same.
 */
export async function makeMillion(folder: string, threadFile: URL, rows: number): Promise<void> {
  const writer = ProjectWriter.create(new NodeFolder(folder), {
    name: `${rows.toLocaleString("en")} made images`,
    createdAt: 1.7e12,
    programVersion: "bench",
    model: null,
    signedFeatures: true,
  });
  const images = await Promise.all(Array.from({ length: pictures }, (_, i) => picture(i)));
  await writer.putThumbnails(
    0,
    (function* () {
      for (let row = 0; row < rows; row++) yield images[(row * 7) % pictures]!;
    })(),
  );
  const points = clusteredPoints(rows);
  const parts = (function* () {
    for (let at = 0; at < points.data.length; at += rowsPerPart * cols) {
      yield encodeFloat16(points.data.subarray(at, at + rowsPerPart * cols));
    }
  })();
  await writer.putImages(records(rows), rows, { dtype: "f2", cols, parts }, [], 0);
  await writer.putAnnotations(labels(rows));
  const kernels = await nodeKernels(threadFile);
  const sample = matrix(points.data.slice(0, 20_000 * cols), Math.min(rows, 20_000), cols);
  const head = runToEnd(fitHead(kernels, sample, { method: "raw" }));
  const embeddings = runToEnd(applyHead(kernels, head, points));
  await writer.putEmbedding({
    head,
    settings: { method: "raw", dim: cols, passes: 1 },
    embeddings,
    fittedTotal: rows,
  });
  const graph = () => Promise.reject(new Error("PCA needs no neighbours"));
  const map = await embeddingMap(kernels, embeddings, { method: "PCA", seed: mapSeed }, graph, async (task) =>
    runToEnd(task),
  );
  await writer.putMap("PCA", map, mapSeed);
}

/** Gaussian clouds around random centres. */
function clusteredPoints(rows: number): Matrix {
  const random = new Random(1);
  const count = Math.max(2, Math.ceil(rows / rowsPerCluster));
  const scale = 1 / Math.sqrt(cols);
  const noise = (): number => scale * (random.float() + random.float() + random.float() - 1.5) * 2;
  const centres = Float32Array.from({ length: count * cols }, noise);
  const data = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const centre = Math.floor(random.float() * count) * cols;
    for (let c = 0; c < cols; c++) data[row * cols + c] = centres[centre + c]! + spread * noise();
  }
  return matrix(data, rows, cols);
}

/** Mostly in the order of their paths, as a listing by several decoders leaves them. */
function* records(rows: number): Generator<StoredImage> {
  const random = new Random(2);
  const perFolder = Math.ceil(rows / folders);
  for (let row = 0; row < rows; row++) {
    const listed = row ^ 1;
    const sha256 = Array.from({ length: 8 }, () => random.uint32().toString(16).padStart(8, "0")).join("");
    yield {
      record: {
        row,
        id: sha256.slice(0, 32),
        path: `camera/folder ${String(Math.floor(listed / perFolder)).padStart(3, "0")}/IMG_${String(listed).padStart(7, "0")}.jpg`,
        width: 640 + (row % 7) * 160,
        height: 480 + (row % 5) * 120,
        bytes: 40_000 + Math.floor(9e5 * random.float()),
        sha256,
        modifiedAt: 1.7e12 + row * 1_000,
        takenAt: row % 3 === 0 ? null : 1.6e12 + row * 60_000,
      },
      tags: row % 10 < 3 ? [`tag ${row % 10}`] : [],
      label: "",
    };
  }
}

/** A class for two thirds of the images. */
function labels(rows: number) {
  const builder = new AnnotationSetBuilder();
  for (let row = 0; row < rows; row++) {
    if (row % 3 !== 2) builder.add(row, { class: builder.classOf(`class ${row % classes}`) });
  }
  return builder.finish({
    id: "made",
    name: "made",
    role: "labels",
    type: "classification",
    source: { format: "made", file: "", at: 0 },
  });
}

async function picture(i: number): Promise<Uint8Array> {
  const random = new Random(i);
  const small = Buffer.from(Uint8Array.from({ length: 4 * 4 * 3 }, () => Math.floor(256 * random.float())));
  const bytes = await sharp(small, { raw: { width: 4, height: 4, channels: 3 } })
    .resize(side, side)
    .webp({ quality: 40 })
    .toBuffer();
  return new Uint8Array(bytes);
}

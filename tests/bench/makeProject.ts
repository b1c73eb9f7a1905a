import sharp from "sharp";
import { NodeFolder } from "../../src/cli/nodeFolder.ts";
import type { StoredImage } from "../../src/core/projectFolder/imagesParquet.ts";
import { ProjectWriter } from "../../src/core/projectFolder/projectWriter.ts";
import { Random } from "../../src/core/random.ts";

const cols = 64;
/** Different pictures, of about the size of a photograph's thumbnail. */
const pictures = 64;
const side = 192;

/** Writes a project folder with as many images, as `winnow embed` and `winnow map` would leave it; no features. */
export async function makeProject(folder: string, rows: number): Promise<void> {
  const random = new Random(1);
  const writer = ProjectWriter.create(new NodeFolder(folder), {
    name: `${rows} made images`,
    createdAt: 0,
    programVersion: "bench",
    model: null,
    signedFeatures: true,
  });
  const thumbnails = await Promise.all(
    Array.from({ length: pictures }, async (_, i) => {
      const noise = Buffer.from(Uint8Array.from({ length: 24 * 24 * 3 }, () => Math.floor(256 * random.float())));
      const small = sharp(noise, { raw: { width: 24, height: 24, channels: 3 } });
      return new Uint8Array(
        await small
          .resize(side, side)
          .jpeg({ quality: 80 + (i % 5) })
          .toBuffer(),
      );
    }),
  );
  await writer.putThumbnails(
    0,
    (function* () {
      for (let row = 0; row < rows; row++) yield thumbnails[row % pictures]!;
    })(),
  );
  const hex = (digits: number): string =>
    Array.from({ length: digits / 8 }, () => random.uint32().toString(16).padStart(8, "0")).join("");
  const images = function* (): Generator<StoredImage> {
    for (let row = 0; row < rows; row++) {
      const sha256 = hex(64);
      yield {
        record: {
          row,
          id: sha256.slice(0, 32),
          path: `folder ${String(Math.floor(row / 2_500)).padStart(3, "0")}/IMG_${String(row).padStart(7, "0")}.jpg`,
          width: 4032,
          height: 3024,
          bytes: 2_000_000 + Math.floor(3e6 * random.float()),
          sha256,
          modifiedAt: 1.7e12 + row * 1000,
          takenAt: 1.6e12 + row * 60_000,
        },
        tags: row % 10 < 3 ? [`tag ${row % 10}`] : [],
        label: "",
      };
    }
  };
  await writer.putImages(images(), rows, null, [], 0);
  const data = Float32Array.from({ length: rows * cols }, () => (random.float() < 0.5 ? -1 : 1) / Math.sqrt(cols));
  const report = {
    effectiveRank: cols,
    columnSpread: 1,
    neighbourSimilarity: 0.5,
    randomSimilarity: 0,
    fittedRows: rows,
  };
  await writer.putEmbedding({
    settings: { method: "raw", dim: cols, passes: 1 },
    fittedTotal: rows,
    embeddings: { data, rows, cols },
    head: {
      method: "raw",
      dim: cols,
      features: cols,
      hash: "made",
      signedRoot: true,
      weights: new Float32Array(0),
      offset: new Float32Array(0),
      report,
    },
  });
  const xy = Float32Array.from({ length: rows * 2 }, () => 2 * random.float() - 1);
  const quality = { trustworthiness: 0.9, kept: 0.5, k: 15, measured: rows };
  await writer.putMap("PCA", { xy, quality, recall: 1 }, 1);
}

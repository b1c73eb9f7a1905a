import { decodeFloat16, encodeFloat16 } from "../../src/core/float16.ts";
import { Random } from "../../src/core/random.ts";
import { ProjectStore } from "../../src/store/projectStore.ts";

const batchRows = 64;
const spread = 0.02;

/** Appends images to a project of this browser as an ingest stores them: each is like one that is there. */
export async function addImages(id: string, added: number): Promise<void> {
  const store = await ProjectStore.open(id);
  const random = new Random(3);
  const before = (await store.info())!.imageCount;
  for (let done = 0; done < added; done += batchRows) {
    const count = Math.min(batchRows, added - done);
    const firstRow = before + done;
    const like = Array.from({ length: count }, () => Math.floor(random.float() * before));
    const features: Uint16Array[] = [];
    for (const row of like) {
      const values = decodeFloat16(await store.featuresOf(row));
      features.push(encodeFloat16(values.map((value) => value + spread * (random.float() - 0.5))));
    }
    const cols = features[0]!.length;
    const data = new Uint16Array(count * cols);
    for (const [i, row] of features.entries()) data.set(row, i * cols);
    const thumbnails = await Promise.all(like.map((row) => store.thumbnail(row)));
    await store.append(
      {
        firstRow,
        records: like.map((_, i) => ({
          row: firstRow + i,
          id: (firstRow + i).toString(16).padStart(32, "a"),
          path: `camera/new/IMG_${firstRow + i}.jpg`,
          width: 640,
          height: 480,
          bytes: 50_000 + i,
          sha256: (firstRow + i).toString(16).padStart(64, "a"),
          modifiedAt: 1.8e12 + i,
          takenAt: null,
        })),
        features: { rows: count, cols, data },
        thumbnails: await Promise.all(
          thumbnails.map(async (one) => one && { type: one.type, bytes: await one.arrayBuffer() }),
        ),
      },
      1.8e12,
    );
  }
  store.close();
}

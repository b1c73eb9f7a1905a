import type { ImportContext } from "../../src/core/format/annotations/imported.ts";
import { readAnnotations } from "../../src/core/format/annotations/readAnnotations.ts";
import { annotationsParquet, readAnnotationsParquet } from "../../src/core/projectFolder/annotationsParquet.ts";
import type { FileBytes } from "../../src/core/projectFolder/folderFiles.ts";
import { Random } from "../../src/core/random.ts";

const instancesPerImage = 10;
const classes = 80;

/** A COCO file as the original is laid out, categories last, boxes with polygons of 12 points. */
function cocoText(boxes: number): Buffer {
  const random = new Random(1);
  const parts: string[] = ['{"info": {}, "images": ['];
  const images = Math.ceil(boxes / instancesPerImage);
  for (let i = 0; i < images; i++) {
    parts.push(`${i === 0 ? "" : ", "}{"id": ${i}, "file_name": "${i}.jpg", "width": 640, "height": 480}`);
  }
  parts.push('], "annotations": [');
  for (let i = 0; i < boxes; i++) {
    const [x, y] = [random.below(400), random.below(300)];
    const ring = Array.from({ length: 24 }, (_, at) => (at % 2 ? y : x) + random.below(1_000) / 10);
    parts.push(
      `${i === 0 ? "" : ", "}{"id": ${i}, "image_id": ${i % images}, "category_id": ${1 + random.below(classes)}, "bbox": [${x}.25, ${y}.5, 100.75, 90.125], "area": 1234.5, "iscrowd": 0, "segmentation": [[${ring.map((value) => value.toFixed(1)).join(", ")}]]}`,
    );
  }
  const categories = Array.from({ length: classes }, (_, i) => ({ id: i + 1, name: `class ${i}` }));
  parts.push(`], "categories": ${JSON.stringify(categories)}}`);
  return Buffer.from(parts.join(""));
}

const asFile = (bytes: Buffer): FileBytes => ({
  size: bytes.length,
  slice: async (start, end) => new Uint8Array(bytes.subarray(start, end)),
  text: async () => bytes.toString(),
});

/** Seconds and memory that a COCO file of so many boxes takes to import, and to be written and read as a project's. */
export async function measureCoco(boxes: number): Promise<object> {
  const bytes = cocoText(boxes);
  const paths = Array.from({ length: Math.ceil(boxes / instancesPerImage) }, (_, i) => `train/${i}.jpg`);
  globalThis.gc?.();
  const before = process.memoryUsage();
  let peak = 0;
  const context: ImportContext = {
    images: { paths, width: () => 640, height: () => 480 },
    choices: {},
    at: 0,
    progress: () => {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      peak = Math.max(peak, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers);
    },
  };
  const files = { name: "instances.json", paths: ["instances.json"], open: async () => asFile(bytes) };
  const start = performance.now();
  const { sets, summary } = await readAnnotations(files, "coco", context);
  const imported = performance.now();
  const stored = Buffer.concat([...annotationsParquet(sets[0]!, "bench")]);
  const written = performance.now();
  const read = await readAnnotationsParquet(asFile(stored), "labels/bench.parquet", paths.length);
  const end = performance.now();
  return {
    boxes: summary.instances,
    file_mb: bytes.length / 1e6,
    import_seconds: (imported - start) / 1000,
    import_peak_mb: peak / 1e6,
    write_seconds: (written - imported) / 1000,
    read_seconds: (end - written) / 1000,
    stored_mb: stored.length / 1e6,
    checksum: read.boxes!.reduce((sum, value) => sum + value, 0),
  };
}

import { WinnowError } from "../core/errors.ts";
import type { FileBytes } from "../core/projectFolder/folderFiles.ts";
import type { StoredImage } from "../core/projectFolder/imagesParquet.ts";
import type { ProjectReader } from "../core/projectFolder/projectReader.ts";
import type { ProjectWriter } from "../core/projectFolder/projectWriter.ts";
import type { RowsFile } from "../core/projectFolder/rowsFile.ts";
import { thumbnailsPerPack } from "../core/projectFolder/thumbnailPack.ts";
import type { ImageRecord, Problem } from "../core/records.ts";
import type { ImageStore } from "../pipeline/ingest.ts";
import type { Batch } from "../store/projectStore.ts";
import type { NodeFolder } from "./nodeFolder.ts";

/** Images that are embedded and not yet in the project's own files are kept here, a file a batch. */
const incomingFolder = "incoming";
/** Rows of features that are copied at a time. */
const rowsPerCopy = 4_096;

interface PartHead {
  firstRow: number;
  cols: number;
  records: ImageRecord[];
  thumbnailBytes: number[];
}

interface Part extends PartHead {
  file: FileBytes;
  /** Where the features begin; the thumbnails follow them. */
  start: number;
}

/**
 * Stores batches beside a project folder as they come and takes them into it at the end. A batch is one file that is
 * written whole, so a crash loses the batch in flight and nothing else; the next run finds the others here.
 */
export class IncomingImages implements ImageStore {
  private readonly parts: Part[] = [];
  private readonly problems: Map<string, Problem>;
  private readonly stored: StoredImage[] = [];
  private features: RowsFile | null = null;
  private count = 0;

  private constructor(
    private readonly folder: NodeFolder,
    private readonly reader: ProjectReader | null,
    problems: readonly Problem[],
  ) {
    this.problems = new Map(problems.map((problem) => [problem.path, problem]));
  }

  /** @param reader of the project as it is; null for a new one */
  static async open(folder: NodeFolder, reader: ProjectReader | null): Promise<IncomingImages> {
    const images = new IncomingImages(folder, reader, (await reader?.problems()) ?? []);
    if (reader) {
      for await (const page of reader.images()) for (const image of page) images.stored.push(image);
      images.features = await reader.features();
      if (images.features === null && reader.rows > 0) {
        throw new WinnowError("empty", "This project came without its features; new images cannot be added to it.");
      }
    }
    images.count = images.stored.length;
    for (const name of await folder.list(incomingFolder)) {
      const path = `${incomingFolder}/${name}`;
      const part = name.endsWith(".part") ? await readPart(folder, path) : null;
      // Anything else is left over: of a write that did not end, or of one that was taken in before a crash.
      if (part?.firstRow === images.count) {
        images.parts.push(part);
        images.count += part.records.length;
      } else await folder.remove(path);
    }
    return images;
  }

  /** Images of the project and those that are on their way into it, in row order. */
  get rows(): number {
    return this.count;
  }

  /** Images that wait to be taken in. */
  get waiting(): number {
    return this.count - this.stored.length;
  }

  *known(): Generator<ImageRecord> {
    for (const { record } of this.stored) yield record;
    for (const { records } of this.parts) yield* records;
  }

  problemList(): Problem[] {
    return [...this.problems.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async append({ firstRow, records, features, thumbnails }: Batch): Promise<void> {
    if (firstRow !== this.count) throw new WinnowError("internal", `expected row ${this.count}, got ${firstRow}`);
    const head: PartHead = {
      firstRow,
      cols: features.cols,
      records,
      thumbnailBytes: thumbnails.map((one) => one?.bytes.byteLength ?? 0),
    };
    const json = new TextEncoder().encode(JSON.stringify(head));
    const path = `${incomingFolder}/${String(firstRow).padStart(9, "0")}.part`;
    await this.folder.write(path, [
      new Uint8Array(Uint32Array.of(json.length).buffer),
      json,
      new Uint8Array(features.data.buffer, features.data.byteOffset, features.data.byteLength),
      ...thumbnails.map((one) => new Uint8Array(one?.bytes ?? [])),
    ]);
    this.parts.push((await readPart(this.folder, path))!);
    this.count += records.length;
    for (const record of records) this.problems.delete(record.path);
  }

  async featuresOf(row: number): Promise<Uint16Array> {
    if (row < this.stored.length) return (await this.features!.read(row, row + 1)) as Uint16Array;
    const part = this.parts.findLast(({ firstRow }) => firstRow <= row)!;
    return await featureRows(part, row - part.firstRow, row - part.firstRow + 1);
  }

  async putProblem(problem: Problem): Promise<void> {
    this.problems.set(problem.path, problem);
  }

  /** Takes everything that waits, and the problems, into the project's own files. */
  async takeIn(writer: ProjectWriter, ignored: number): Promise<void> {
    const { reader, parts, features, stored } = this;
    const problems = this.problemList();
    const packStart = stored.length - (stored.length % thumbnailsPerPack);
    const thumbnails = async function* (): AsyncGenerator<Uint8Array | null> {
      if (reader && stored.length > packStart) yield* await reader.thumbnailPack(packStart / thumbnailsPerPack);
      for (const part of parts) yield* partThumbnails(part);
    };
    if (parts.length > 0) await writer.putThumbnails(packStart, thumbnails());
    const cols = features?.cols ?? parts[0]?.cols ?? 0;
    const odd = parts.find((part) => part.cols !== cols);
    if (odd) {
      throw new WinnowError("model", `The project's features have ${cols} numbers, this model gives ${odd.cols}.`);
    }
    const rows = async function* (): AsyncGenerator<ArrayBufferView> {
      for (let first = 0; first < stored.length; first += rowsPerCopy) {
        yield await features!.read(first, Math.min(stored.length, first + rowsPerCopy));
      }
      for (const part of parts) yield await featureRows(part, 0, part.records.length);
    };
    const images = function* (): Generator<StoredImage> {
      yield* stored;
      for (const { records } of parts) for (const record of records) yield { record, tags: [], label: "" };
    };
    const written = parts.length > 0 ? ({ dtype: "f2", cols, parts: rows() } as const) : null;
    await writer.putImages(images(), this.count, written, problems, ignored);
    await this.folder.remove(incomingFolder);
  }
}

/** Null for a file that is not a whole part. */
async function readPart(folder: NodeFolder, path: string): Promise<Part | null> {
  const file = await folder.open(path);
  if (file === null || file.size < 4) return null;
  const [length = 0] = new Uint32Array((await file.slice(0, 4)).buffer);
  if (4 + length > file.size) return null;
  try {
    const head = JSON.parse(new TextDecoder().decode(await file.slice(4, 4 + length))) as PartHead;
    const thumbnails = head.thumbnailBytes.reduce((sum, bytes) => sum + bytes, 0);
    const start = 4 + length;
    return file.size === start + 2 * head.cols * head.records.length + thumbnails ? { ...head, file, start } : null;
  } catch {
    return null;
  }
}

async function featureRows({ file, start, cols }: Part, first: number, end: number): Promise<Uint16Array> {
  return new Uint16Array((await file.slice(start + 2 * cols * first, start + 2 * cols * end)).buffer);
}

async function* partThumbnails({ file, start, cols, records, thumbnailBytes }: Part): AsyncGenerator<Uint8Array> {
  let at = start + 2 * cols * records.length;
  for (const bytes of thumbnailBytes) {
    yield await file.slice(at, at + bytes);
    at += bytes;
  }
}

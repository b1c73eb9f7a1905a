import type { EmbeddingReader } from "../core/projectFolder/embeddingReader.ts";
import type { NewSpace, ProjectWriter } from "../core/projectFolder/projectWriter.ts";
import type { FeatureChunk } from "../store/schema.ts";
import type { NodeFolder } from "./nodeFolder.ts";

/** Rows that are copied at a time. */
const rowsPerCopy = 4_096;

interface Part {
  path: string;
  firstRow: number;
  rows: number;
}

/**
 * Features of a further embedding on their way into a project folder, a file a batch: a crash loses the batch in flight
 * and nothing else; the next run finds the others here.
 */
export class IncomingFeatures {
  private readonly parts: Part[] = [];

  private constructor(
    private readonly folder: NodeFolder,
    private readonly space: NewSpace,
    private readonly before: EmbeddingReader | null,
  ) {}

  /**
   * @param space as it is in the project, or as it will be
   * @param before its features in the project; null for a new one
   */
  static async open(folder: NodeFolder, space: NewSpace, before: EmbeddingReader | null): Promise<IncomingFeatures> {
    const incoming = new IncomingFeatures(folder, space, before);
    const { path } = incoming;
    const rowBytes = 2 * space.features;
    for (const name of await folder.list(path)) {
      const file = await folder.open(`${path}/${name}`);
      const rows = (file?.size ?? 0) / rowBytes;
      const firstRow = Number(/^(\d+)\.part$/.exec(name)?.[1] ?? Number.NaN);
      // Anything else is left over: of a write that did not end, or of one that was taken in before a crash.
      if (firstRow === incoming.rows && rows > 0 && Number.isInteger(rows)) {
        incoming.parts.push({ path: `${path}/${name}`, firstRow, rows });
      } else await folder.remove(`${path}/${name}`);
    }
    return incoming;
  }

  /** Rows that have features: in the project, and on their way into it. */
  get rows(): number {
    const last = this.parts.at(-1);
    return last ? last.firstRow + last.rows : (this.before?.rows ?? 0);
  }

  /** Stores the features of the next rows. */
  async append(firstRow: number, { data, rows }: FeatureChunk): Promise<void> {
    const path = `${this.path}/${String(firstRow).padStart(9, "0")}.part`;
    await this.folder.write(path, [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
    this.parts.push({ path, firstRow, rows });
  }

  /** Takes everything that waits into the project's own files. */
  async takeIn(writer: ProjectWriter): Promise<void> {
    const { before, parts, folder, space } = this;
    const all = async function* (): AsyncGenerator<Uint16Array> {
      const stored = before && before.rows > 0 ? await before.features() : null;
      for (let first = 0; stored && before && first < before.rows; first += rowsPerCopy) {
        yield (await stored.read(first, Math.min(before.rows, first + rowsPerCopy))) as Uint16Array;
      }
      for (const { path } of parts) {
        const file = (await folder.open(path))!;
        yield new Uint16Array((await file.slice(0, file.size)).buffer);
      }
    };
    await writer.putSpace({ ...space, rows: this.rows }, all());
    await folder.remove(this.path);
  }

  private get path(): string {
    return `spaces/${this.space.id}.incoming`;
  }
}

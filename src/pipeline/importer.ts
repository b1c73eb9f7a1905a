import { proxy } from "comlink";
import { Connection } from "../bridge/connection.ts";
import { spawnImportWorker } from "../bridge/workers.ts";
import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import type { MetadataField } from "../core/annotations/metadataField.ts";
import { unpackedColumns } from "../core/annotations/packedColumns.ts";
import { WinnowError } from "../core/errors.ts";
import type { FormatName } from "../core/format/annotations/formats.ts";
import type { ImportSummary } from "../core/format/annotations/imported.ts";
import type { ImageTable } from "../core/imageTable.ts";
import type { FoundFormat, GivenFiles, ImportService, ReadRequest } from "../protocol/importing.ts";
import type { Source, SourceFile } from "../sources/source.ts";
import { isSystemFile } from "../sources/systemFiles.ts";
import type { Supervision } from "./analyst.ts";

export type { FoundFormat, GivenFiles } from "../protocol/importing.ts";

/** What may hold labels, predictions or metadata, by name. */
const annotationName = /\.(csv|tsv|txt|json|jsonl|ndjson|parquet|xml|ya?ml|npy)$/i;
/** Also names of images that cannot be read: such a drop is one of images. */
const imageName = /\.(jpe?g|jfif|png|webp|avif|gif|bmp|tiff?|hei[cf]|svg|jxl|zip)$/i;
/** A folder with more files than this before the first that could be labels is one of images. */
const mostListed = 20_000;
/** Small files are opened faster several at a time. */
const openedAtOnce = 16;

/** The reading of one import, in a worker of its own that ends with it. */
export class Importer {
  private readonly connection = new Connection<ImportService>(spawnImportWorker, "import");
  private nextTask = 1;

  look(files: GivenFiles, format?: FormatName): Promise<FoundFormat> {
    return this.connection.call((remote) => remote.look(files, format));
  }

  /** What the files say of the project's images; nothing is stored. */
  async read(
    request: Omit<ReadRequest, "images">,
    table: ImageTable,
    { signal, progress }: Supervision,
  ): Promise<{ sets: AnnotationSet[]; metadata: MetadataField[]; summary: ImportSummary }> {
    if (signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
    const images = {
      paths: table.paths,
      widths: Uint32Array.from(table.paths, (_, row) => table.width(row)),
      heights: Uint32Array.from(table.paths, (_, row) => table.height(row)),
    };
    const task = `import-${this.nextTask++}`;
    const cancel = (): void => void this.connection.call((remote) => remote.cancel(task)).catch(() => undefined);
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const { sets, metadata, summary } = await this.connection.call((remote) =>
        remote.read(task, { ...request, images }, proxy(progress)),
      );
      return { sets: sets.map(({ about, columns }) => ({ ...about, ...unpackedColumns(columns) })), metadata, summary };
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }

  close(): void {
    this.connection.close();
  }
}

/** Files from an `<input>`; those of a folder keep their paths below it. */
export function givenFiles(files: ArrayLike<File>): GivenFiles {
  const all = Array.from(files, (file) => {
    const path = file.webkitRelativePath;
    return { path: path === "" ? file.name : path.slice(path.indexOf("/") + 1), blob: file };
  });
  const folder = files[0]?.webkitRelativePath.split("/")[0] ?? "";
  const [first] = all;
  const name = folder || (all.length > 1 ? `${first?.path} and ${all.length - 1} more` : (first?.path ?? ""));
  return { name, files: all.filter(({ path }) => !isSystemFile(path)) };
}

/** A file that may hold labels by its name, not opened yet. */
type Listed = Pick<SourceFile, "path" | "open">;

/**
 * The files of a source that may hold labels, when it has no images; null for one of images, or of neither. Whoever
 * calls looks into them: a name alone says little.
 */
export async function annotationsIn(source: Source, signal: AbortSignal): Promise<GivenFiles | null> {
  const listed: Listed[] = [];
  let seen = 0;
  for await (const file of source.list(signal)) {
    if (isSystemFile(file.path)) continue;
    if (imageName.test(file.path)) return null;
    if (annotationName.test(file.path)) listed.push(file);
    if (++seen > mostListed && listed.length === 0) return null;
  }
  return listed.length === 0 ? null : await opened(source, listed);
}

/** Labels that lie beside images: what they are, how many files, and the way to all of them. */
export interface AnnotationsBeside {
  format: FormatName;
  count: number;
  /** @param progress gets how many files are open */
  open(progress: (done: number) => void): Promise<GivenFiles>;
}

/** Of files with one ending so many are looked into; those that name a format are looked into always. */
const lookedInto = 50;
const tellingName = /(?:^|\/)(?:schema|samples)\.json$|(?:^|\/)classes\.txt$/i;

/** What beside the images of a source are labels for certain; null when nothing is. Only a few files are opened. */
export async function annotationsBeside(source: Source, signal: AbortSignal): Promise<AnnotationsBeside | null> {
  const listed: Listed[] = [];
  for await (const file of source.list(signal)) {
    if (!isSystemFile(file.path) && annotationName.test(file.path)) listed.push(file);
  }
  if (listed.length === 0) return null;
  const ofEnding = new Map<string, number>();
  const sample = listed.filter(({ path }) => {
    const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
    const before = ofEnding.get(ending) ?? 0;
    ofEnding.set(ending, before + 1);
    return before < lookedInto || tellingName.test(path);
  });
  const given = await opened(source, sample);
  const connection = new Connection<ImportService>(spawnImportWorker, "import");
  try {
    const format = await connection.call((remote) => remote.lookBeside(given), { signal });
    return format && { format, count: listed.length, open: (progress) => opened(source, listed, progress) };
  } finally {
    connection.close();
  }
}

async function opened(
  source: Source,
  listed: readonly Listed[],
  progress: (done: number) => void = () => undefined,
): Promise<GivenFiles> {
  const files: { path: string; blob: Blob }[] = [];
  for (let i = 0; i < listed.length; i += openedAtOnce) {
    const part = listed.slice(i, i + openedAtOnce);
    const blobs = await Promise.all(part.map((file) => file.open()));
    for (const [at, { path }] of part.entries()) files.push({ path, blob: blobs[at]! });
    progress(files.length);
  }
  const [only] = files;
  return { name: files.length === 1 && only ? only.path : source.name, files };
}

import { transfer } from "comlink";
import { buffersOf, packedColumns } from "../src/core/annotations/packedColumns.ts";
import { columnsOf } from "../src/core/annotations/setColumns.ts";
import { WinnowError } from "../src/core/errors.ts";
import { certainFormat, detectFormat } from "../src/core/format/annotations/detectFormat.ts";
import type { FormatName } from "../src/core/format/annotations/formats.ts";
import type { ImportFiles } from "../src/core/format/annotations/imported.ts";
import { isTableFormat, previewTable, readAnnotations } from "../src/core/format/annotations/readAnnotations.ts";
import type { Progress } from "../src/core/task.ts";
import type {
  FoundFormat,
  GivenFiles,
  ImportService,
  PackedSet,
  ReadRequest,
  ReadResult,
} from "../src/protocol/importing.ts";
import { blobBytes } from "../src/sources/sourceReader.ts";

/** The import worker's work. */
export class Importing implements ImportService {
  private readonly cancelled = new Set<string>();

  async look(given: GivenFiles, asked?: FormatName): Promise<FoundFormat> {
    const files = filesOf(given);
    const format = asked ?? (await detectFormat(files));
    return { format, table: format && isTableFormat(format) ? await previewTable(files, format) : null };
  }

  async lookBeside(given: GivenFiles): Promise<FormatName | null> {
    return await certainFormat(filesOf(given));
  }

  async read(task: string, request: ReadRequest, progress: (progress: Progress) => void): Promise<ReadResult> {
    const { files, images, format, choices, mapping, at } = request;
    try {
      const context = {
        images: {
          paths: images.paths,
          width: (row: number) => images.widths[row] ?? 0,
          height: (row: number) => images.heights[row] ?? 0,
        },
        choices,
        at,
        progress: (done: number, total: number) => {
          if (this.cancelled.has(task)) throw new WinnowError("cancelled", "Cancelled.");
          progress({ done, total });
        },
      };
      const { sets, metadata, summary } = await readAnnotations(filesOf(files), format, context, mapping);
      const packed = sets.map((set): PackedSet => {
        const { id, name, role, type, classes, source } = set;
        return { about: { id, name, role, type, classes, source }, columns: packedColumns(columnsOf(set)) };
      });
      return transfer(
        { sets: packed, metadata, summary },
        packed.flatMap(({ columns }) => buffersOf(columns)),
      );
    } finally {
      this.cancelled.delete(task);
    }
  }

  async cancel(task: string): Promise<void> {
    this.cancelled.add(task);
  }
}

function filesOf({ name, files }: GivenFiles): ImportFiles {
  const byPath = new Map(files.map(({ path, blob }) => [path, blob]));
  return {
    name,
    paths: [...byPath.keys()],
    open: async (path) => {
      const blob = byPath.get(path);
      return blob ? blobBytes(blob) : null;
    },
  };
}

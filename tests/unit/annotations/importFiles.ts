import { detectFormat } from "../../../src/core/format/annotations/detectFormat.ts";
import type { ExportFile } from "../../../src/core/format/annotations/exportFile.ts";
import type { ImportContext, Imported, ImportFiles } from "../../../src/core/format/annotations/imported.ts";
import { readAnnotations } from "../../../src/core/format/annotations/readAnnotations.ts";
import type { TableMapping } from "../../../src/core/format/annotations/tableMapping.ts";
import type { FileBytes } from "../../../src/core/projectFolder/folderFiles.ts";

export type Contents = Record<string, string | Uint8Array | object>;

export const bytesFile = (content: string | Uint8Array): FileBytes => {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    size: bytes.length,
    slice: async (start, end) => new Uint8Array(bytes.slice(start, end)),
    text: async () => new TextDecoder().decode(bytes),
  };
};

/** Files in memory; objects stand for their JSON. */
export const importFiles = (contents: Contents, name = "import"): ImportFiles => ({
  name,
  paths: Object.keys(contents),
  open: async (path) => {
    const content = Object.hasOwn(contents, path) ? contents[path]! : null;
    if (content === null) return null;
    return bytesFile(typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
  },
});

/** Images of 100 × 50 pixels. */
export const contextOf = (paths: string[], choices: ImportContext["choices"] = {}): ImportContext => ({
  images: { paths, width: () => 100, height: () => 50 },
  choices,
  at: 1_700_000_000_000,
});

/** Reads files as what they look like. */
export async function imported(
  paths: string[],
  contents: Contents,
  choices: ImportContext["choices"] = {},
  mapping?: TableMapping,
): Promise<Imported> {
  const files = importFiles(contents);
  const format = await detectFormat(files);
  if (format === null) throw new Error("no format is found");
  return await readAnnotations(files, format, contextOf(paths, choices), mapping);
}

/** All files of an export, as a reader is given them. */
export function written(files: Iterable<ExportFile>): Record<string, Uint8Array> {
  const contents: Record<string, Uint8Array> = {};
  for (const { path, chunks } of files) {
    contents[path] = new Uint8Array(Buffer.concat([...chunks].map((one) => Buffer.from(one))));
  }
  return contents;
}

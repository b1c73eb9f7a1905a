import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter, type ZipWriterAddDataOptions } from "@zip.js/zip.js";

export interface ZipContent extends ZipWriterAddDataOptions {
  name: string;
  content: string | Uint8Array;
}

/** A zip made by zip.js, entries in the given order. */
export async function makeZip(entries: readonly ZipContent[]): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter("application/zip"), { useWebWorkers: false, dataDescriptor: false });
  for (const { name, content, ...options } of entries) {
    const reader = typeof content === "string" ? new TextReader(content) : new Uint8ArrayReader(content);
    await writer.add(name, reader, options);
  }
  return writer.close();
}

/** The zip with bytes changed: `edit` gets all of it. */
export async function edited(zip: Blob, edit: (view: DataView<ArrayBuffer>) => void): Promise<Blob> {
  const bytes = await zip.arrayBuffer();
  edit(new DataView(bytes));
  return new Blob([bytes]);
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;

/** Offsets of an entry's local and central headers, by its place in the zip. */
export function headersOf(view: DataView, index: number): { local: number; central: number } {
  return { local: place(view, LOCAL_HEADER, index), central: place(view, CENTRAL_HEADER, index) };
}

/** Declares another unpacked size than the real one, in both headers. */
export function declareSize(view: DataView, index: number, size: number): void {
  const { local, central } = headersOf(view, index);
  view.setUint32(local + 22, size, true);
  view.setUint32(central + 24, size, true);
}

function place(view: DataView, signature: number, index: number): number {
  let seen = -1;
  for (let at = 0; at + 4 <= view.byteLength; at++) {
    if (view.getUint32(at, true) === signature && ++seen === index) return at;
  }
  throw new Error(`no header ${index}`);
}

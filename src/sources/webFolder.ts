import { WinnowError } from "../core/errors.ts";
import type { FileBytes, FolderReader } from "../core/projectFolder/folderFiles.ts";

/** What the first request for a file brings: small files whole, tables of packs, the beginning of everything else. */
const firstBytes = 64 << 10;
/** From a host that cannot send parts, a larger file is not taken. */
const largestWhole = 1 << 30;
/** No text of a project is longer. */
const longestText = 64 << 20;

/** A folder on a static host. */
export interface WebFolder extends FolderReader {
  /** False once the host sent a file whole though a part of it was asked for. */
  readonly sendsParts: boolean;
}

/**
 * Reads a folder on a static host, in parts where the host answers Range requests and file by file where it does not.
 * Nothing but that folder is asked for: whoever answers with another address is refused.
 * @param base the folder's address, with “/” at its end
 */
export function webFolder(base: URL): WebFolder {
  let sendsParts = true;

  const ask = async (path: string, range: string | null): Promise<Response | null> => {
    let response: Response;
    try {
      response = await fetch(new URL(path, base), {
        credentials: "omit",
        redirect: "error",
        ...(range && { headers: { Range: range } }),
      });
    } catch (cause) {
      throw new WinnowError(
        "vanished",
        `“${path}” of the published project could not be fetched from ${base.host}. Is there a network? Then load the page again.`,
        { path },
        { cause },
      );
    }
    if (response.ok || response.status === 416) return response;
    await response.body?.cancel();
    if (response.status === 404 || response.status === 410) return null;
    throw new WinnowError(
      "unreadable",
      `“${path}” of the published project: ${base.host} answered ${response.status}. Load the page again later.`,
      { path, status: response.status },
    );
  };

  const inParts = (path: string, size: number, start: Uint8Array<ArrayBuffer>): FileBytes => {
    const slice = async (from: number, end: number): Promise<Uint8Array<ArrayBuffer>> => {
      if (end <= start.length || end <= from) return start.slice(from, end);
      const response = await ask(path, `bytes=${from}-${end - 1}`);
      const bytes = response?.status === 206 ? new Uint8Array(await response.arrayBuffer()) : null;
      if (bytes?.length === end - from) return bytes;
      throw new WinnowError(
        "unreadable",
        `“${path}” of the published project: expected ${end - from} bytes from ${base.host}, found ${bytes?.length ?? "an answer without them"}. Load the page again.`,
        { path },
      );
    };
    return { size, slice, text: async () => decoded(path, await slice(0, boundedText(path, size))) };
  };

  return {
    get sendsParts() {
      return sendsParts;
    },
    open: async (path) => {
      const response = await ask(path, `bytes=0-${firstBytes - 1}`);
      if (response === null) return null;
      // Some hosts answer with a page of theirs where there is no such file.
      if (response.headers.get("Content-Type")?.startsWith("text/html")) {
        await response.body?.cancel();
        return null;
      }
      const size = response.status === 206 ? sizeIn(response.headers.get("Content-Range")) : null;
      if (size !== null) return inParts(path, size, new Uint8Array(await response.arrayBuffer()));
      // An empty file has no first bytes: 416.
      if (response.status === 416) return wholeFile(path, new Blob([]));
      // Parts without a word of the whole, or all of it at once.
      const whole = response.status === 206 ? await ask(path, null) : response;
      if (whole === null) return null;
      sendsParts = false;
      return wholeFile(path, await bounded(path, whole));
    },
  };
}

/** The size of the whole file in `bytes 0-99/1234`; null where it is not told. */
function sizeIn(contentRange: string | null): number | null {
  const size = Number(/^bytes 0-\d+\/(\d{1,15})$/.exec(contentRange ?? "")?.[1] ?? Number.NaN);
  return Number.isSafeInteger(size) ? size : null;
}

const wholeFile = (path: string, blob: Blob): FileBytes => ({
  size: blob.size,
  slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  text: async () => {
    boundedText(path, blob.size);
    return await blob.text();
  },
});

/** All that a host sends, counted as it comes: what it declares may be anything. */
async function bounded(path: string, response: Response): Promise<Blob> {
  const parts: Blob[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) return new Blob(parts);
    size += value.length;
    if (size > largestWhole) {
      await reader?.cancel();
      throw tooLarge(path, largestWhole);
    }
    parts.push(new Blob([value]));
  }
}

const decoded = (path: string, bytes: Uint8Array): string => {
  boundedText(path, bytes.length);
  return new TextDecoder().decode(bytes);
};

function boundedText(path: string, size: number): number {
  if (size > longestText) throw tooLarge(path, longestText);
  return size;
}

const tooLarge = (path: string, largest: number): WinnowError =>
  new WinnowError("too-large", `“${path}” of the published project is larger than ${largest >> 20} MB.`, { path });

import { WinnowError } from "../core/errors.ts";
import type { OfflineBuild } from "../protocol/offline.ts";

/** Lists the page's files, behind one line of JSON that the build writes (tools/serviceWorker). */
const listing = "service-worker.js";
const head = /^const winnowBuild = (\{.*\});$/;

/** The files of this page, to be put on another host. */
export interface OwnFiles {
  /** Bytes of all together. */
  bytes: number;
  paths: readonly string[];
  /** A file as this page's host or this browser has it. */
  read(path: string): Promise<Blob>;
  /** The list itself, with other contents in the place of one file: a copy of the page keeps that for offline use. */
  listingWith(path: string, content: string): Promise<string>;
}

export const listingPath = listing;

/**
 * @param base the page's address
 * @throws WinnowError `unsupported` for a page that was not built, `vanished` without a network
 */
export async function ownFiles(base: URL): Promise<OwnFiles> {
  const text = await (await fetched(base, listing)).text();
  const end = text.indexOf("\n");
  const found = head.exec(text.slice(0, Math.max(0, end)))?.[1];
  if (found === undefined) {
    throw new WinnowError("unsupported", "Publishing needs the built page: this one is served from its sources.");
  }
  const build = JSON.parse(found) as OfflineBuild;
  return {
    bytes: build.files.reduce((sum, file) => sum + file.bytes, text.length),
    paths: build.files.map(({ path }) => path),
    read: (path) => fetched(base, path),
    listingWith: async (path, content) => {
      const bytes = new TextEncoder().encode(content);
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      const digest = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
      const files = build.files.map((file) => (file.path === path ? { ...file, digest, bytes: bytes.length } : file));
      return `const winnowBuild = ${JSON.stringify({ ...build, files })};${text.slice(end)}`;
    },
  };
}

async function fetched(base: URL, path: string): Promise<Blob> {
  let response: Response | null = null;
  let cause: unknown;
  try {
    response = await fetch(new URL(path, base));
  } catch (error) {
    cause = error;
  }
  if (response?.ok) return await response.blob();
  const found = response ? `the host answered ${response.status}` : "there is no network";
  throw new WinnowError(
    "vanished",
    `The page's own file “${path}” could not be read (${found}). Publish again once its host can be reached.`,
    { path },
    { cause },
  );
}

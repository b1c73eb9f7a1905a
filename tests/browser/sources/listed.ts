import { isWinnowError, type WinnowError } from "../../../src/core/errors.ts";
import type { Source, SourceFile } from "../../../src/sources/source.ts";

export async function listed(source: Source): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const file of source.list(new AbortController().signal)) files.push(file);
  return files;
}

export async function paths(source: Source): Promise<string[]> {
  return (await listed(source)).map(({ path }) => path);
}

/** The texts of all files by path. */
export async function contents(source: Source): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const file of await listed(source)) found[file.path] = await (await file.open()).text();
  return found;
}

/** The error that a promise rejects with; anything but a WinnowError fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<WinnowError> {
  try {
    await promise;
  } catch (error) {
    if (isWinnowError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

/** Milliseconds of the longest time in which the page could do nothing else while `work` ran. */
export async function longestStall(work: Promise<unknown>): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  let longest = 0;
  let last = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    port2.postMessage(null);
  };
  port2.postMessage(null);
  await work;
  longest = Math.max(longest, performance.now() - last);
  port1.close();
  return longest;
}

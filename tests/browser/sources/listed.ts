import { expect } from "vitest";
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

/**
 * How often the page could do something else while `work` ran, and the longest time in which it could not. Work that
 * never pauses has one turn and a stall as long as itself.
 */
async function turnsDuring(work: Promise<unknown>): Promise<{ turns: number; stall: number; total: number }> {
  const { port1, port2 } = new MessageChannel();
  const start = performance.now();
  let last = start;
  let stall = 0;
  let turns = 0;
  port1.onmessage = () => {
    const now = performance.now();
    stall = Math.max(stall, now - last);
    last = now;
    turns++;
    port2.postMessage(null);
  };
  port2.postMessage(null);
  await work;
  const end = performance.now();
  port1.close();
  return { turns, stall: Math.max(stall, end - last), total: end - start };
}

/**
 * Fails when `work` held the page: without pauses there is one turn. How many there are otherwise depends on how long
 * the machine takes; half of that may be a stall, or what another program on a shared machine may cause.
 */
export async function expectPauses(work: Promise<unknown>): Promise<void> {
  const { turns, stall, total } = await turnsDuring(work);
  expect(turns).toBeGreaterThan(3);
  expect(stall).toBeLessThan(Math.max(total / 2, 200));
}

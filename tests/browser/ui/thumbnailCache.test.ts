import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ThumbnailCache } from "../../../src/ui/thumbnails/thumbnailCache.ts";

const live = new Set<string>();
beforeEach(() => {
  live.clear();
  const create = URL.createObjectURL;
  const revoke = URL.revokeObjectURL;
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    const url = create.call(URL, blob);
    live.add(url);
    return url;
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => {
    live.delete(url);
    revoke.call(URL, url);
  });
});
afterEach(() => vi.restoreAllMocks());

const blobOf = async (row: number): Promise<Blob | null> => new Blob([String(row)]);

/** Holds a row until its URL is there, then lets go. */
async function pass(cache: ThumbnailCache, row: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const release = cache.hold(row, () => {
      resolve();
      queueMicrotask(() => release());
    });
  });
}

test("keeps the latest, revokes the oldest, never more than its capacity", async () => {
  const cache = new ThumbnailCache(blobOf, 20);
  for (let row = 0; row < 200; row++) await pass(cache, row);
  expect(live.size).toBe(20);
  expect(cache.url(199)).not.toBe(null);
  expect(cache.url(180)).not.toBe(null);
  expect(cache.url(179)).toBe(null);
});

test("a row shown again is young again", async () => {
  const cache = new ThumbnailCache(blobOf, 3);
  for (const row of [1, 2, 3]) await pass(cache, row);
  cache.hold(1, () => {})();
  await pass(cache, 4);
  expect(cache.url(1)).not.toBe(null);
  expect(cache.url(2)).toBe(null);
});

test("what is on screen is never revoked, even beyond the capacity", async () => {
  const cache = new ThumbnailCache(blobOf, 5);
  for (let row = 0; row < 12; row++) cache.hold(row, () => {});
  await vi.waitUntil(() => live.size === 12);
  expect(await (await fetch(cache.url(0)!)).text()).toBe("0");
});

test("serves what was asked for together in its order, the newest batch first, and drops what nobody waits for", async () => {
  const asked: number[] = [];
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const cache = new ThumbnailCache(async (row) => {
    asked.push(row);
    await gate;
    return blobOf(row);
  });
  const holdAll = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => cache.hold(from + index, () => {}));
  const releases = holdAll(0, 140);
  await vi.waitUntil(() => asked.length > 0);
  const started = asked.length;
  expect(asked).toEqual(Array.from({ length: started }, (_, row) => row));
  for (const release of releases.slice(started, 138)) release();
  holdAll(200, 203);
  await Promise.resolve();
  open();
  await vi.waitUntil(() => cache.url(139) !== null);
  expect(asked.slice(started)).toEqual([200, 201, 202, 138, 139]);
});

test("asks again for what had no thumbnail, only when told", async () => {
  let stored = false;
  const load = vi.fn(async (row: number) => (stored ? blobOf(row) : null));
  const cache = new ThumbnailCache(load);
  const arrived = vi.fn();
  cache.hold(7, arrived);
  await vi.waitUntil(() => load.mock.calls.length === 1);
  await Promise.resolve();
  stored = true;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(arrived).not.toHaveBeenCalled();
  cache.retryMissing();
  await vi.waitUntil(() => cache.url(7) !== null);
  expect(arrived).toHaveBeenCalledOnce();
  expect(load).toHaveBeenCalledTimes(2);
});

test("one failed read does not stop the others", async () => {
  const cache = new ThumbnailCache((row) => (row < 8 ? Promise.reject(new Error("no")) : blobOf(row)));
  for (let row = 0; row < 16; row++) cache.hold(row, () => {});
  await vi.waitUntil(() => live.size === 8);
  expect(cache.url(0)).toBe(null);
  expect(cache.url(8)).not.toBe(null);
});

test("close revokes everything, also what arrives later", async () => {
  const cache = new ThumbnailCache(blobOf);
  await pass(cache, 1);
  cache.hold(2, () => {});
  cache.close();
  cache.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(live.size).toBe(0);
});

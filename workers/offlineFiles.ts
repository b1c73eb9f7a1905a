import type { OfflineBuild, OfflineFile } from "../src/protocol/offline.ts";

/** So many files are fetched at a time: enough to fill the line, few enough to leave the page its share. */
const atOnce = 4;

/**
 * The files of one version of the page, kept in this browser. Each is kept under its path *and* its digest: versions
 * share what did not change, a download that was cut off goes on where it was, and a mixture of two versions cannot
 * arise. Nothing is kept whose bytes are not the ones that the build wrote.
 */
export class OfflineFiles {
  private readonly byPath: ReadonlyMap<string, OfflineFile>;
  private readonly wanted: readonly OfflineFile[];
  private readonly cacheName: string;
  private whole = false;

  /** @param scope the page's folder as an address with “/” at its end; several Winnows may live on one host */
  constructor(
    private readonly build: OfflineBuild,
    private readonly scope: string,
  ) {
    this.byPath = new Map(build.files.map((file) => [file.path, file]));
    this.wanted = build.files.filter(({ seldom }) => !seldom);
    this.cacheName = `winnow ${scope}`;
  }

  /** Bytes of all files that are kept beforehand. */
  get totalBytes(): number {
    return this.wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Fetches what is not kept yet. `progress` gets the bytes kept so far. Rejects with the first file that cannot be had
   * or is not the build's; what was kept until then stays.
   */
  async keep(progress: (done: number) => void): Promise<void> {
    const cache = await caches.open(this.cacheName);
    const kept = await this.keptKeys(cache);
    const missing = this.wanted.filter((file) => !kept.has(this.keyOf(file)));
    let done = this.totalBytes - missing.reduce((sum, { bytes }) => sum + bytes, 0);
    progress(done);
    const queue = [...missing].reverse();
    const work = async (): Promise<void> => {
      for (let file = queue.pop(); file; file = queue.pop()) {
        try {
          await cache.put(this.keyOf(file), await this.fetched(file));
        } catch (error) {
          // Nobody begins another one.
          queue.length = 0;
          throw error;
        }
        done += file.bytes;
        progress(done);
      }
    };
    // All have come to an end before the first failure is told, so that no progress is told after it.
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, work));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    this.whole = true;
  }

  /** Whether this is a file of the page; what else lies on the host is left to itself. */
  concerns(request: Request): boolean {
    if (request.method !== "GET") return false;
    const path = this.pathOf(request.url);
    if (path === null) return false;
    return this.byPath.has(path) || (path.startsWith("assets/") && request.mode !== "navigate");
  }

  /**
   * The answer to a request that `concerns` this: kept files first, the host otherwise. The page itself comes from the
   * host until all its files are kept, because what is kept of an older version may want files that the host no longer
   * has. `later` keeps the worker alive for what is written behind the answer.
   */
  async answer(request: Request, later: (work: Promise<unknown>) => void): Promise<Response> {
    const path = this.pathOf(request.url)!;
    const file = this.byPath.get(path);
    const kept = await this.keptResponse(path, file);
    if (kept && (!path.endsWith(".html") || (await this.isWhole()))) return this.withHeaders(kept, file);
    let found: Response;
    try {
      found = await fetch(request);
    } catch (error) {
      if (kept) return this.withHeaders(kept, file);
      throw error;
    }
    if (file?.seldom && found.status === 200) later(this.keepSeldom(file, found.clone()));
    return this.withHeaders(found, file);
  }

  /** Deletes what no file of this version needs; only while no page of another version is open. */
  async prune(): Promise<void> {
    const cache = await caches.open(this.cacheName);
    const own = new Set(this.build.files.map((file) => this.keyOf(file)));
    for (const request of await cache.keys()) if (!own.has(request.url)) await cache.delete(request);
  }

  /** The path from the page's folder; null for addresses outside it. */
  private pathOf(address: string): string | null {
    const { origin, pathname } = new URL(address);
    const place = origin + pathname;
    if (!place.startsWith(this.scope)) return null;
    return decodedPath(place.slice(this.scope.length)) || "index.html";
  }

  private keyOf({ path, digest }: OfflineFile): string {
    return `${new URL(path, this.scope).href}?sha256=${digest}`;
  }

  private async keptKeys(cache: Cache): Promise<Set<string>> {
    return new Set((await cache.keys()).map(({ url }) => url));
  }

  private async isWhole(): Promise<boolean> {
    if (this.whole) return true;
    const kept = await this.keptKeys(await caches.open(this.cacheName));
    this.whole = this.wanted.every((file) => kept.has(this.keyOf(file)));
    return this.whole;
  }

  /** Of a file that is not in this version's list, what an older version kept: its pages may still be open. */
  private async keptResponse(path: string, file: OfflineFile | undefined): Promise<Response | undefined> {
    const cache = await caches.open(this.cacheName);
    if (file) return await cache.match(this.keyOf(file));
    return await cache.match(new URL(path, this.scope).href, { ignoreSearch: true });
  }

  /** The file from the host, checked. A stale copy between here and there is asked for once more, past all caches. */
  private async fetched(file: OfflineFile): Promise<Response> {
    const address = new URL(file.path, this.scope).href;
    for (const cache of ["default", "reload"] as const) {
      const response = await fetch(address, { cache });
      if (!response.ok) throw new Error(`${file.path}: the host answered ${response.status}`);
      const checked = await checkedCopy(file, response);
      if (checked) return checked;
    }
    throw new Error(`${file.path}: the host's file is not the one that was built, or it is being replaced`);
  }

  private async keepSeldom(file: OfflineFile, response: Response): Promise<void> {
    const checked = await checkedCopy(file, response);
    if (checked) await (await caches.open(this.cacheName)).put(this.keyOf(file), checked);
  }

  private withHeaders(response: Response, file: OfflineFile | undefined): Response {
    // What leads elsewhere has no body and no headers to be seen.
    if (response.status === 0) return response;
    const headers = new Headers(response.headers);
    for (const [name, value] of Object.entries(this.build.headers)) headers.set(name, value);
    if (file?.policy) headers.set("Content-Security-Policy", file.policy);
    const { status, statusText } = response;
    return new Response(response.body, { status, statusText, headers });
  }
}

/** The response with nothing but its type and bytes, or null when these are not the file's. */
async function checkedCopy(file: OfflineFile, response: Response): Promise<Response | null> {
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if (Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") !== file.digest) return null;
  const type = response.headers.get("Content-Type");
  return new Response(bytes, { headers: type === null ? {} : { "Content-Type": type } });
}

/** As it is when it cannot be decoded: such a path is none of ours. */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

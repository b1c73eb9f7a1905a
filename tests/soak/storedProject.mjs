/**
 * What a project's database holds, with what is large as digests.
 * @typedef {{
 *   id: string,
 *   imageCount: number,
 *   unfinished: boolean,
 *   images: { path: string, sha256: string, id: string }[],
 *   featureRows: number,
 *   features: string,
 *   thumbnails: number,
 *   tags: Record<string, number[]>,
 *   changes: number[],
 *   head: string,
 *   maps: Record<string, string>,
 * }} StoredProject
 */

/**
 * Reads every project of the page's origin, past the page itself.
 * @param {import("playwright").Page} page
 * @returns {Promise<StoredProject[]>}
 */
export const storedProjects = (page) =>
  page.evaluate(async () => {
    /** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
    const answer = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    /** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} bytes */
    const digest = async (bytes) =>
      Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (b) =>
        b.toString(16).padStart(2, "0"),
      ).join("");
    /** @param {ArrayBufferView} view */
    const bytesOf = (view) =>
      new Uint8Array(/** @type {ArrayBuffer} */ (view.buffer), view.byteOffset, view.byteLength);
    const all = [];
    for (const { name = "" } of await indexedDB.databases()) {
      if (!name.startsWith("winnow-project-")) continue;
      const database = await answer(indexedDB.open(name));
      try {
        const of = (/** @type {string} */ store) => database.transaction(store).objectStore(store);
        const info = await answer(of("meta").get("info"));
        const pages = await answer(of("records").getAll());
        const chunks = [];
        let featureRows = 0;
        for (const key of await answer(of("features").getAllKeys())) {
          const chunk = await answer(of("features").get(key));
          if (key !== featureRows) throw new Error(`features begin at row ${key} where ${featureRows} was expected`);
          featureRows += chunk.rows;
          chunks.push(new Uint8Array(bytesOf(chunk.data)));
        }
        const names = await answer(of("tags").getAllKeys());
        const rows = await answer(of("tags").getAll());
        const maps = [];
        for (const key of await answer(of("derived").getAllKeys())) {
          if (!String(key).startsWith("map.")) continue;
          const { value } = await answer(of("derived").get(key));
          if (value?.map) maps.push([String(key), await digest(bytesOf(value.map.xy))]);
        }
        all.push({
          id: name.slice("winnow-project-".length),
          imageCount: info?.imageCount ?? -1,
          unfinished: info?.unfinished ?? false,
          images: pages.flat().map((/** @type {any} */ { path, sha256, id }) => ({ path, sha256, id })),
          featureRows,
          features: await digest(await new Blob(chunks).arrayBuffer()),
          thumbnails: await answer(of("thumbnails").count()),
          tags: Object.fromEntries(names.map((tag, i) => [String(tag), Array.from(rows[i])])),
          changes: (await answer(of("history").getAllKeys())).map(Number),
          head: (await answer(of("derived").get("head")))?.value?.head?.hash ?? "",
          maps: Object.fromEntries(maps),
        });
      } finally {
        database.close();
      }
    }
    return all;
  });

/**
 * What of a project contradicts itself, in sentences; nothing when it is whole.
 * @param {StoredProject} project
 * @returns {string[]}
 */
export function contradictions({ imageCount, images, featureRows, thumbnails, tags, changes }) {
  const found = [];
  if (images.length !== imageCount) found.push(`${images.length} records of ${imageCount} images`);
  if (featureRows !== imageCount) found.push(`features of ${featureRows} rows of ${imageCount} images`);
  if (thumbnails !== imageCount) found.push(`${thumbnails} thumbnails of ${imageCount} images`);
  if (new Set(images.map(({ path }) => path)).size !== images.length) found.push("an image is there twice");
  for (const [tag, rows] of Object.entries(tags)) {
    if (rows.some((row) => row >= imageCount)) found.push(`tag ${tag} on an image that is not there`);
  }
  if (changes.some((number, i) => i > 0 && number !== (changes[i - 1] ?? 0) + 1)) found.push("a change is missing");
  return found;
}

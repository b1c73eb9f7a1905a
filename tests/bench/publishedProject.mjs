import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright";
import { chromiumArguments, requireChromium } from "../../tools/chromium.mjs";
import { servedHeaders } from "../../tools/headers.mjs";
import { publishSite } from "../../tools/publish.mjs";
import { contentTypeOf, fileOf, rangeOf } from "../../tools/serve.mjs";
import { importCore } from "./bundle.mjs";

const bytesPerSecond = 20e6 / 8;
const latencyMs = 20;
const rounds = 3;
const visible = 20;

/**
 * How soon a published project shows its first screen over a line of 20 Mbit/s that all requests share: from opening its
 * address with an empty browser to the frame in which thumbnails and the map are there.
 * @param {{ rows: number, folder?: string | undefined }} options folder: a project of so many images; made where absent
 */
export async function run({ rows, folder: made }) {
  const folder = mkdtempSync(join(tmpdir(), "winnow-published-"));
  const line = { bytes: 0, requests: 0 };
  try {
    const project = made ?? join(folder, "made.winnow");
    if (made === undefined) await (await importCore()).makeProject(project, rows);
    const site = join(folder, "site");
    await publishSite(project, site);
    const server = await slowHost(site, line);
    const address = server.address();
    const url = `http://localhost:${typeof address === "object" && address ? address.port : 0}/`;
    const seconds = [];
    const all = [];
    for (let round = 0; round < rounds; round++) {
      const browser = await chromium.launch({ executablePath: requireChromium(), args: chromiumArguments });
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      Object.assign(line, { bytes: 0, requests: 0 });
      const since = performance.now();
      await page.goto(url, { waitUntil: "commit" });
      await page.waitForFunction((count) => {
        const cells = [...document.querySelectorAll('[role="grid"] img')];
        const shown = cells.filter((image) => image instanceof HTMLImageElement && image.naturalWidth > 0);
        return shown.length >= count && document.querySelector('[aria-label^="Scatter plot of"]') !== null;
      }, visible);
      seconds.push((performance.now() - since) / 1000);
      console.error(
        `first screen after ${seconds.at(-1)?.toFixed(2)} s, ${line.requests} requests, ${line.bytes} bytes`,
      );
      const count = page.getByRole("status", { name: "Image count" });
      await count.filter({ hasText: rows.toLocaleString("en") }).waitFor({ timeout: 900_000 });
      all.push((performance.now() - since) / 1000);
      await browser.close();
    }
    server.closeAllConnections();
    server.close();
    const middle = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    return { rows, megabitsPerSecond: 20, firstScreenSeconds: middle(seconds), allImagesSeconds: middle(all), rounds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A static host behind a slow line: texts compressed, files in parts, all answers one after the other in small pieces.
 * @param {string} folder
 * @param {{ bytes: number, requests: number }} line
 * @returns {Promise<import("node:http").Server>}
 */
function slowHost(folder, line) {
  let free = 0;
  const wait = async (/** @type {number} */ bytes) => {
    const now = performance.now();
    free = Math.max(free, now) + (1000 * bytes) / bytesPerSecond;
    line.bytes += bytes;
    if (free - now > 1) await new Promise((resolve) => setTimeout(resolve, free - now));
  };
  const server = createServer(async (request, response) => {
    line.requests++;
    await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const file = fileOf(folder, request.url ?? "/");
    const found = file === null ? undefined : statSync(file, { throwIfNoEntry: false });
    if (file === null || !found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const headers = { ...servedHeaders, "Content-Type": contentTypeOf(file), "Accept-Ranges": "bytes" };
    const range = rangeOf(request.headers.range, found.size);
    if (range === null && /\.(html|js|css|json|wasm|webmanifest|svg)$/.test(file)) {
      const packed = gzipSync(readFileSync(file));
      response.writeHead(200, { ...headers, "Content-Encoding": "gzip", "Content-Length": packed.length });
      for (let at = 0; at < packed.length; at += 16_384) {
        const part = packed.subarray(at, at + 16_384);
        await wait(part.length);
        response.write(part);
      }
      response.end();
      return;
    }
    const { start, end } = range && range !== "bad" ? range : { start: 0, end: found.size - 1 };
    response.writeHead(range ? 206 : 200, {
      ...headers,
      "Content-Length": end - start + 1,
      ...(range && { "Content-Range": `bytes ${start}-${end}/${found.size}` }),
    });
    for await (const part of createReadStream(file, { start, end, highWaterMark: 16_384 })) {
      await wait(part.length);
      if (response.destroyed) return;
      response.write(part);
    }
    response.end();
  });
  return new Promise((resolve) => server.listen(0, "localhost", () => resolve(server)));
}

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { elsewherePage, headersOf, servedHeaders } from "./headers.mjs";
import { root } from "./install.mjs";

/**
 * Big files that few need, which are kept from their first use on: the runtime for WebGPU (WASM does the same work), the
 * decoder of HEIC, the sample.
 */
const seldom = [/^assets\/ort-wasm-simd-threaded\.asyncify-.*\.wasm$/, /^assets\/libheif-/, /^sample\.zip$/];

/** Never kept: the worker itself, what only the build reads, and a project that is published with the page. */
const left = [/^service-worker\.js$/, /^project\//, /^\./, /\.map$/, /^sample\.json$/];

/**
 * Every file of a built folder with its digest, in the order of paths.
 * @param {string} folder
 * @returns {import("../src/protocol/offline.ts").OfflineFile[]}
 */
export function offlineFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll("\\", "/"))
    .filter((path) => !left.some((pattern) => pattern.test(path)))
    .sort()
    .map((path) => {
      const bytes = readFileSync(join(folder, path));
      return {
        path,
        digest: createHash("sha256").update(bytes).digest("hex"),
        bytes: bytes.length,
        seldom: seldom.some((pattern) => pattern.test(path)),
        ...(path === elsewherePage && { policy: headersOf(path)["Content-Security-Policy"] }),
      };
    });
}

/**
 * Writes `service-worker.js` into a built folder: the worker's code behind the list of the folder's files. Must be the
 * last step of a build; a browser takes the page for a new version when one byte of this file differs.
 * @param {string} folder
 */
export async function writeServiceWorker(folder) {
  const { build } = await import("vite");
  const result = await build({
    configFile: false,
    root,
    logLevel: "warn",
    build: {
      write: false,
      target: "es2022",
      copyPublicDir: false,
      lib: { entry: join(root, "workers/service.worker.ts"), formats: ["iife"], name: "winnowServiceWorker" },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !("output" in output)) throw new Error("the service worker was not built");
  const { code } = output.output[0];
  const built = JSON.stringify({ files: offlineFiles(folder), headers: servedHeaders });
  writeFileSync(join(folder, "service-worker.js"), `const winnowBuild = ${built};\n${code}`);
}

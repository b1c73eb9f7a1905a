import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { root } from "../../tools/install.mjs";

const run = promisify(execFile);
const folder = join(root, "node_modules/.cache/winnow-peers");

/**
 * Competitors that are no dependencies: only measured, never shipped. `entry` is a file that imports nothing from other
 * packages.
 */
const peers = {
  "embedding-atlas": {
    version: "0.26.0",
    integrity: "sha512-IHAQkJ4aH8wzaVpr9LYkjWSP025Ie+ub1MtQX9buz0V8PpMKbWcYtXr8U3iea2pK3AhA0XUtXSI8ZLbsubE4pg==",
    entry: "dist/umap.js",
  },
  "tsne-js": {
    version: "1.0.3",
    integrity: "sha512-qFHOgQaOR3/OaE1Gvs5KLj3N8ppWt7U/nvEJohzRAtrOxWeTKEK2wMh1fhIoRRiY/WGrN+BSrzgYhVOsIE38vg==",
    entry: "build/tsne.min.js",
  },
};

/**
 * A competitor's module, fetched from the registry the first time.
 * @param {keyof typeof peers} name
 * @returns {Promise<{ module: any, missing: null } | { module: null, missing: string }>} `missing` says why it cannot be
 *   had
 */
export async function peer(name) {
  const { version, entry } = peers[name];
  try {
    const unpacked = join(folder, `${name}-${version}`);
    if (!existsSync(join(unpacked, entry))) await fetchPeer(name, unpacked);
    return { module: await import(pathToFileURL(join(unpacked, entry)).href), missing: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n").slice(0, 4).join(" ") : String(error);
    return { module: null, missing: `${name}@${version} could not be fetched: ${reason}` };
  }
}

/** @param {keyof typeof peers} name @param {string} to */
async function fetchPeer(name, to) {
  const { version, integrity } = peers[name];
  mkdirSync(to, { recursive: true });
  const archive = join(folder, `${name}-${version}.tgz`);
  try {
    if (!existsSync(archive)) {
      const options = { cwd: folder, timeout: 120_000, shell: process.platform === "win32" };
      await run("npm", ["pack", `${name}@${version}`, "--loglevel=error"], options);
    }
    const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    if (found !== integrity) {
      rmSync(archive);
      throw new Error(`expected integrity ${integrity}, found ${found}`);
    }
    await run("tar", ["-xzf", archive, "-C", to, "--strip-components=1"]);
  } catch (error) {
    rmSync(to, { recursive: true, force: true });
    throw error;
  }
}

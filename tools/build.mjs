import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./install.mjs";
import { writeServiceWorker } from "./serviceWorker.mjs";

/** Everything the built page depends on. */
const inputs = [
  "src",
  "workers",
  "models",
  "public",
  "index.html",
  "vite.config.ts",
  "tools/headers.mjs",
  "tools/serviceWorker.mjs",
  "package-lock.json",
  "THIRD_PARTY_NOTICES.md",
];

/** Builds the page into dist/, unless dist/ is already what the sources give. */
export async function buildPage() {
  await checkModel();
  const stamp = join(root, "dist/.winnow-inputs");
  const now = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  const { build } = await import("vite");
  await build({ root, logLevel: "warn" });
  copyFileSync(join(root, "THIRD_PARTY_NOTICES.md"), join(root, "dist/third-party-notices.txt"));
  await writeServiceWorker(join(root, "dist"));
  writeFileSync(stamp, now);
}

/** The bundled model must be the file that its manifest names. */
async function checkModel() {
  const manifest = readFileSync(join(root, "models/manifest.ts"), "utf8");
  const expected = /sha256: "([0-9a-f]{64})"/.exec(manifest)?.[1];
  const found = createHash("sha256")
    .update(readFileSync(join(root, "models/efficientnet-lite0/model.onnx")))
    .digest("hex");
  if (found !== expected)
    throw new Error(`models/efficientnet-lite0/model.onnx is damaged: expected ${expected}, found ${found}`);
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const input of inputs) {
    for (const file of filesOf(join(root, input))) hash.update(file).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** @param {string} path @returns {string[]} */
function filesOf(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

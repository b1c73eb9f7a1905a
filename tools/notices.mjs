import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./install.mjs";

/**
 * `npm run notices`: writes THIRD_PARTY_NOTICES.md from the packages that end up in what Winnow ships, that is the
 * dependencies of package.json with theirs, the bundled model, and the package that the sample is made from. A test
 * fails when the file is stale or a licence is not one of these.
 */
const allowed = [
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "MPL-2.0",
  "0BSD",
  "Zlib",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Unlicense",
];

/** Whether an SPDX licence expression leaves a licence that may ship. @param {string} expression */
export function mayShip(expression) {
  const plain = expression.replace(/^\((.*)\)$/, "$1");
  return plain.split(" OR ").some((choice) => choice.split(" AND ").every((name) => allowed.includes(name.trim())));
}

/**
 * Under the LGPL, which lets Winnow use them as long as anyone can put another version in their place: each ships as files
 * of its own, with nothing of Winnow in them, that are loaded when they are needed. What to say of each.
 */
const ownFiles = new Map([
  [
    "libheif-js",
    "libheif-js (libheif and libde265, compiled to WebAssembly) is under the LGPL 3.0, not under Winnow's licence. It ships unchanged in two files of its own, `libheif-….js` and `libheif-….wasm`, which are loaded with the first HEIC file; another build of the same version can be put in their place. Sources: https://github.com/strukturag/libheif, https://github.com/strukturag/libde265 and https://github.com/catdad-experiments/libheif-js.",
  ],
]);

/** Whether a package may ship as it does. @param {Pick<Notice, "name" | "license">} notice */
export const isAllowed = ({ name, license }) =>
  mayShip(license) || (ownFiles.has(name) && /^LGPL-[23]\.[01](-only|-or-later)?$/.test(license));

/** What the sample is generated from at build time. */
const sampleSource = "@lobehub/fluent-emoji-3d";

/** @typedef {{ name: string, version: string, license: string, text: string }} Notice */

/** @returns {Notice[]} in the order of names */
export function notices() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  /** @type {Map<string, Notice>} */
  const found = new Map();
  const waiting = [...Object.keys(manifest.dependencies), sampleSource];
  while (waiting.length > 0) {
    const name = /** @type {string} */ (waiting.pop());
    if (found.has(name)) continue;
    const folder = join(root, "node_modules", name);
    if (!existsSync(join(folder, "package.json"))) continue;
    const {
      version,
      license,
      licenses,
      dependencies = {},
    } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    found.set(name, {
      name,
      version,
      license: typeof license === "string" ? license : (license?.type ?? licenses?.[0]?.type ?? "unknown"),
      text: file ? readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim() : "",
    });
    waiting.push(...Object.keys(dependencies));
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The file's text. @returns {string} */
export function noticesText() {
  const all = notices();
  const indented = (/** @type {string} */ text) => text.replace(/^/gm, "    ").replace(/ +$/gm, "");
  return [
    "# Third-party notices",
    "",
    "Written by `npm run notices`. Winnow itself is under the MIT licence (LICENSE). It ships with:",
    "",
    "| what | version | licence |",
    "| --- | --- | --- |",
    "| EfficientNet-Lite0 (models/efficientnet-lite0) | | Apache-2.0 |",
    ...all.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`),
    "",
    "EfficientNet-Lite0: by the EfficientNet authors (Tan & Le, TensorFlow TPU repository); PyTorch port of the weights",
    "© 2020 ML Illustrated. Changed: batch norms folded, weights stored as int8. Full licence:",
    "models/efficientnet-lite0/LICENSE.",
    "",
    `The sample is made from ${sampleSource}: Fluent Emoji, © Microsoft Corporation, MIT licence.`,
    "",
    ...all.flatMap(({ name, version, text, license }) => [
      `## ${name} ${version}`,
      "",
      ...(ownFiles.has(name) ? [ownFiles.get(name), ""] : []),
      text ? indented(text) : `Licence ${license}; the package carries no licence text.`,
      "",
    ]),
  ].join("\n");
}

if (process.argv[1]?.endsWith("notices.mjs")) {
  writeFileSync(join(root, "THIRD_PARTY_NOTICES.md"), noticesText());
  console.log("THIRD_PARTY_NOTICES.md");
}

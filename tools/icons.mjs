import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./install.mjs";

/**
 * `npm run icons`: makes the icons of the installed page from public/icon.svg. The maskable one has its corners filled
 * and its drawing within the middle four fifths, which every system's mask leaves.
 */
const { default: sharp } = await import("sharp");
const folder = join(root, "public");
const svg = readFileSync(join(folder, "icon.svg"), "utf8");

/** @param {string} text @param {number} side @param {string} name */
async function write(text, side, name) {
  await sharp(Buffer.from(text), { density: (72 * side) / 64 })
    .resize(side, side)
    .png({ compressionLevel: 9, palette: true })
    .toFile(join(folder, name));
  console.log(`public/${name}`);
}

const filled = svg
  .replace(
    /<rect [^>]*\/>/,
    '<rect width="64" height="64" fill="#161920"/><g transform="translate(6.4 6.4) scale(0.8)">',
  )
  .replace("</svg>", "</g></svg>");
await write(svg, 192, "icon-192.png");
await write(svg, 512, "icon-512.png");
await write(filled, 512, "icon-maskable-512.png");

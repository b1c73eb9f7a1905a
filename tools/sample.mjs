import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./install.mjs";

const target = join(root, "public/sample.zip");
const stamp = join(root, "node_modules/.winnow-sample");
/** Pictures taken of each emoji group, evenly over its order. */
const perGroup = { 0: 80, 1: 60, 3: 90, 4: 90, 5: 90, 6: 60, 7: 90, 8: 30 };
/** Of the people, this many are kept in two more skin tones: near duplicates. */
const withSkinTones = 12;
const side = 288;
/** Around every emoji, in pixels. */
const margin = 24;

/** @typedef {{ path: string, bytes: Uint8Array }} Picture */
/** @typedef {{ label: string, hexcode: string, group?: number, order?: number, skins?: { label: string, hexcode: string }[] }} Emoji */

/**
 * Makes public/sample.zip, the sample that the start screen offers: emoji pictures in a folder for each group, some of
 * them deliberately blurred, darkened, cropped or copied. The same bytes every time.
 */
export async function buildSample() {
  const version = createHash("sha256")
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, "utf8") === version) return;
  const pictures = await drawPictures();
  writeFileSync(target, await zip([...pictures, ...(await defects(pictures)), readMe()]));
  writeFileSync(stamp, version);
}

/** @returns {Promise<Picture[]>} */
async function drawPictures() {
  const require = createRequire(import.meta.url);
  /** @type {Emoji[]} */
  const emoji = require("emojibase-data/en/data.json");
  /** @type {{ groups: Record<string, string> }} */
  const { groups } = require("emojibase-data/meta/groups.json");
  const folder = join(root, "node_modules/@lobehub/fluent-emoji-3d/assets");
  const assets = new Map(readdirSync(folder).map((name) => [plain(name.replace(".webp", "")), join(folder, name)]));
  const drawn = emoji
    .filter(({ hexcode, group }) => group !== undefined && assets.has(plain(hexcode)))
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  /** @type {{ path: string, file: string }[]} */
  const wanted = [];
  for (const [group, count] of Object.entries(perGroup)) {
    const all = drawn.filter((one) => String(one.group) === group);
    const taken = all.filter(
      (_, i) => Math.floor((i * count) / all.length) !== Math.floor(((i - 1) * count) / all.length),
    );
    let toned = 0;
    for (const { label, hexcode, skins = [] } of taken) {
      const variants = skins.length > 0 && toned < withSkinTones ? [skins[1], skins[4]] : [];
      if (variants.length > 0) toned++;
      for (const one of [{ label, hexcode }, ...variants]) {
        const file = one && assets.get(plain(one.hexcode));
        if (one && file) wanted.push({ path: `${groups[group]}/${fileName(one.label)}`, file });
      }
    }
  }
  return await inParallel(wanted, async ({ path, file }, i) => {
    const { default: sharp } = await import("sharp");
    const emoji = await sharp(file)
      .resize(side - 2 * margin, side - 2 * margin)
      .toBuffer();
    const picture = sharp({ create: { width: side, height: side, channels: 3, background: backdrop(path) } }).composite(
      [{ input: emoji, left: margin, top: margin }],
    );
    const [extension, encoded] =
      i % 7 === 3
        ? ["png", picture.png({ palette: true })]
        : i % 5 === 1
          ? ["webp", picture.webp()]
          : ["jpg", picture.jpeg({ quality: 85 })];
    return { path: `${path}.${extension}`, bytes: await /** @type {import("sharp").Sharp} */ (encoded).toBuffer() };
  });
}

/**
 * What a curation tool should find: copies of some pictures under `to check/`, spoilt in one way each.
 * @param {Picture[]} pictures
 * @returns {Promise<Picture[]>}
 */
async function defects(pictures) {
  const { default: sharp } = await import("sharp");
  const chosen = pictures.filter((_, i) => i % 17 === 5).slice(0, 32);
  return await inParallel(chosen, async ({ path, bytes }, i) => {
    const name =
      path
        .split("/")
        .at(-1)
        ?.replace(/\.\w+$/, "") ?? "";
    /** @param {string} how @param {import("sharp").Sharp} image */
    const spoilt = async (how, image) => ({
      path: `to check/${name} ${how}.jpg`,
      bytes: new Uint8Array(await image.jpeg({ quality: 85 }).toBuffer()),
    });
    switch (i % 4) {
      case 0:
        return spoilt("blurred", sharp(bytes).blur(7));
      case 1:
        return spoilt("dark", sharp(bytes).linear(0.16, 0));
      case 2:
        return spoilt("cropped", sharp(bytes).extract({ left: 20, top: 14, width: side - 40, height: side - 28 }));
      default:
        return { path: `to check/${name} copy${path.slice(path.lastIndexOf("."))}`, bytes };
    }
  });
}

/** @returns {Picture} */
const readMe = () => ({
  path: "README.txt",
  bytes: new TextEncoder().encode(
    "Sample for Winnow: Fluent Emoji (3D), Copyright (c) Microsoft Corporation, MIT licence,\n" +
      "from the npm package @lobehub/fluent-emoji-3d. Names and groups: emojibase-data, MIT licence.\n" +
      "The pictures under “to check” were blurred, darkened, cropped or copied on purpose.\n",
  ),
});

/** @param {Picture[]} files */
async function zip(files) {
  const { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } = await import("@zip.js/zip.js");
  configure({ useWebWorkers: false });
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    level: 0,
    lastModDate: new Date(Date.UTC(2026, 0, 1, 12)),
    extendedTimestamp: false,
  });
  for (const { path, bytes } of files.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    await writer.add(path, new Uint8ArrayReader(new Uint8Array(bytes)));
  }
  return await writer.close();
}

/**
 * @template In, Out
 * @param {In[]} items
 * @param {(item: In, index: number) => Promise<Out>} work
 * @returns {Promise<Out[]>}
 */
async function inParallel(items, work) {
  /** @type {Out[]} */
  const out = [];
  for (let i = 0; i < items.length; i += 8) {
    out.push(...(await Promise.all(items.slice(i, i + 8).map((item, j) => work(item, i + j)))));
  }
  return out;
}

/** Code points without the variation selector, which names and data spell differently. @param {string} hexcode */
const plain = (hexcode) => hexcode.toLowerCase().replaceAll("-fe0f", "");

/** @param {string} label */
const fileName = (label) =>
  label
    .normalize("NFD")
    .replace(/[^\w\s-]/g, "")
    .trim()
    .replace(/\s+/g, " ");

/** A soft colour that follows from the name. @param {string} path */
function backdrop(path) {
  const [hue = 0, white = 0] = createHash("sha256").update(path).digest();
  if (white % 3 === 0) return { r: 255, g: 255, b: 255 };
  const wave = (/** @type {number} */ shift) => Math.round(225 + 28 * Math.cos((hue / 255) * 2 * Math.PI + shift));
  return { r: wave(0), g: wave(2.1), b: wave(4.2) };
}

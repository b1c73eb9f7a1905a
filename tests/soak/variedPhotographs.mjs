import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";

/** Images of one subfolder. */
const imagesPerFolder = 250;

/**
 * Numbers 0…1, the same for the same seed (mulberry32).
 * @param {number} seed
 * @returns {() => number}
 */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** All JPEGs below a folder, in the order of their paths. @param {string} folder @returns {string[]} */
export const jpegsIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.jpe?g$/i.test(path))
    .sort()
    .map((path) => join(folder, path));

/**
 * Writes `count` small JPEGs, each of them another crop, brightness and noise of one of the photographs, so that no two
 * have the same pixels and none the same bytes.
 * @param {string} folder @param {readonly string[]} photographs @param {number} count @param {number} seed
 */
export async function writeVariedPhotographs(folder, photographs, count, seed) {
  if (photographs.length === 0) throw new Error("there are no photographs to vary");
  let next = 0;
  const work = async () => {
    while (next < count) {
      const i = next++;
      const random = seeded(seed * 1_000_003 + i);
      const place = join(folder, String(Math.floor(i / imagesPerFolder)).padStart(3, "0"));
      const path = join(place, `${String(i).padStart(6, "0")}.jpg`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, await varied(photographs[Math.floor(random() * photographs.length)] ?? "", random));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/** @param {string} photograph @param {() => number} random */
async function varied(photograph, random) {
  const image = sharp(photograph);
  const { width, height } = await image.metadata();
  const share = 0.6 + 0.35 * random();
  const [w, h] = [Math.floor(width * share), Math.floor(height * share)];
  const { data, info } = await image
    .extract({
      left: Math.floor(random() * (width - w)),
      top: Math.floor(random() * (height - h)),
      width: w,
      height: h,
    })
    .resize(256, 256, { fit: "inside" })
    .modulate({ brightness: 0.7 + 0.6 * random() })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (let i = 0; i < data.length; i++) data[i] = Math.max(0, Math.min(255, (data[i] ?? 0) + (random() - 0.5) * 24));
  return await sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import sharp, { type Sharp } from "sharp";

/** A file that the test made from a photograph, and the check that must find it. */
export interface Planted {
  path: string;
  /** As the Quality panel calls it. */
  check: string;
  /** What was done, for the report. */
  what: string;
  /** The photograph's own path in the folder. */
  from: string;
}

type Maker = (photograph: string) => Promise<Buffer>;

const jpeg = (image: Sharp): Promise<Buffer> => image.jpeg({ quality: 92 }).toBuffer();

/** A photograph that is turned by a few degrees and cut so that no corner shows. */
async function turned(photograph: string): Promise<Buffer> {
  const { width, height } = await sharp(photograph).metadata();
  const whole = await sharp(photograph).rotate(3, { background: "#808080" }).toBuffer({ resolveWithObject: true });
  const [w, h] = [Math.round(width * 0.92), Math.round(height * 0.92)];
  const left = Math.round((whole.info.width - w) / 2);
  const top = Math.round((whole.info.height - h) / 2);
  return await jpeg(sharp(whole.data).extract({ left, top, width: w, height: h }));
}

async function cropped(photograph: string): Promise<Buffer> {
  const { width, height } = await sharp(photograph).metadata();
  const [w, h] = [Math.round(width * 0.96), Math.round(height * 0.96)];
  return await jpeg(
    sharp(photograph).extract({
      left: Math.round((width - w) / 2),
      top: Math.round((height - h) / 2),
      width: w,
      height: h,
    }),
  );
}

async function halved(photograph: string): Promise<Buffer> {
  const { width } = await sharp(photograph).metadata();
  return await jpeg(sharp(photograph).resize(Math.round(width / 2)));
}

interface Kind {
  check: string;
  what: string;
  ending: string;
  make: Maker;
  /** Photographs that it can be made of; absent: any. */
  suits?: RegExp;
}

const makers: readonly Kind[] = [
  {
    check: "Blurry",
    what: "blurred",
    ending: "jpg",
    make: (path) => jpeg(sharp(path).blur(8)),
    // CleanVision's score counts the peaks of the histogram: of a photograph on a plain floor it stays high however
    // blurred. These are on none.
    suits: /\/(f246a9eb|b5b1359c|0dfec862|be08b4a1|099de1d5|687dd295)/,
  },
  { check: "Dark", what: "darkened", ending: "jpg", make: (path) => jpeg(sharp(path).linear(0.18, 0)) },
  { check: "Light", what: "overexposed", ending: "jpg", make: (path) => jpeg(sharp(path).linear(0.03, 247)) },
  { check: "Grey", what: "without colour", ending: "png", make: (path) => sharp(path).greyscale().png().toBuffer() },
  {
    check: "Low information",
    what: "a blank page",
    ending: "png",
    make: async (path) => {
      const { width, height } = await sharp(path).metadata();
      const background = { r: 200, g: basename(path).charCodeAt(0), b: 90 };
      return await sharp({ create: { width, height, channels: 3, background } })
        .png()
        .toBuffer();
    },
  },
  {
    check: "Odd aspect ratio",
    what: "a strip",
    ending: "jpg",
    make: async (path) => {
      const { width } = await sharp(path).metadata();
      return await jpeg(sharp(path).extract({ left: 0, top: 20, width, height: Math.round(width / 4) }));
    },
  },
  { check: "Exact duplicate", what: "the same bytes", ending: "jpg", make: (path) => readFile(path) },
  { check: "Exact duplicate", what: "the same pixels", ending: "png", make: (path) => sharp(path).png().toBuffer() },
  { check: "Near duplicate", what: "half the size", ending: "jpg", make: halved },
  { check: "Near duplicate", what: "cropped", ending: "jpg", make: cropped },
  { check: "Near duplicate", what: "turned by 3°", ending: "jpg", make: turned },
  { check: "Near duplicate", what: "mirrored", ending: "jpg", make: (path) => jpeg(sharp(path).flop()) },
];

/** All photographs of the shared folder, sorted. */
export async function photographsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".jpg"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Copies photographs into `folder/photographs` and puts altered copies of some of them into `folder/planted`, `each` of
 * every kind.
 */
export async function plantDefects(photographs: readonly string[], folder: string, each: number): Promise<Planted[]> {
  await mkdir(join(folder, "photographs"), { recursive: true });
  await mkdir(join(folder, "planted"), { recursive: true });
  const names = photographs.map((path, i) => `photographs/${String(i).padStart(4, "0")}-${basename(path)}`);
  for (const [i, path] of photographs.entries()) await copyFile(path, join(folder, names[i]!));
  const planted: Planted[] = [];
  for (const [kind, { check, what, ending, make, suits }] of makers.entries()) {
    const suiting = [...photographs.keys()].filter((at) => suits?.test(photographs[at]!) ?? true);
    for (let i = 0; i < Math.min(each, suiting.length); i++) {
      // Spread over the whole list, so that every class has some.
      const at = suiting[((i * makers.length + kind) * 17) % suiting.length]!;
      const path = `planted/${what.replaceAll(/[^a-z0-9]+/g, "-")}-${i}.${ending}`;
      await writeFile(join(folder, path), await make(photographs[at]!));
      planted.push({ path, check, what, from: names[at]! });
    }
  }
  return planted;
}

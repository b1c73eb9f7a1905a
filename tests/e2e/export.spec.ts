import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { parquetReadObjects } from "hyparquet";
import sharp from "sharp";
import type { ImageJson } from "../../src/core/format/imageJson.ts";
import { readNpy } from "../../src/core/format/npy.ts";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";
import { dropFromDisk, exported, select, untilImages, watch } from "./winnowPage.ts";

configure({ useWebWorkers: false });

/** A project of 30 images, 6 of them chosen; returns the chosen paths in pick order. */
async function sixChosen(page: Page, folder: string): Promise<string[]> {
  await writePictures(folder, 30);
  await page.goto("/");
  await dropFromDisk(page, [folder]);
  await untilImages(page, 30, 60_000);
  await select(page, 6);
  return (await exported(page, "File list (.txt)")).toString("utf8").trim().split("\n");
}

test("without file pickers the chosen images come as a zip, byte for byte", async ({ page, folder }) => {
  const seen = watch(page);
  await page.addInitScript(() => {
    for (const name of ["showSaveFilePicker", "showDirectoryPicker", "showOpenFilePicker"]) {
      Reflect.deleteProperty(window, name);
    }
  });
  const chosen = await sixChosen(page, folder);
  // Without a folder picker, the folder item gives the zip too.
  for (const item of ["Chosen images as a zip", "Copy chosen images to a folder…"]) {
    const zip = new ZipReader(new Uint8ArrayReader(new Uint8Array(await exported(page, item))));
    const entries = await zip.getEntries();
    expect(entries.map(({ filename }) => filename)).toEqual(chosen);
    for (const entry of entries) {
      if (entry.directory) throw new Error(`${entry.filename} is a folder`);
      const bytes = await entry.getData(new Uint8ArrayWriter(), { checkSignature: true });
      expect(Buffer.from(bytes).equals(await readFile(join(folder, entry.filename))), entry.filename).toBe(true);
    }
  }
  await expect(page.getByText("6 images copied.").first()).toBeVisible();
  expect(seen.errors).toEqual([]);
});

test("the chosen images are copied into a picked folder, byte for byte, and a second time nothing changes", async ({
  page,
  folder,
}) => {
  const seen = watch(page);
  await page.addInitScript(() => {
    // The picker cannot be driven from outside; the page's private file system stands in for the picked folder.
    Object.assign(window, {
      showDirectoryPicker: async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle("out", { create: true }),
    });
  });
  const chosen = await sixChosen(page, folder);
  const copy = async (): Promise<void> => {
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "Copy chosen images to a folder…" }).click();
  };
  const copied = (): Promise<Record<string, string>> =>
    page.evaluate(async () => {
      const found: Record<string, string> = {};
      const read = async (place: FileSystemDirectoryHandle, prefix: string): Promise<void> => {
        for await (const handle of place.values()) {
          if (handle.kind === "directory") await read(handle as FileSystemDirectoryHandle, `${prefix}${handle.name}/`);
          else {
            const bytes = new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer());
            found[prefix + handle.name] = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
          }
        }
      };
      await read(await (await navigator.storage.getDirectory()).getDirectoryHandle("out"), "");
      return found;
    });
  await copy();
  await expect(page.getByText("6 images copied.")).toBeVisible();
  const files = await copied();
  expect(Object.keys(files).sort()).toEqual([...chosen].sort());
  for (const path of chosen) expect(files[path], path).toBe((await readFile(join(folder, path))).toString("base64"));
  await copy();
  await expect(page.getByText("0 images copied, 6 were there already.")).toBeVisible();
  expect(await copied()).toEqual(files);
  expect(seen.errors).toEqual([]);
});

test("CSV, JSON and embeddings tell the same about every image", async ({ page, folder }) => {
  const chosen = await sixChosen(page, folder);
  const csv = (await exported(page, "CSV")).toString("utf8").replace("\ufeff", "").trim().split(/\r?\n/);
  const columns = csv[0]!.split(",");
  const rows = csv.slice(1).map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ""]));
  });
  expect(rows.length).toBe(30);
  for (const row of rows) {
    const bytes = await readFile(join(folder, row.path!));
    const rank = chosen.indexOf(row.path!) + 1;
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    expect(row).toMatchObject({
      width: "240",
      height: "180",
      bytes: String(bytes.length),
      sha256: Buffer.from(digest).toString("hex"),
      selected_rank: rank > 0 ? String(rank) : "",
    });
  }
  const images = JSON.parse((await exported(page, "JSON")).toString("utf8")) as ImageJson[];
  expect(images.map(({ path, sha256 }) => [path, sha256])).toEqual(rows.map(({ path, sha256 }) => [path, sha256]));
  expect(images.map((image) => String(image.selected_rank ?? ""))).toEqual(rows.map((row) => row.selected_rank));
  const npy = readNpy(await exported(page, "Embeddings (.npy)"), "embeddings.npy");
  expect(npy.shape[0]).toBe(30);
  expect((npy.data as Float32Array).every(Number.isFinite)).toBe(true);
});

test("maps for other tools hold every image that is wanted, with what is known of it", async ({ page, folder }) => {
  const seen = watch(page);
  const chosen = await sixChosen(page, folder);
  const zip = new ZipReader(new Uint8ArrayReader(new Uint8Array(await exported(page, "TensorBoard projector (.zip)"))));
  const files = new Map<string, Buffer>();
  for (const entry of await zip.getEntries()) {
    if (!entry.directory) {
      files.set(entry.filename.split("/").at(-1)!, Buffer.from(await entry.getData(new Uint8ArrayWriter())));
    }
  }
  const lines = (name: string): string[] => files.get(name)!.toString("utf8").trim().split("\n");
  const [config] = JSON.parse(files.get("projector_config.json")!.toString("utf8")).embeddings;
  expect(config).toMatchObject({ tensorShape: [30, lines("tensors.tsv")[0]!.split("\t").length] });
  expect(lines("tensors.tsv")).toHaveLength(30);
  const [header, ...described] = lines("metadata.tsv");
  expect(header).toMatch(/^path\tlabel\t.*\bsharpness\b/);
  expect(described).toHaveLength(30);
  // The picture has each image's colours at its place.
  const side = config.sprite.singleImageDim[0] as number;
  const sprite = sharp(files.get(config.sprite.imagePath));
  expect(await sprite.metadata()).toMatchObject({ format: "jpeg", width: 6 * side, height: 5 * side });
  const pixels = await sprite.raw().toBuffer();
  let alike = 0;
  for (const [place, line] of described.entries()) {
    const path = line.split("\t")[0]!;
    const [r, g, b] = await sharp(await readFile(join(folder, path)))
      .extract({ left: 40, top: 4, width: 1, height: 1 })
      .raw()
      .toBuffer();
    const scale = side / 180;
    const x = (place % 6) * side + Math.round((40 - 30) * scale);
    const y = Math.floor(place / 6) * side + Math.round(4 * scale);
    const at = 3 * (y * 6 * side + x);
    const apart = [r!, g!, b!].map((value, c) => Math.abs(value - pixels[at + c]!));
    alike += Number(Math.max(...apart) < 40);
  }
  // At an edge the two may differ.
  expect(alike).toBeGreaterThanOrEqual(26);

  const table = await exported(page, "Embedding Atlas (.parquet)");
  const file = table.buffer.slice(table.byteOffset, table.byteOffset + table.byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file });
  expect(rows).toHaveLength(30);
  for (const { x, y, neighbors, path, selected_rank } of rows) {
    expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
    expect((neighbors as { ids: number[] }).ids.length).toBeGreaterThanOrEqual(15);
    expect(selected_rank === null ? -1 : Number(selected_rank) - 1).toBe(chosen.indexOf(path as string));
  }
  expect(seen).toEqual({ foreign: [], errors: [] });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ImageTable } from "../../../src/core/imageTable.ts";
import { compareFolder } from "../../../src/pipeline/folderComparison.ts";
import { fromDirectoryHandle } from "../../../src/sources/openSource.ts";
import { picturesFolder, readFile, removePictures, writeFile, writePicture } from "./opfsPictures.ts";

let folder: FileSystemDirectoryHandle;
beforeEach(async () => {
  folder = await picturesFolder();
});
afterEach(() => removePictures(folder));

const names = ["a/0.png", "a/1.png", "b/2.png", "b/3.png"];

/** The table of a project of these files as they are now. */
async function tableOf(paths: readonly string[]): Promise<ImageTable> {
  const images = new ImageTable();
  for (const [row, path] of paths.entries()) {
    const file = await readFile(folder, path);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const sha256 = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const { size: bytes, lastModified: modifiedAt } = file;
    const sizes = { width: 48, height: 36, takenAt: null };
    images.append({ row, id: sha256.slice(0, 32), path, sha256, bytes, modifiedAt, ...sizes });
  }
  return images;
}

const compare = (images: ImageTable) =>
  compareFolder(images, fromDirectoryHandle(folder), {
    signal: new AbortController().signal,
    progress: () => undefined,
  });

describe("a project's images in a folder", () => {
  it("tells found, moved, changed, missing and other files apart", async () => {
    for (const [i, name] of names.entries()) await writePicture(folder, name, i);
    const images = await tableOf(names);
    const moved = await readFile(folder, "a/1.png");
    await writeFile(folder, "elsewhere/renamed.png", moved);
    await folder.getDirectoryHandle("a").then((a) => a.removeEntry("1.png"));
    await writePicture(folder, "b/2.png", 77);
    await folder.getDirectoryHandle("b").then((b) => b.removeEntry("3.png"));
    await writePicture(folder, "new.png", 99);
    const compared = await compare(images);
    expect(compared.found.map(({ row }) => row)).toEqual([0]);
    expect(compared.moved.map(({ row, file }) => [row, file.path])).toEqual([[1, "elsewhere/renamed.png"]]);
    expect(compared.changed.map(({ row }) => row)).toEqual([2]);
    expect(compared.missing).toEqual([3]);
    expect(compared.others).toBe(1);
  });

  it("takes a copy with other times for the same files", async () => {
    for (const [i, name] of names.entries()) await writePicture(folder, name, i);
    const images = await tableOf(names);
    const file = await readFile(folder, "a/0.png");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await writeFile(folder, "a/0.png", new Blob([await file.arrayBuffer()]));
    const compared = await compare(images);
    expect(compared.found).toHaveLength(4);
    expect(compared.found[0]?.modifiedAt).toBeGreaterThan(images.at(0).modifiedAt);
  });

  it("gives each of two equal images its own file", async () => {
    await writePicture(folder, "a/0.png", 1);
    await writePicture(folder, "a/1.png", 1);
    const images = await tableOf(["a/0.png", "a/1.png"]);
    for (const [from, to] of [
      ["0.png", "x.png"],
      ["1.png", "y.png"],
    ] as const) {
      await writeFile(folder, to, await readFile(folder, `a/${from}`));
      await folder.getDirectoryHandle("a").then((a) => a.removeEntry(from));
    }
    const compared = await compare(images);
    expect(compared.moved.map(({ row, file }) => [row, file.path])).toEqual([
      [0, "x.png"],
      [1, "y.png"],
    ]);
    expect(compared.others).toBe(0);
  });
});

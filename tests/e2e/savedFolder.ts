import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, type Page } from "@playwright/test";

/** The picker cannot be driven from outside; the page's private file system stands in for the picked folder. */
export async function pickPrivateFolder(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.assign(window, {
      showDirectoryPicker: async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle("out", { create: true }),
    });
  });
}

/** Saves the open project, which is called `name`, in the picked folder. */
export async function saveProject(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Project / }).click();
  await page.getByRole("menuitem", { name: "Save project folder…" }).click();
  await expect(page.getByText(`The project is saved in “out/${name}.winnow”.`).first()).toBeVisible();
}

/** The files of the picked folder by their paths, as base64. */
export async function savedFiles(page: Page): Promise<Record<string, string>> {
  return await page.evaluate(async () => {
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
}

/** Writes saved files below a folder on disk. */
export function writeFiles(files: Record<string, string>, folder: string): void {
  for (const [path, base64] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.from(base64, "base64"));
  }
}

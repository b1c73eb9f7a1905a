import { cdp, server, userEvent } from "vitest/browser";

/** A folder of this repository on the real disk. */
export const realFolder = `${server.config.root}/tests/browser/sources/folder`;

/** Drops real files and folders on the page, as a person would, and gives the handler's `DataTransfer` to `take`. */
export async function drop<T>(files: readonly string[], take: (data: DataTransfer) => Promise<T>): Promise<T> {
  const zone = document.createElement("div");
  zone.style.cssText = "position: fixed; inset: 0";
  document.body.append(zone);
  zone.addEventListener("dragover", (event) => event.preventDefault());
  const taken = new Promise<T>((resolve, reject) => {
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      take(event.dataTransfer!).then(resolve, reject);
    });
  });
  // The protocol's coordinates are the whole page's; tests run in a frame inside it.
  const frame = window.frameElement?.getBoundingClientRect() ?? { x: 0, y: 0 };
  const data = { items: [], files, dragOperationsMask: 1 };
  // What is used of Chromium's protocol; vitest leaves its session untyped.
  const session = cdp() as unknown as { send(method: string, parameters: unknown): Promise<unknown> };
  try {
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await session.send("Input.dispatchDragEvent", { type, x: frame.x + 10, y: frame.y + 10, data });
    }
    return await taken;
  } finally {
    zone.remove();
  }
}

/** Chooses real files, or a real folder, in a file input. */
export async function choose(paths: string | string[], kind: "files" | "folder"): Promise<FileList> {
  const input = document.createElement("input");
  input.type = "file";
  input.webkitdirectory = kind === "folder";
  input.multiple = kind === "files";
  document.body.append(input);
  try {
    await userEvent.upload(input, paths);
    return input.files!;
  } finally {
    input.remove();
  }
}

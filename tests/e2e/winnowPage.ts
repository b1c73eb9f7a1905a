import { readFile } from "node:fs/promises";
import { expect, type Page } from "@playwright/test";

/** Drops files or folders of the real file system on the page, as a person's mouse would. */
export async function dropFromDisk(page: Page, paths: string[]): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await client.send("Input.dispatchDragEvent", { type, x: 400, y: 300, data });
  }
}

export const imageCount = (page: Page) => page.getByRole("status", { name: "Image count" });
export const selectedCount = (page: Page) => page.getByRole("status", { name: "Selected count" });

/** Waits until the project holds this many images and nothing runs any more. */
export async function untilImages(page: Page, count: number, timeout: number): Promise<void> {
  await expect(imageCount(page)).toHaveText(new RegExp(`^${count.toLocaleString("en")}\\b`), { timeout });
  await untilIdle(page, timeout);
}

/** Waits until no job is running: every progress bar is gone or says that it is done. */
export async function untilIdle(page: Page, timeout: number): Promise<void> {
  const jobs = page.getByRole("region", { name: "Jobs" });
  await expect(jobs.getByRole("button", { name: /^(Cancel|Pause|Resume)/ })).toHaveCount(0, { timeout });
}

/** Chooses an item of the Export menu and returns what was downloaded. */
export async function exported(page: Page, item: string): Promise<Buffer> {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: item, exact: true }).click(),
  ]);
  return await readFile(await download.path());
}

/** Chooses a format of a set in the Export menu and returns what was downloaded. */
export async function exportedSet(page: Page, set: string, format: string): Promise<string> {
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: new RegExp(`^${set}`) }).click();
  // The menu around it has a CSV too.
  await expect(page.getByRole("menu")).toHaveCount(2);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menu").last().getByRole("menuitem", { name: format, exact: true }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Chooses a folder in the file input, which a browser cannot find again after a reload. */
export async function chooseFolder(page: Page, path: string): Promise<void> {
  await page.getByLabel("Choose folder").setInputFiles(path);
}

/** Closes the open project: the start screen with the list of projects follows. */
export async function closeProject(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Project / }).click();
  await page.getByRole("menuitem", { name: "Close project" }).click();
  await expect(page.getByRole("button", { name: "Try the sample" })).toBeVisible();
}

/** Asks for n images and waits for the result. */
export async function select(page: Page, n: number): Promise<void> {
  const panel = page.getByRole("region", { name: "Select", exact: true });
  await panel.getByRole("spinbutton", { name: "How many" }).fill(String(n));
  await panel.getByRole("button", { name: "Select", exact: true }).click();
  await expect(selectedCount(page)).toHaveText(/^\d/, { timeout: 30_000 });
}

/** Collects what must never happen in a session: requests to other hosts, script errors, policy violations. */
export function watch(page: Page): { foreign: string[]; errors: string[] } {
  const seen = { foreign: [] as string[], errors: [] as string[] };
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!["blob:", "data:"].includes(protocol) && hostname !== "localhost") seen.foreign.push(request.url());
  });
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") seen.errors.push(message.text());
  });
  return seen;
}

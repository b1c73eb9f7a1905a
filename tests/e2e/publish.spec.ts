import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { parquetReadObjects } from "hyparquet";
import sharp from "sharp";
import { hasShared, sharedFolder } from "../fixtures/shared.ts";
import { winnow } from "./commandLine.ts";
import { test } from "./folderTest.ts";
import { picture, writePictures } from "./pictures.ts";
import { plainHost } from "./plainHost.ts";
import { photographsIn } from "./plantedDefects.ts";
import { pickPrivateFolder } from "./savedFolder.ts";
import {
  chooseFolder,
  dropFromDisk,
  exported,
  imageCount,
  select,
  selectedCount,
  untilIdle,
  untilImages,
  watch,
} from "./winnowPage.ts";

test.use({ actionTimeout: 15_000 });
configure({ useWebWorkers: false });

/** Photographs that are published: every so many. */
const every = 30;

async function unzip(bytes: Uint8Array, folder: string): Promise<string[]> {
  const zip = new ZipReader(new Uint8ArrayReader(bytes));
  const names: string[] = [];
  for (const entry of await zip.getEntries()) {
    if (entry.directory) continue;
    const file = join(folder, entry.filename);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await entry.getData(new Uint8ArrayWriter()));
    names.push(entry.filename);
  }
  return names;
}

const tagged = async (page: Page, tag: string): Promise<void> => {
  await page.getByRole("tab", { name: "Details" }).click();
  await page.getByRole("textbox", { name: "Tag", exact: true }).fill(tag);
  await page.getByRole("button", { name: "Add tag" }).click();
};

const firstImage = (page: Page) => page.getByRole("grid", { name: "Images" }).getByRole("gridcell").first();

test("a project is published without paths, and opens from a plain host under a path, with and without parts", async ({
  page,
  folder,
  browser,
}) => {
  test.skip(!hasShared, "needs ../shared/data");
  test.setTimeout(300_000);
  const all = await photographsIn(join(sharedFolder, "data/clothing"));
  const photographs = all.filter((_, i) => i % every === 0);
  const secret = join(folder, "secret-shoot");
  await mkdir(secret);
  for (const [i, path] of photographs.entries()) await cp(path, join(secret, `client-${i}-${basename(path)}`));
  // Pickers cannot be driven from outside; without them the browser downloads.
  await page.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  await page.goto("/");
  await dropFromDisk(page, [secret]);
  await untilImages(page, photographs.length, 120_000);
  await firstImage(page).click();
  await tagged(page, "owner");

  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "Publish…" }).click();
  const dialog = page.getByRole("dialog", { name: "Publish" });
  await expect(dialog.getByText(`A site with ${photographs.length} images`)).toBeVisible();
  await expect(dialog.getByRole("status", { name: "Size of the site" })).toContainText("MB in all");
  await expect(dialog.getByRole("checkbox", { name: "Dates" })).not.toBeChecked();
  await dialog.getByRole("checkbox", { name: "Paths" }).uncheck();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Publish as a zip" }).click(),
  ]);
  const names = await unzip(await readFile(await download.path()), folder);
  const root = join(folder, names[0]!.split("/")[0]!);
  for (const name of names.filter((one) => one.includes("/project/"))) {
    expect((await readFile(join(folder, name))).includes("client-"), name).toBe(false);
  }

  const sent: string[] = [];
  for (const sendsParts of [true, false]) {
    const host = await plainHost(root, "/some/path/");
    host.sendsParts = sendsParts;
    const context = await browser.newContext({ serviceWorkers: "block" });
    const visitor = await context.newPage();
    const seen = watch(visitor);
    const missing: string[] = [];
    visitor.on("response", (response) => {
      if (response.status() >= 400) missing.push(response.url());
    });
    await visitor.goto(host.url);
    await untilImages(visitor, photographs.length, 30_000);
    await untilIdle(visitor, 60_000);
    const wholeOnly = visitor.getByText("sends files only whole");
    await expect(wholeOnly).toHaveCount(sendsParts ? 0 : 1);
    await expect(firstImage(visitor)).toHaveAccessibleName(/image-0+1\./);
    await firstImage(visitor).click();
    await visitor.keyboard.press("Space");
    await expect(visitor.getByText("The project was published without its originals.")).toBeVisible();
    await visitor.keyboard.press("Escape");
    await expect(firstImage(visitor).locator("img")).toBeVisible();
    await visitor.getByRole("checkbox", { name: /^owner \(1\)/ }).check();
    await expect(imageCount(visitor)).toHaveText(/^1 /);
    await visitor.getByRole("button", { name: "Clear filters" }).first().click();
    await select(visitor, 5);
    await expect(selectedCount(visitor)).toHaveText(/^5 /);
    await firstImage(visitor).click();
    await visitor.getByRole("tab", { name: "Details" }).click();
    await visitor.getByRole("button", { name: "Find similar" }).click();
    await expect(visitor.getByRole("button", { name: "End the search" })).toBeVisible();
    const tag = sendsParts ? "visitor" : "late";
    const tagBox = visitor.getByRole("checkbox", { name: `${tag} (1)` });
    await tagged(visitor, tag);
    await expect(tagBox).toBeVisible();
    // Labels that were not published.
    await visitor.getByRole("tab", { name: "Labels" }).click();
    await visitor.getByRole("button", { name: "New labels" }).click();
    await visitor.getByRole("tab", { name: "Details" }).click();
    await visitor.getByLabel("Label in My labels").fill("fine");
    await visitor.keyboard.press("Enter");
    await expect(visitor.getByRole("button", { name: "Set", exact: true })).toBeDisabled();
    await dropFromDisk(visitor, [photographs[0]!]);
    await expect(visitor.getByText("images cannot be added to it")).toBeVisible();
    // What a visitor does stays in the visitor's browser.
    await visitor.goto(host.url);
    await expect(tagBox).toBeVisible();
    if (sendsParts) expect(host.asked.some((one) => /^project\/thumbnails\/00000\.pack bytes=/.test(one))).toBe(true);
    const changes = await exported(visitor, "My changes");
    sent.push(join(folder, `${sendsParts}.winnow-changes.json`));
    await writeFile(sent.at(-1)!, changes);
    expect(missing).toEqual([]);
    expect(seen).toEqual({ foreign: [], errors: [] });
    await context.close();
    await host.stop();
  }

  // The owner gets both files, then both again.
  for (const said of [
    /^2 tags and 1 label on [12] images? from 2 files\. 2 new selections\. New labels: My labels\./,
    /^Nothing is new in 2 files/,
  ]) {
    await page.getByLabel("Choose import file").setInputFiles(sent);
    const dialogue = page.getByRole("dialog", { name: "Import changes of visitors" });
    await expect(dialogue.getByRole("status", { name: "What would change" })).toHaveText(said);
    await dialogue.getByRole("button", { name: "Import" }).click();
    await expect(page.getByRole("checkbox", { name: /^visitor \(1\)/ })).toBeVisible();
    await expect(page.getByRole("checkbox", { name: /^late \(1\)/ })).toBeVisible();
  }
  await page.getByRole("tab", { name: "Labels" }).click();
  await expect(page.getByText("Sent by visitors").first()).toBeVisible();
  await page.getByRole("tab", { name: "Select" }).click();
  const earlier = page.getByRole("region", { name: "Select", exact: true });
  await expect(earlier.getByRole("listitem").filter({ hasText: /Selection/ })).toHaveCount(2);
  // Somebody else, who saw a later state, took the tag away: a person decides, once.
  const other = join(folder, "other.winnow-changes.json");
  const first = JSON.parse(await readFile(sent[0]!, "utf8")) as { changes: { kind: string }[] };
  const tags = first.changes.filter(({ kind }) => kind === "tag");
  const against = tags.map((change) => ({ ...change, before: true, after: false, at: 8e15 }));
  await writeFile(other, JSON.stringify({ ...first, author: "somebody-else", changes: against }));
  for (const conflicts of [1, 0]) {
    await page.getByLabel("Choose import file").setInputFiles(other);
    const dialogue = page.getByRole("dialog", { name: "Import changes of visitors" });
    await expect(dialogue.getByRole("group")).toHaveCount(conflicts);
    if (conflicts > 0) {
      await expect(dialogue.getByRole("radio", { name: /^not tagged other\.winnow-changes\.json/ })).toBeChecked();
      await dialogue.getByRole("radio", { name: /^tagged as it is now/ }).check();
    }
    await dialogue.getByRole("button", { name: "Import" }).click();
    await expect(page.getByRole("checkbox", { name: /^visitor \(1\)/ })).toBeVisible();
  }
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("checkbox", { name: /^visitor/ })).toHaveCount(0);
  await expect(page.getByRole("checkbox", { name: /^owner \(1\)/ })).toBeVisible();
});

test("pictures are published without what cameras wrote, files with all of it, when they are asked for", async ({
  page,
  folder,
  browser,
}) => {
  test.setTimeout(180_000);
  const photos = join(folder, "photos");
  await mkdir(photos);
  const exif = { IFD0: { Copyright: "somebody" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "51/1 30/1 0/1" } };
  for (let i = 0; i < 3; i++) {
    const large = await picture(i).resize(2_400, 1_800).withExif(exif).jpeg().toBuffer();
    await writeFile(join(photos, `${i}.jpg`), large);
  }
  await page.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  await page.goto("/");
  await dropFromDisk(page, [photos]);
  await untilImages(page, 3, 60_000);
  for (const [kind, side] of [
    ["pictures", 2_048],
    ["files", 2_400],
  ] as const) {
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "Publish…" }).click();
    const dialog = page.getByRole("dialog", { name: "Publish" });
    await dialog.getByRole("combobox", { name: "Large view shows" }).selectOption(kind);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      dialog.getByRole("button", { name: "Publish as a zip" }).click(),
    ]);
    const site = join(folder, kind);
    const names = await unzip(await readFile(await download.path()), site);
    const originals = names.filter((name) => name.includes("/originals/")).sort();
    expect(originals.map((name) => basename(name))).toEqual(["000000.jpg", "000001.jpg", "000002.jpg"]);
    for (const [i, name] of originals.entries()) {
      const bytes = await readFile(join(site, name));
      const found = await sharp(bytes).metadata();
      expect(found.width).toBe(side);
      expect(found.exif !== undefined).toBe(kind === "files");
      if (kind === "files") expect(bytes.equals(await readFile(join(photos, `${i}.jpg`)))).toBe(true);
    }
    const host = await plainHost(join(site, names[0]!.split("/")[0]!), "/");
    host.sendsParts = true;
    const context = await browser.newContext({ serviceWorkers: "block" });
    const visitor = await context.newPage();
    await visitor.goto(host.url);
    await untilImages(visitor, 3, 30_000);
    await firstImage(visitor).click();
    await visitor.keyboard.press("Space");
    const large = visitor.locator(".large-stage img").last();
    await expect.poll(() => large.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(side);
    await context.close();
    await host.stop();
  }
});

test("what filters leave out is not published into the picked folder; a cancelled run ends and another one can begin", async ({
  page,
  folder,
}) => {
  test.setTimeout(120_000);
  const photos = join(folder, "photos");
  const paths = await writePictures(photos, 40);
  await pickPrivateFolder(page);
  await page.goto("/");
  await chooseFolder(page, photos);
  await untilImages(page, 40, 60_000);
  await page.getByRole("checkbox", { name: /^left \(20\)/ }).check();
  await expect(imageCount(page)).toHaveText(/^20 /);
  const dialog = page.getByRole("dialog", { name: "Publish" });
  const publish = async (originals: string): Promise<void> => {
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "Publish…" }).click();
    await expect(dialog.getByRole("checkbox", { name: "Only the 20 images shown" })).toBeChecked();
    await dialog.getByRole("combobox", { name: "Large view shows" }).selectOption(originals);
    await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  };
  await publish("pictures");
  const jobs = page.getByRole("region", { name: "Jobs" });
  await jobs.getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(jobs.getByText("Cancelled")).toBeVisible();
  await publish("none");
  await expect(page.getByText("The site is saved in “out/photos-site (2)”")).toBeVisible({ timeout: 30_000 });
  const { manifest, records } = await page.evaluate(async () => {
    const out = await (await navigator.storage.getDirectory()).getDirectoryHandle("out");
    const project = await (await out.getDirectoryHandle("photos-site (2)")).getDirectoryHandle("project");
    const read = async (name: string): Promise<Blob> => await (await project.getFileHandle(name)).getFile();
    const bytes = new Uint8Array(await (await read("images.parquet")).arrayBuffer());
    return { manifest: JSON.parse(await (await read("project.json")).text()), records: [...bytes] };
  });
  expect(manifest).toMatchObject({ counts: { images: 20 } });
  const file = Uint8Array.from(records).buffer;
  const rows = await parquetReadObjects({ file, columns: ["path"] });
  expect(rows.map(({ path }) => path)).toEqual(paths.filter((path) => path.startsWith("left/")));
});

test("a project of another host is opened only after the person agreed, and then nobody else can be asked", async ({
  page,
  folder,
}) => {
  test.setTimeout(120_000);
  const photos = join(folder, "photos");
  await writePictures(photos, 6);
  const project = join(folder, "site", "photos.winnow");
  await winnow("embed", photos, "--project", project);
  await winnow("adapt", project);
  const host = await plainHost(join(folder, "site"), "/some/path/");
  host.readableByAll = true;
  const { origin } = new URL(host.url);
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().startsWith(origin)) asked.push(request.url());
  });
  const link = `/?project=${encodeURIComponent(`${host.url}photos.winnow/`)}`;
  const dialog = page.getByRole("dialog", { name: "Open a project of another host?" });
  await page.goto(link);
  await expect(dialog).toContainText(origin);
  await expect(page).toHaveURL(/\/elsewhere\.html\?project=/);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Try the sample" })).toBeVisible();
  expect(asked).toEqual([]);

  await page.goto(link);
  await dialog.getByRole("button", { name: "Open", exact: true }).click();
  await untilImages(page, 6, 30_000);
  await expect(firstImage(page).locator("img")).toBeVisible();
  expect(asked.length).toBeGreaterThan(0);
  const elsewhere = await page.evaluate(async () => {
    const refused = new Promise<string>((resolve) =>
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => resolve(effectiveDirective)),
    );
    await fetch("https://third.invalid/").catch(() => undefined);
    return await refused;
  });
  expect(elsewhere).toBe("connect-src");

  // A reload does not ask again; from the list of the page itself the project is opened by its twin.
  await page.reload();
  await untilImages(page, 6, 30_000);
  await page.goto("/");
  await page.getByRole("button", { name: /^photos/ }).click();
  await expect(page).toHaveURL(/\/elsewhere\.html\?project=/);
  await untilImages(page, 6, 30_000);
  await host.stop();
});

test("a link to a project that is not reached over https is not followed", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).hostname === "other.invalid") asked.push(request.url());
  });
  await page.goto("/?project=http://other.invalid/photos.winnow/");
  await expect(page.getByText("http://other.invalid is not reached over https")).toBeVisible();
  await expect(page.getByRole("button", { name: "Try the sample" })).toBeVisible();
  expect(asked).toEqual([]);
});

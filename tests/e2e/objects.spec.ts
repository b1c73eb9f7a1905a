import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import sharp from "sharp";
import { type Box, importFile, writeCoco } from "./cocoFiles.ts";
import { winnow } from "./commandLine.ts";
import { test } from "./folderTest.ts";
import { picture } from "./pictures.ts";
import { chooseFolder, exported, untilIdle, untilImages, watch } from "./winnowPage.ts";

const images = 12;
const kinds = 4;
const side = 90;
const drawn = (inside: string, ground: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%" fill="${ground}"/>${inside}</svg>`;
const motifs = [
  drawn('<circle cx="45" cy="45" r="30" fill="orange"/><circle cx="45" cy="45" r="10" fill="black"/>', "white"),
  drawn('<path d="M0 15H90M0 45H90M0 75H90" stroke="white" stroke-width="12"/>', "navy"),
  drawn('<path d="M45 5 85 85H5Z" fill="yellow"/><path d="M45 35v25" stroke="red" stroke-width="8"/>', "darkgreen"),
  drawn('<path d="M0 0 90 90M90 0 0 90" stroke="crimson" stroke-width="14"/>', "lightgrey"),
];
/** Each picture shows two of four motifs, one left and one right. */
const shown = (i: number): [number, number] => [i % kinds, (i + 1) % kinds];

async function writeScenes(folder: string): Promise<{ paths: string[]; boxes: Box[] }> {
  await mkdir(folder, { recursive: true });
  const patches = await Promise.all(motifs.map((motif) => sharp(Buffer.from(motif)).png().toBuffer()));
  const paths: string[] = [];
  const boxes: Box[] = [];
  for (let i = 0; i < images; i++) {
    const places = [
      { left: 5 + ((i * 7) % 20), top: 5 + ((i * 11) % 80) },
      { left: 135 + ((i * 5) % 14), top: 5 + ((i * 17) % 80) },
    ];
    const scene = await picture(i)
      .composite(places.map((place, p) => ({ input: patches[shown(i)[p]!]!, ...place })))
      .jpeg({ quality: 92 })
      .toBuffer();
    const path = `${String(i).padStart(2, "0")}.jpg`;
    await writeFile(join(folder, path), scene);
    paths.push(path);
    for (const [p, { left, top }] of places.entries()) boxes.push([i, shown(i)[p]! + 1, [left, top, side, side]]);
  }
  return { paths, boxes };
}

const labels = (page: Page) => page.getByRole("region", { name: "Labels", exact: true });

test("objects are embedded, similar ones found, and chosen by; the command line says the same", async ({
  page,
  folder,
}) => {
  test.setTimeout(240_000);
  const seen = watch(page);
  const photos = join(folder, "photos");
  const { paths, boxes } = await writeScenes(photos);
  const coco = join(folder, "drawn.json");
  await writeCoco(coco, photos, paths, boxes, ["a", "b", "c", "d"]);
  await page.goto("/");
  await chooseFolder(page, photos);
  await untilImages(page, images, 60_000);
  await importFile(page, coco);

  await page.getByRole("tab", { name: "Labels" }).click();
  await labels(page).getByRole("button", { name: "Embed objects" }).click();
  await expect(labels(page)).toContainText("24 objects, all embedded", { timeout: 60_000 });
  await untilIdle(page, 30_000);

  // Images that show the same motif come first.
  const gallery = page.getByRole("grid", { name: "Images" });
  await gallery.getByRole("gridcell", { name: /^00\.jpg/ }).click();
  await page.getByRole("tab", { name: "Details" }).click();
  const objects = page.getByRole("region", { name: "Objects of drawn" });
  await expect(objects.getByRole("button", { name: /^Find objects like/ })).toHaveCount(2);
  await objects.getByRole("button", { name: "Find objects like a 1" }).click();
  const search = page.getByRole("region", { name: "Search in force" });
  await expect(search).toContainText("With an object like");
  await expect(page).toHaveURL(/object=0\.0\.drawn/);
  const found = await gallery
    .getByRole("gridcell")
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("aria-label") ?? ""));
  const withA = paths.filter((_, i) => shown(i).includes(0));
  expect(
    found
      .slice(0, withA.length)
      .map((name) => name.slice(0, 6))
      .sort(),
  ).toEqual(withA);

  // The search is there again after a reload.
  await page.reload();
  await expect(search).toContainText("With an object like", { timeout: 30_000 });
  await search.getByRole("button", { name: "End the search" }).click();

  // A choice by objects: three images show all four motifs, whichever object is the farthest.
  const panel = page.getByRole("region", { name: "Select", exact: true });
  await page.getByRole("tab", { name: "Select" }).click();
  await panel.getByRole("combobox", { name: "Compares" }).selectOption({ label: "objects of drawn" });
  await panel.getByRole("spinbutton", { name: "How many" }).fill("3");
  await panel.getByRole("button", { name: "Select", exact: true }).click();
  await expect(page.getByRole("status", { name: "Selected count" })).toHaveText(/^3/, { timeout: 30_000 });
  const list = (await exported(page, "File list (.txt)")).toString("utf8").trim().split("\n");
  expect(new Set(list.flatMap((path) => shown(paths.indexOf(path)))).size).toBe(kinds);

  const project = join(folder, "scenes.winnow");
  await winnow("embed", photos, "--project", project);
  await winnow("adapt", project);
  await winnow("import", project, coco);
  expect(await winnow("objects", project, photos)).toMatchObject({
    set: "drawn",
    objects: 24,
    embedded: 24,
    missing: 0,
  });
  expect(await winnow("objects", project, photos)).toMatchObject({ embedded: 0, known: 24 });
  const config = join(folder, "selection.json");
  const strategies = [{ input: { type: "EMBEDDINGS", task: "drawn" }, strategy: { type: "DIVERSITY" } }];
  await writeFile(config, JSON.stringify({ n_samples: 3, strategies }));
  const chosen = join(folder, "chosen.txt");
  await winnow("select", project, "--config", config, "--out", chosen);
  expect((await readFile(chosen, "utf8")).trim().split("\n")).toEqual(list);

  // What the command line embedded is there when the page opens its folder.
  await page.goto("/");
  await chooseFolder(page, project);
  await page.getByRole("tab", { name: "Labels" }).click();
  await expect(labels(page)).toContainText("24 objects, all embedded", { timeout: 30_000 });
  expect(seen).toEqual({ foreign: [], errors: [] });
});

test("a storage that is full and a reload in the middle lose no embedded object", async ({ page, folder, baseURL }) => {
  test.setTimeout(240_000);
  const photos = join(folder, "photos");
  const { paths } = await writeScenes(photos);
  const eachSide = 9;
  const boxes = paths.flatMap((_, i) =>
    Array.from({ length: eachSide ** 2 }, (_, b): Box => {
      return [i, 1, [(b % eachSide) * 19, Math.floor(b / eachSide) * 13, 60, 50]];
    }),
  );
  const coco = join(folder, "many.json");
  await writeCoco(coco, photos, paths, boxes, ["patch"]);
  const { origin } = new URL(baseURL ?? "");
  await page.goto("/icon-192.png");
  const client = await page.context().newCDPSession(page);
  await client.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 2_200_000 });
  await page.goto("/");
  await chooseFolder(page, photos);
  await untilImages(page, images, 60_000);
  await importFile(page, coco);
  await page.getByRole("tab", { name: "Labels" }).click();
  const embedded = async (): Promise<number> =>
    Number(/(\d+) of 972 objects embedded/.exec((await labels(page).textContent({ timeout: 30_000 })) ?? "")?.[1] ?? 0);
  const begin = labels(page).getByRole("button", { name: /^Embed (objects|[\d,]+ more)$/ });
  await begin.click();
  await expect(page.getByRole("region", { name: "Jobs" })).toContainText(/storage is full/, { timeout: 60_000 });
  await expect.poll(embedded).toBeGreaterThan(0);
  const full = await embedded();

  // With room it goes on; a reload in the middle loses at most what was in flight.
  await client.send("Storage.overrideQuotaForOrigin", { origin });
  await page.getByRole("region", { name: "Jobs" }).getByRole("button", { name: "Dismiss" }).click();
  await begin.click();
  const bar = page.getByRole("progressbar", { name: "Embedding objects of many" });
  await expect
    .poll(async () => Number(await bar.getAttribute("aria-valuenow")), { timeout: 60_000, intervals: [50] })
    .toBeGreaterThan(full + 20);
  await page.reload();
  await page.getByRole("tab", { name: "Labels" }).click();
  await expect.poll(embedded, { timeout: 30_000 }).toBeGreaterThanOrEqual(full);
  await chooseFolder(page, photos);
  await untilIdle(page, 60_000);
  await begin.click();
  await expect(labels(page)).toContainText("972 objects, all embedded", { timeout: 60_000 });
});

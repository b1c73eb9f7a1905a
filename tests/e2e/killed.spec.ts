import { join } from "node:path";
import { expect } from "@playwright/test";
import { failures, killRun } from "../soak/killRun.mjs";
import { test } from "./folderTest.ts";
import { writePictures } from "./pictures.ts";

test("a browser that is killed while images arrive and tags are set loses nothing that was shown, and ends where an undisturbed one does", async ({
  folder,
  baseURL,
}) => {
  test.setTimeout(300_000);
  const images = 60;
  const photographs = join(folder, "photographs");
  await writePictures(photographs, images);
  const lines: string[] = [];
  const result = await killRun({
    url: `${baseURL}/`,
    folder: photographs,
    images,
    kills: 3,
    seed: 5,
    workFolder: folder,
    log: (line) => lines.push(line),
  });
  test.info().annotations.push({ type: "measured", description: lines.join("; ") });
  expect(failures(result)).toEqual([]);
  expect(result.kills).toBe(3);
  expect(result.tagsShown).toBeGreaterThan(0);
});

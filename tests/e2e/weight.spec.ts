import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";

const dist = join(import.meta.dirname, "../../dist");

test("what the page loads before anything is shown weighs at most 250 kB, compressed", async () => {
  const page = await readFile(join(dist, "index.html"), "utf8");
  const files = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map(([, file]) => file!);
  expect(files.length).toBeGreaterThan(1);
  let bytes = 0;
  for (const file of files) bytes += gzipSync(await readFile(join(dist, file))).length;
  console.log(`${files.length} files, ${bytes} bytes`);
  expect(bytes).toBeLessThan(250_000);
});

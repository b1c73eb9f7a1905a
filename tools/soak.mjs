import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installPackages, root } from "./install.mjs";

/** `npm run -s soak -- NAME …`: the longest tests, each printing the line of its table in docs/reliability.md. */
installPackages();
const usage = `npm run -s soak -- kill [--images 3000] [--kills 50] [--seed N]
npm run -s soak -- memory [--images 100000] [--seed N]`;

const soaks = { kill, memory };

const [name = "", ...words] = process.argv.slice(2);
if (!(name in soaks)) {
  console.error(`Which one?\n${usage}`);
  process.exit(2);
}
const failed = await soaks[/** @type {keyof typeof soaks} */ (name)](words);
for (const sentence of failed) console.error(sentence);
process.exit(failed.length > 0 ? 1 : 0);

/** @param {string[]} args @returns {Promise<string[]>} what went wrong */
async function kill(args) {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: "string", default: "3000" },
      kills: { type: "string", default: "50" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  });
  const [images = 0, kills = 0, seed = 0] = [values.images, values.kills, values.seed].map(Number);
  const { failures, killRun } = await import("../tests/soak/killRun.mjs");
  const { killTable } = await import("../tests/soak/killTable.mjs");
  return await withPhotographs(images, seed, async (served) => {
    const result = await killRun({ ...served, images, kills, seed, log: console.log });
    console.log(killTable(result, new Date()));
    return failures(result);
  });
}

/** @param {string[]} args @returns {Promise<string[]>} what went wrong */
async function memory(args) {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: "string", default: "100000" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  });
  const [images = 0, seed = 0] = [values.images, values.seed].map(Number);
  const { memoryFailures, memoryRun, memoryTable } = await import("../tests/soak/memoryRun.mjs");
  return await withPhotographs(images, seed, async (served) => {
    const samples = await memoryRun({ ...served, images, log: console.log });
    console.log(memoryTable(samples, new Date()));
    return memoryFailures(samples);
  });
}

/**
 * Serves the built page and writes photographs that all differ, for as long as `run` takes.
 * @param {number} images @param {number} seed
 * @param {(served: { url: string, folder: string, workFolder: string }) => Promise<string[]>} run
 */
async function withPhotographs(images, seed, run) {
  const { buildPage } = await import("./build.mjs");
  const { serve } = await import("./serve.mjs");
  const { sharedFolder } = await import("./sharedFiles.mjs");
  const { jpegsIn, writeVariedPhotographs } = await import("../tests/soak/variedPhotographs.mjs");
  console.log(`seed ${seed}`);
  await buildPage();
  const workFolder = mkdtempSync(join(tmpdir(), "winnow-soak-"));
  // A build in the meantime must not change what is running.
  const built = join(workFolder, "page");
  cpSync(join(root, "dist"), built, { recursive: true });
  const server = await serve(built, 0);
  try {
    const folder = join(workFolder, "photographs");
    await writeVariedPhotographs(folder, jpegsIn(join(sharedFolder, "data/clothing")), images, seed);
    console.log(`${images} photographs written`);
    const address = server.address();
    const url = `http://localhost:${typeof address === "object" ? address?.port : ""}/`;
    return await run({ url, folder, workFolder });
  } finally {
    server.close();
    rmSync(workFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

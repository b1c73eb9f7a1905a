import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { names as vectorNames } from "../tests/bench/vectors.mjs";
import { installPackages } from "./install.mjs";

/**
 * `npm run -s bench -- NAME [--vectors FILE.f32 --cols 64] [--rows N] [--labels FILE.u8] [--threads T] --json`: the
 * measurements of tests/bench, one JSON object as the last line.
 */
installPackages();
const names = [
  ...vectorNames,
  "coco",
  "labels",
  "embed",
  "store",
  "ui",
  "selection",
  "selection-speed",
  "published",
  "million",
];
const usage = `npm run -s bench -- NAME [--vectors FILE.f32 --cols 64] [--rows N] [--labels FILE.u8] [--threads T] [--folder DIR]
NAME: ${names.join(" | ")}`;

function readCommand() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        vectors: { type: "string" },
        labels: { type: "string" },
        cols: { type: "string", default: "64" },
        rows: { type: "string", default: "0" },
        threads: { type: "string", default: String(availableParallelism()) },
        folder: { type: "string" },
        json: { type: "boolean" },
      },
    });
    const [name] = positionals;
    if (name === undefined || positionals.length > 1 || !names.includes(name)) throw new Error("Which one?");
    const [cols, rows, threads] = [values.cols, values.rows, values.threads].map((text) => {
      const number = Number(text);
      if (!Number.isInteger(number) || number < 0) throw new Error(`expected a whole number, found ${text}`);
      return number;
    });
    return { name, options: { ...values, cols: cols || 64, rows: rows ?? 0, threads: threads || 1 } };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(2);
  }
}

async function measure() {
  if (name === "coco") {
    const { measureCoco } = await (await import("../tests/bench/bundle.mjs")).importCore();
    return await measureCoco(options.rows || 500_000);
  }
  if (name === "labels") {
    const core = await (await import("../tests/bench/bundle.mjs")).importCore();
    return core.measureLabels(await core.nodeKernels(core.threadFile, options.threads), options.rows || 60_000);
  }
  if (name === "selection") return await (await import("../tests/bench/selection.mjs")).run(options);
  if (name === "embed") return await (await import("../tests/bench/embed.mjs")).run();
  if (name === "ui") {
    return await (await import("../tests/bench/ui.mjs")).run({
      rows: options.rows || 100_000,
      vectors: options.vectors,
    });
  }
  if (name === "selection-speed") {
    return await (await import("../tests/bench/selectionSpeed.mjs")).run({ rows: options.rows || 1_000_000 });
  }
  if (name === "published") {
    return await (await import("../tests/bench/publishedProject.mjs")).run({
      rows: options.rows || 100_000,
      folder: options.folder,
    });
  }
  if (name === "million") {
    return await (await import("../tests/bench/million.mjs")).run({
      rows: options.rows || 1_000_000,
      folder: options.folder,
    });
  }
  if (name === "store") {
    return await (await import("../tests/bench/store.mjs")).run({ rows: options.rows || 5_000 });
  }
  return await (await import("../tests/bench/vectors.mjs")).run(name, options);
}

const { name, options } = readCommand();
const result = await measure();
console.log(JSON.stringify(result, (_, value) => (typeof value === "number" ? Number(value.toPrecision(6)) : value)));
process.exit(0);

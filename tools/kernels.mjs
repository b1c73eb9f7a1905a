import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import { root } from "./install.mjs";

/**
 * `npm run kernels`: compiles src/kernels/assembly to WASM, once with shared memory and once without, and writes both
 * as text into src/kernels/wasm.ts, so that every environment imports them in the same way. A test checks that the file
 * belongs to the sources.
 */
const folder = join(root, "src/kernels/assembly");

/** SHA-256 over the AssemblyScript sources. */
export function sourcesHash() {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith(".ts")) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}

/** @param {string[]} extra @returns {Promise<string>} base64 */
async function compile(extra) {
  /** @type {Uint8Array | undefined} */
  let binary;
  const { error, stderr } = await asc.main(
    [
      "index.ts",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "--importMemory",
      "--initialMemory",
      "1",
      "--maximumMemory",
      "65536",
      "--use",
      "abort=",
      "--outFile",
      "kernels.wasm",
      ...extra,
    ],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(join(base ?? folder, name), "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (_, contents) => {
        if (typeof contents !== "string") binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`the kernels do not compile:\n${stderr.toString()}`);
  return Buffer.from(binary).toString("base64");
}

if (process.argv[1]?.endsWith("kernels.mjs")) {
  process.chdir(folder);
  const text = [
    "// Written by `npm run kernels` from assembly/; do not edit.",
    `export const sources = "${sourcesHash()}";`,
    `export const wasm =\n  "${await compile([])}";`,
    `export const sharedWasm =\n  "${await compile(["--sharedMemory", "--enable", "threads"])}";`,
    "",
  ].join("\n");
  writeFileSync(join(root, "src/kernels/wasm.ts"), text);
  console.log(`src/kernels/wasm.ts: ${Math.round(text.length / 1024)} kB`);
}

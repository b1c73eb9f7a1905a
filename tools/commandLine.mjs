import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./install.mjs";

/** Where the built command line is: what `npm pack` takes along. */
export const commandLineFolder = join(root, "dist-cli");
/** The bundled model and the words of its classifier. */
const modelFiles = ["model.onnx", "labels.tsv", "groups.tsv"];
const inputs = ["src/cli", "src/core", "src/kernels", "src/pipeline", "src/sources", "src/decode", "src/embed"];

/** Bundles the command line for Node into dist-cli/, unless it is there already as the sources give it. */
export async function buildCommandLine() {
  const stamp = join(commandLineFolder, ".winnow-inputs");
  const now = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  const { build } = await import("vite");
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    build: {
      ssr: true,
      target: "node20",
      outDir: commandLineFolder,
      emptyOutDir: true,
      rolldownOptions: {
        input: { winnow: join(root, "src/cli/main.ts"), kernelThread: join(root, "src/cli/kernelThread.ts") },
        output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" },
      },
    },
  });
  for (const file of modelFiles)
    copyFileSync(join(root, "models/efficientnet-lite0", file), join(commandLineFolder, file));
  writeFileSync(stamp, now);
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const input of [...inputs, "models/manifest.ts", "package-lock.json", "package.json", "tools/commandLine.mjs"]) {
    for (const file of filesOf(join(root, input))) hash.update(file).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** @param {string} path @returns {string[]} */
function filesOf(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

// `npm pack` calls this file by itself.
if (process.argv[1] === fileURLToPath(import.meta.url)) await buildCommandLine();

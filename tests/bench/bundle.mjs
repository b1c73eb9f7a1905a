import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { root } from "../../tools/install.mjs";

/** Bundles the core for Node, as the command line has it, and imports it. */
export async function importCore() {
  const outDir = join(root, "node_modules/.cache/winnow-bench");
  await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      ssr: true,
      target: "node20",
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        input: { core: join(root, "tests/bench/core.ts"), kernelThread: join(root, "src/cli/kernelThread.ts") },
        output: { entryFileNames: "[name].mjs" },
      },
    },
  });
  const core = await import(pathToFileURL(join(outDir, "core.mjs")).href);
  return { ...core, threadFile: pathToFileURL(join(outDir, "kernelThread.mjs")) };
}

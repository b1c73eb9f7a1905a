#!/usr/bin/env node
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installPackages, root } from "./install.mjs";

/** The command line: in a checkout built when its sources have changed, in a package as it was packed. */
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));
if (existsSync(join(root, "src"))) {
  installPackages();
  const { buildCommandLine } = await import("./commandLine.mjs");
  await buildCommandLine();
}
await import(pathToFileURL(join(root, "dist-cli/winnow.mjs")).href);

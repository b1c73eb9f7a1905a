import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** Runs the command line and returns the object of its last line. */
export async function winnow(...words: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, [join(root, "tools/winnow.mjs"), ...words, "--json"]);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

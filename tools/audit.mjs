import { spawnSync } from "node:child_process";
import { root } from "./install.mjs";

/**
 * `npm run audit`: fails when a package that ships has a known vulnerability of high or critical severity. A registry
 * that cannot be asked (mirrors often have no such answer, and there may be no network) is said, and is no failure.
 */
const { stdout, error } = spawnSync("npm", ["audit", "--omit=dev", "--json"], {
  cwd: root,
  encoding: "utf8",
  shell: process.platform === "win32",
  maxBuffer: 64 << 20,
  timeout: 60_000,
});
const counts = countsOf(stdout);
if (counts === null) {
  console.log(`Audit skipped: the registry did not answer it${error ? ` (${error.message})` : ""}.`);
} else {
  const serious = counts.high + counts.critical;
  console.log(`Audit of what ships: ${counts.total} known vulnerabilities, ${serious} of them high or critical.`);
  if (serious > 0) {
    console.log("`npm audit --omit=dev` names them.");
    process.exitCode = 1;
  }
}

/**
 * What an audit report counts, or null when the text is none.
 * @param {string | null} text
 * @returns {{ high: number, critical: number, total: number } | null}
 */
function countsOf(text) {
  try {
    return JSON.parse(text ?? "").metadata?.vulnerabilities ?? null;
  } catch {
    return null;
  }
}

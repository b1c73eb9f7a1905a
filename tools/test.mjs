import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { installPackages, root } from "./install.mjs";

/**
 * All tests, or the parts that are named: types lint unit browser e2e. What failed is said again at the end, since a
 * log of it all is long; the last line counts them.
 * @typedef {{ passed: number, failed: string[], skipped: string[] }} Count
 */

const parts = {
  types: () =>
    command("Types", ["tsc", "--noEmit", "-p", "tsconfig.json"]).then(() =>
      command("Types of the core", ["tsc", "--noEmit", "-p", "tsconfig.core.json"]),
    ),
  lint: () => command("Lint", ["biome", "check", "--error-on-warnings", "."]),
  unit: () => vitest("unit"),
  browser: () => vitest("browser"),
  e2e: endToEnd,
};

/** @type {Count} */
const total = { passed: 0, failed: [], skipped: [] };
const reports = mkdtempSync(join(tmpdir(), "winnow-test-"));

installPackages();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`Unknown part: ${unknown.join(", ")}. There are: ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
const names = asked.length > 0 ? asked : Object.keys(parts);
try {
  if (names.some((name) => name === "browser" || name === "e2e")) {
    const { requireChromium } = await import("./chromium.mjs");
    console.log(`Chromium: ${requireChromium()}`);
  }
  for (const name of names) await parts[/** @type {keyof typeof parts} */ (name)]();
} catch (error) {
  total.failed.push(error instanceof Error ? error.message : String(error));
} finally {
  rmSync(reports, { recursive: true, force: true });
}
for (const name of total.skipped) console.log(`skipped: ${name}`);
for (const what of total.failed) console.log(`failed: ${what}`);
console.log(`${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped`);
process.exit(total.failed.length > 0 ? 1 : 0);

/** @param {string} title @param {string[]} words */
async function command(title, words) {
  const status = await run(title, words);
  if (status === 0) total.passed++;
  else total.failed.push(title);
}

/** @param {string} project */
async function vitest(project) {
  const report = join(reports, `${project}.json`);
  const status = await run(`Tests: ${project}`, [
    "vitest",
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const result = JSON.parse(read(report));
  const before = total.failed.length;
  let seen = 0;
  for (const file of result.testResults ?? []) {
    // A file that cannot even be loaded has no tests and counts as one failure.
    const path = relative(root, file.name);
    if (file.assertionResults.length === 0 && file.status === "failed") total.failed.push(`${path}\n${file.message}`);
    for (const { status: outcome, fullName, failureMessages } of file.assertionResults) {
      seen++;
      if (outcome === "passed") total.passed++;
      else if (outcome === "failed") total.failed.push([`${path} › ${fullName}`, ...failureMessages].join("\n"));
      else total.skipped.push(fullName);
    }
  }
  if (seen === 0 || (status !== 0 && total.failed.length === before)) total.failed.push(withoutName(project));
}

async function endToEnd() {
  const { buildSample } = await import("./sample.mjs");
  const { buildPage } = await import("./build.mjs");
  await buildSample();
  await buildPage();
  const report = join(reports, "e2e.json");
  const status = await run("Tests: end to end", ["playwright", "test", "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  const result = JSON.parse(read(report));
  const before = total.failed.length;
  let seen = 0;
  /** @param {any} suite */
  const count = (suite) => {
    for (const child of suite.suites ?? []) count(child);
    for (const spec of suite.specs ?? []) {
      seen++;
      const outcomes = spec.tests.map((/** @type {any} */ one) => one.status);
      if (outcomes.every((/** @type {string} */ one) => one === "skipped")) {
        const reason = spec.tests[0]?.annotations?.find((/** @type {any} */ one) => one.type === "skip")?.description;
        total.skipped.push(reason ? `${spec.title} (${reason})` : spec.title);
      } else if (spec.ok) total.passed++;
      else {
        const results = spec.tests.flatMap((/** @type {any} */ one) => one.results);
        const messages = results
          .flatMap((/** @type {any} */ one) => one.errors)
          .map((/** @type {any} */ one) => one.message);
        total.failed.push([`${spec.file} › ${spec.title}`, ...messages].join("\n"));
      }
    }
  };
  for (const suite of result.suites ?? []) count(suite);
  if (seen === 0 || (status !== 0 && total.failed.length === before)) total.failed.push(withoutName("e2e"));
}

/** @param {string} part */
function withoutName(part) {
  return `${part}: something beside the tests themselves; see what its run printed`;
}

/** @param {string} report */
function read(report) {
  try {
    return readFileSync(report, "utf8");
  } catch {
    return "{}";
  }
}

/**
 * Runs a program of node_modules and shows what it prints.
 * @param {string} title
 * @param {string[]} words
 * @param {Record<string, string>} variables
 * @returns {Promise<number>}
 */
function run(title, words, variables = {}) {
  console.log(`\n— ${title}`);
  const [name = "", ...rest] = words;
  const windows = process.platform === "win32";
  const program = join(root, "node_modules/.bin", windows ? `${name}.cmd` : name);
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd: root,
      stdio: "inherit",
      shell: windows,
      // Without a locale, Chromium cannot read file names beyond ASCII.
      env: { LC_ALL: process.env.LANG ?? "C.UTF-8", ...process.env, ...variables },
    });
    child.on("error", () => resolve(1));
    child.on("exit", (status) => resolve(status ?? 1));
  });
}

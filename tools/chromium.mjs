import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Arguments under which headless Chromium is quiet, unsandboxed (CI runs as root) and has a software WebGPU. */
export const chromiumArguments = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-unsafe-webgpu",
];

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ...["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].map((key) =>
    join(process.env[key] ?? "", "Google/Chrome/Application/chrome.exe"),
  ),
];

/**
 * Path of a Chromium, from `CHROME_PATH` or one of the usual places; null when there is none.
 * @returns {string | null}
 */
export function findChromium() {
  const wanted = process.env.CHROME_PATH;
  if (wanted) {
    if (!existsSync(wanted)) throw new Error(`CHROME_PATH names ${wanted}, which does not exist.`);
    return wanted;
  }
  return usualPlaces.find((path) => existsSync(path)) ?? null;
}

/**
 * Like {@link findChromium}; installs Debian's package where this process may do so.
 * @returns {string}
 */
export function requireChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("Installing Debian's Chromium …");
    execFileSync("apt-get", ["update", "-qq"], { stdio: "inherit" });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    const installed = findChromium();
    if (installed) return installed;
  }
  const how =
    process.platform === "darwin"
      ? "brew install --cask chromium"
      : process.platform === "win32"
        ? "winget install Google.Chrome"
        : "sudo apt-get install -y chromium";
  throw new Error(`The tests need Chromium. Install it with\n\n    ${how}\n\nor set CHROME_PATH to one.`);
}

import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright";
import { chromiumArguments, requireChromium } from "../../tools/chromium.mjs";

const startTimeoutMs = 60_000;

/**
 * A browser on a profile that stays on the disk. It is started here and not by Playwright, because all its processes are
 * to be killed at once, as a power cut or the system's memory guard would, without a word to it.
 */
export class KillableChromium {
  /**
   * @param {import("node:child_process").ChildProcess} child
   * @param {import("playwright").Browser} browser
   * @param {import("playwright").Page} page
   */
  constructor(child, browser, page) {
    this.child = child;
    this.browser = browser;
    this.page = page;
    this.dead = false;
  }

  /** @param {string} profile a folder, made where it is not there */
  static async start(profile) {
    const portFile = join(profile, "DevToolsActivePort");
    rmSync(portFile, { force: true });
    const child = spawn(
      requireChromium(),
      [
        ...chromiumArguments,
        "--headless",
        "--remote-debugging-port=0",
        `--user-data-dir=${profile}`,
        "--window-size=1440,900",
        "--hide-crash-restore-bubble",
        "--disable-background-timer-throttling",
        "--disable-renderer-backgrounding",
        "--disable-backgrounding-occluded-windows",
        "about:blank",
      ],
      // A group of its own, so that one signal reaches every process of it.
      { detached: true, stdio: "ignore", env: { LC_ALL: process.env.LANG ?? "C.UTF-8", ...process.env } },
    );
    const deadline = Date.now() + startTimeoutMs;
    let port = "";
    while (port === "") {
      if (child.exitCode !== null) throw new Error(`Chromium ended at its start with ${child.exitCode}`);
      if (Date.now() > deadline) throw new Error(`Chromium did not start in ${startTimeoutMs / 1_000} s`);
      await sleep(20);
      if (existsSync(portFile)) port = readFileSync(portFile, "utf8").split("\n")[0] ?? "";
    }
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const context = browser.contexts()[0];
    if (!context) throw new Error("Chromium has no window");
    const page = context.pages()[0] ?? (await context.newPage());
    await page.setViewportSize({ width: 1440, height: 900 });
    return new KillableChromium(child, browser, page);
  }

  /** SIGKILL to all its processes; resolves when they are gone. */
  async kill() {
    if (this.dead) return;
    this.dead = true;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.pid !== undefined) process.kill(-this.child.pid, "SIGKILL");
    await gone;
    await this.browser.close().catch(() => undefined);
  }

  /** Chooses a folder in the page's folder input. @param {string} folder */
  async chooseFolder(folder) {
    const client = await this.page.context().newCDPSession(this.page);
    // Playwright would send the files' bytes to a browser that it has not started itself.
    const { result } = await client.send("Runtime.evaluate", {
      expression: `Array.from(document.querySelectorAll("label")).find((one) => one.textContent.trim() === "Choose folder")?.control`,
    });
    if (!result.objectId) throw new Error("the page has no folder input");
    await client.send("DOM.setFileInputFiles", { objectId: result.objectId, files: [folder] });
    await client.detach();
  }
}

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

/** A port that nothing listens on. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

const root = join(import.meta.dirname, "../..");

test("npm start in a fresh clone installs, builds and serves the page", async ({ page }) => {
  test.setTimeout(400_000);
  const clone = mkdtempSync(join(tmpdir(), "winnow-clone-"));
  let server: ChildProcess | undefined;
  try {
    execFileSync("git", ["clone", "--quiet", "--no-hardlinks", root, clone]);
    const port = String(await freePort());
    server = spawn("npm", ["start"], {
      cwd: clone,
      // Not what an npm that runs this test has set for its own project.
      env: { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))), PORT: port },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
      shell: process.platform === "win32",
    });
    await new Promise<void>((resolve, reject) => {
      server!.on("exit", (status) => reject(new Error(`npm start ended with ${status}`)));
      server!.stdout!.on("data", (data) => {
        if (String(data).includes(`http://localhost:${port}`)) resolve();
      });
    });
    await page.goto(`http://localhost:${port}/`);
    await expect(page.getByRole("button", { name: "Open folder" })).toBeVisible();
    expect(await page.evaluate(() => self.crossOriginIsolated)).toBe(true);
  } finally {
    server?.removeAllListeners("exit");
    if (server?.pid && server.exitCode === null) {
      if (process.platform === "win32") server.kill();
      else process.kill(-server.pid);
    }
    rmSync(clone, { recursive: true, force: true, maxRetries: 3 });
  }
});

import { defineConfig } from "@playwright/test";
import { chromiumArguments, findChromium } from "./tools/chromium.mjs";

const executablePath = findChromium();
const port = Number(process.env.WINNOW_E2E_PORT ?? 4179);

export default defineConfig({
  testDir: "tests/e2e",
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  outputDir: "test-results",
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
    // Offline use has a test of its own; elsewhere every file comes from the server, as it was just built.
    serviceWorkers: "block",
    launchOptions: { args: chromiumArguments, ...(executablePath && { executablePath }) },
  },
  webServer: {
    command: `node -e "import('./tools/serve.mjs').then((m) => m.serve('dist', ${port}))"`,
    port,
    reuseExistingServer: false,
  },
});

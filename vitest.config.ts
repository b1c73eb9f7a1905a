import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumArguments, findChromium } from "./tools/chromium.mjs";
import { isolationHeaders } from "./tools/headers.mjs";
import { sharedFiles } from "./tools/sharedFiles.mjs";

const executablePath = findChromium();

export default defineConfig({
  server: { headers: isolationHeaders },
  test: {
    projects: [
      {
        test: {
          name: "unit",
          environment: "node",
          include: ["tests/unit/**/*.test.ts", "tests/architecture.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [sharedFiles()],
        worker: { format: "es" },
        resolve: { alias: { regl: "@plotly/regl" } },
        server: { headers: isolationHeaders },
        // Found later, a package would be bundled in the middle of a run and the page reloaded.
        optimizeDeps: {
          exclude: ["onnxruntime-web"],
          include: [
            "comlink",
            "idb",
            "fast-check",
            "react",
            "react-dom/client",
            "react/jsx-dev-runtime",
            "zustand/vanilla",
            "zustand",
            "@base-ui/react/alert-dialog",
            "@base-ui/react/autocomplete",
            "@base-ui/react/csp-provider",
            "@base-ui/react/dialog",
            "@base-ui/react/menu",
            "@base-ui/react/popover",
            "@base-ui/react/tabs",
            "@base-ui/react/tooltip",
            "@tanstack/react-virtual",
            "lucide-react",
            "uplot",
            "papaparse",
            "@streamparser/json",
            "fast-xml-parser",
            "hyparquet",
            "hyparquet-writer",
            "valibot",
            "exifr/dist/lite.esm.mjs",
            "libheif-js/libheif-wasm/libheif.js",
            "utif2",
            "@huggingface/tokenizers",
            "@zip.js/zip.js",
            "@zip.js/zip.js/lib/zip-core-reader.js",
            "@zip.js/zip.js/lib/zip-core-writer.js",
          ],
        },
        test: {
          name: "browser",
          include: ["tests/browser/**/*.test.{ts,tsx}", "tests/contract/**/*.test.ts"],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: chromiumArguments, ...(executablePath && { executablePath }) },
            }),
            instances: [{ browser: "chromium", viewport: { width: 1280, height: 800 } }],
          },
        },
      },
    ],
  },
});

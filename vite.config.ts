import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import {
  contentSecurityPolicy,
  elsewherePage,
  elsewherePolicy,
  isolationHeaders,
  servedHeaders,
} from "./tools/headers.mjs";

/** The policy travels inside the built page, so that it holds on any static host. Dev needs inline scripts for reload. */
const policyInPage = (): Plugin => ({
  name: "winnow-content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
      injectTo: "head-prepend",
    },
  ],
});

/** The same page under the policy that lets it open projects of other hosts. */
const pageForElsewhere = (): Plugin => ({
  name: "winnow-page-for-elsewhere",
  apply: "build",
  enforce: "post",
  generateBundle(_, bundle) {
    const page = bundle["index.html"];
    if (page?.type !== "asset") throw new Error("the page was not built");
    const inPage = (policy: string): string => policy.replaceAll("'", "&#39;");
    const source = String(page.source).replace(inPage(contentSecurityPolicy), inPage(elsewherePolicy));
    if (!source.includes(inPage(elsewherePolicy))) throw new Error("the page holds no policy");
    this.emitFile({ type: "asset", fileName: elsewherePage, source });
  },
});

export default defineConfig({
  base: "./",
  // A twin of regl that can be given its draw functions as code instead of writing them as text at run time, which the
  // page's policy forbids.
  resolve: { alias: { regl: "@plotly/regl" } },
  plugins: [react(), policyInPage(), pageForElsewhere()],
  worker: { format: "es" },
  // The runtime's worker must be loaded by a dynamic import that stays one (see docs in src/embed).
  build: { target: "esnext", assetsInlineLimit: 0, chunkSizeWarningLimit: 900, modulePreload: { polyfill: false } },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  server: { headers: isolationHeaders },
  preview: { headers: servedHeaders },
});

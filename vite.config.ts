import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { contentSecurityPolicy, isolationHeaders, servedHeaders } from "./tools/headers.mjs";

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

export default defineConfig({
  base: "./",
  // A twin of regl that can be given its draw functions as code instead of writing them as text at run time, which the
  // page's policy forbids.
  resolve: { alias: { regl: "@plotly/regl" } },
  plugins: [react(), policyInPage()],
  worker: { format: "es" },
  // The runtime's worker must be loaded by a dynamic import that stays one (see docs in src/embed).
  build: { target: "esnext", assetsInlineLimit: 0, chunkSizeWarningLimit: 900, modulePreload: { polyfill: false } },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  server: { headers: isolationHeaders },
  preview: { headers: servedHeaders },
});

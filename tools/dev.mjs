import { installPackages, root } from "./install.mjs";

/** `node tools/dev.mjs` serves the sources and reloads; `node tools/dev.mjs build` writes dist/. */
installPackages();
const { buildSample } = await import("./sample.mjs");
await buildSample();
if (process.argv[2] === "build") {
  const { buildPage } = await import("./build.mjs");
  await buildPage();
} else {
  const { createServer } = await import("vite");
  const server = await createServer({ root, server: { port: Number(process.env.PORT || 5173) } });
  await server.listen();
  server.printUrls();
}

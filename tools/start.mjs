import { join } from "node:path";
import { installPackages, root } from "./install.mjs";

installPackages();
const port = Number(process.env.PORT || 4173);
const { buildSample } = await import("./sample.mjs");
const { buildPage } = await import("./build.mjs");
const { serve } = await import("./serve.mjs");
console.log("Building the page …");
await buildSample();
await buildPage();
try {
  await serve(join(root, "dist"), port);
} catch (error) {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EADDRINUSE") throw error;
  console.error(`Port ${port} is taken. Choose another: PORT=${port + 1} npm start`);
  process.exit(1);
}
console.log(`\nWinnow is ready: http://localhost:${port}\n`);

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { root } from "./install.mjs";

/** The reference data beside the project, or where WINNOW_SHARED points. */
export const sharedFolder = resolve(process.env.WINNOW_SHARED ?? join(root, "../shared"));

/**
 * Lets browser tests read the reference data: `GET /shared/PATH` gives the file, a folder gives its file names as JSON.
 * @returns {import("vite").Plugin}
 */
export const sharedFiles = () => ({
  name: "winnow-shared-files",
  configureServer: (server) => {
    server.middlewares.use("/shared", (request, response) => {
      const path = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
      const file = resolve(join(sharedFolder, path));
      if ((file !== sharedFolder && !file.startsWith(sharedFolder + sep)) || !existsSync(file)) {
        response.writeHead(404).end();
        return;
      }
      response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
      try {
        response.end(readFileSync(file));
      } catch {
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify(readdirSync(file)));
      }
    });
  },
});

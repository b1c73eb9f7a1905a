import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { contentTypeOf, fileOf, rangeOf } from "../../tools/serve.mjs";

/** A static host that sends nothing but files and their types, as most do. */
export interface PlainHost {
  /** Where the folder is found, with “/” at its end. */
  readonly url: string;
  /** Whether it answers Range requests with parts; at first it does not, as some hosts. */
  sendsParts: boolean;
  /** Whether pages of other hosts may read it. */
  readableByAll: boolean;
  /** What was asked for since the test emptied it: paths from the folder, and with parts their first and last byte. */
  readonly asked: string[];
  /** Paths, from the folder, that are answered with 503. */
  readonly broken: Set<string>;
  /** Ends it, connections that are kept alive included. */
  stop(): Promise<void>;
}

/** Serves a folder under a path with “/” at both ends, on a free port. */
export async function plainHost(folder: string, path: string): Promise<PlainHost> {
  const broken = new Set<string>();
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    void (async () => {
      const address = request.url ?? "/";
      if (host.readableByAll) response.setHeader("Access-Control-Allow-Origin", "*");
      const file = address.startsWith(path) ? fileOf(folder, `/${address.slice(path.length)}`) : null;
      const name = file?.slice(folder.length + 1).replaceAll("\\", "/") ?? "";
      const bytes = file === null || broken.has(name) ? null : await readFile(file).catch(() => null);
      if (file === null || bytes === null) response.writeHead(broken.has(name) ? 503 : 404).end();
      else if (host.sendsParts && request.headers.range !== undefined) {
        const part = rangeOf(request.headers.range, bytes.length);
        asked.push(`${name} ${request.headers.range}`);
        if (part === "bad" || part === null) response.writeHead(416).end();
        else {
          const range = `bytes ${part.start}-${part.end}/${bytes.length}`;
          response
            .writeHead(206, { "Content-Type": contentTypeOf(file), "Content-Range": range })
            .end(bytes.subarray(part.start, part.end + 1));
        }
      } else response.writeHead(200, { "Content-Type": contentTypeOf(file) }).end(bytes);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  const host: PlainHost = {
    sendsParts: false,
    readableByAll: false,
    asked,
    url: `http://localhost:${port}${path}`,
    broken,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return host;
}

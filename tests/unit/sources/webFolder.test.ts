import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { webFolder } from "../../../src/sources/webFolder.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7) % 251);
const parts = (content: Uint8Array): Answer => {
  return (request, response) => {
    const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
    const start = Number(first);
    const end = Math.min(Number(last), content.length - 1);
    response.writeHead(206, { "Content-Range": `bytes ${start}-${end}/${content.length}` });
    response.end(content.subarray(start, end + 1));
  };
};
const whole: Answer = (_, response) => response.writeHead(200).end(bytes);

let server: Server;
let base: URL;
let answer: Answer;
const asked: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  base = new URL(`http://localhost:${(server.address() as AddressInfo).port}/a/b/`);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = (how: Answer) => {
  answer = how;
  asked.length = 0;
  const folder = webFolder(base);
  return { folder, file: folder.open("one.bin") };
};

describe("a folder on a static host", () => {
  it("is read in parts: the beginning once, every other part with one request", async () => {
    const { folder, file } = open(parts(bytes));
    const found = (await file)!;
    expect(found.size).toBe(bytes.length);
    expect(await found.slice(10, 50)).toEqual(bytes.slice(10, 50));
    expect(await found.slice(70_000, 70_100)).toEqual(bytes.slice(70_000, 70_100));
    expect(await found.slice(199_990, 200_000)).toEqual(bytes.slice(199_990));
    expect(asked).toEqual(["bytes=0-65535", "bytes=70000-70099", "bytes=199990-199999"]);
    expect(folder.sendsParts).toBe(true);
  });

  it("is read whole where the host sends no parts, or does not say of how much they are", async () => {
    const silent: Answer = (request, response) => {
      if (request.headers.range === undefined) whole(request, response);
      else response.writeHead(206).end(bytes.subarray(0, 100));
    };
    for (const how of [whole, silent]) {
      const { folder, file } = open(how);
      const found = (await file)!;
      expect(found.size).toBe(bytes.length);
      expect(await found.slice(70_000, 70_100)).toEqual(bytes.slice(70_000, 70_100));
      expect(folder.sendsParts).toBe(false);
    }
  });

  it("has texts, empty files and files that are not there", async () => {
    const text = new TextEncoder().encode("„grüße“".repeat(20_000));
    expect(await (await open(parts(text)).file)!.text()).toBe("„grüße“".repeat(20_000));
    expect((await open((_, response) => response.writeHead(416).end()).file)!.size).toBe(0);
    expect(await open((_, response) => response.writeHead(404).end("no")).file).toBeNull();
    const pageInstead: Answer = (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>");
    expect(await open(pageInstead).file).toBeNull();
  });

  it("refuses hosts that send something else than was asked for, and texts of declared gigabytes", async () => {
    const short = (await open(parts(bytes)).file)!;
    answer = (_, response) => response.writeHead(206, { "Content-Range": "bytes 0-1/2" }).end("ab");
    await expect(short.slice(70_000, 70_100)).rejects.toMatchObject({ code: "unreadable" });
    answer = whole;
    await expect(short.slice(70_000, 70_100)).rejects.toMatchObject({ code: "unreadable" });
    await expect(open((_, response) => response.writeHead(503).end()).file).rejects.toMatchObject({
      code: "unreadable",
      message: expect.stringContaining("answered 503"),
    });
    const elsewhere: Answer = (_, response) => response.writeHead(302, { Location: "http://other.invalid/" }).end();
    await expect(open(elsewhere).file).rejects.toMatchObject({ code: "vanished" });
    const boast: Answer = (_, response) =>
      response.writeHead(206, { "Content-Range": "bytes 0-9/10000000000" }).end("0123456789");
    const file = (await open(boast).file)!;
    asked.length = 0;
    await expect(file.text()).rejects.toMatchObject({ code: "too-large" });
    expect(asked).toEqual([]);
  });
});

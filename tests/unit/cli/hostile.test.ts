import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embed } from "../../../src/cli/commands/embed.ts";
import { decodeWithSharp } from "../../../src/cli/decodeWithSharp.ts";
import { NodeFolder } from "../../../src/cli/nodeFolder.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import type { ImageRecord } from "../../../src/core/records.ts";
import { type HostileFile, hostileFiles, wrongCorners } from "../../fixtures/hostile.ts";
import { expectOutcome, nastyFiles, webpWithOrientation } from "../../fixtures/nastyFiles.ts";
import { hasShared, readShared } from "../../fixtures/shared.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "winnow-hostile-"));
let files: HostileFile[] = [];

beforeAll(async () => {
  if (!hasShared) return;
  files = await hostileFiles(readShared("data/hostile.tar.gz"));
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(folder, "hostile", path)), { recursive: true });
    writeFileSync(join(folder, "hostile", path), bytes);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasShared)("the command line and hostile files", () => {
  it("embeds what is a picture, names what is not, counts the rest, in bounded memory", {
    timeout: 300_000,
  }, async () => {
    const surroundings = surroundingsOf();
    const project = join(folder, "p.winnow");
    const result = await embed([join(folder, "hostile")], { project, threads: 1 }, surroundings);
    const records = new Map<string, ImageRecord>();
    for await (const page of (await ProjectReader.open(new NodeFolder(project))).images()) {
      for (const { record } of page) records.set(record.path, record);
    }
    const problems = new Map(result.problems.map(({ path, reason }) => [path, reason]));
    for (const { path, expect: wanted, huge, width, height } of files) {
      const record = records.get(path);
      if (wanted === "ok" && !(huge && problems.has(path))) {
        expect(record && [record.width, record.height], path).toEqual([width, height]);
        expect(record?.measures, path).toBeDefined();
      } else {
        expect(record, path).toBeUndefined();
        expect(problems.has(path), path).toBe(wanted !== "ignored");
        if (wanted !== "ignored") expect(problems.get(path), path).toMatch(/^[A-Z].{15,}\.$/s);
      }
    }
    expect(result.ignored).toBe(files.filter((file) => file.expect === "ignored").length);
    expect(records.size + problems.size + result.ignored).toBe(files.length);
    expect(process.memoryUsage().rss).toBeLessThan(1.5e9);
  });

  it("turns pictures as they say and shows the colours that were meant", async () => {
    const withCorners = files.filter(({ corners }) => corners);
    expect(withCorners.length).toBeGreaterThan(40);
    for (const { path, bytes, corners } of withCorners) {
      const outcome = await decodeWithSharp({ file: new Blob([bytes]), path, size: 32 });
      if (outcome.kind !== "image") throw new Error(`${path}: ${JSON.stringify(outcome)}`);
      const { data, info } = await sharp(outcome.thumbnail.bytes).raw().toBuffer({ resolveWithObject: true });
      expect(wrongCorners(corners!, data, info), path).toBe("");
    }
  });
});

describe("the command line and files that try something", () => {
  it("gives each its size or its reason", async () => {
    for (const { name, bytes, becomes } of await nastyFiles()) {
      expectOutcome(name, await decodeWithSharp({ file: new Blob([bytes]), path: name, size: 32 }), becomes);
    }
  });

  it("turns a WebP as its EXIF says", async () => {
    const plain = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#f00" } })
      .webp()
      .toBuffer();
    const file = new Blob([webpWithOrientation(new Uint8Array(plain), 60, 40, 6)]);
    const outcome = await decodeWithSharp({ file, path: "turned.webp", size: 32 });
    expect(outcome).toMatchObject({ kind: "image", width: 40, height: 60 });
  });
});

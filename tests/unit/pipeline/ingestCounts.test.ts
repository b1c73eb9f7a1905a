import { expect, it } from "vitest";
import { ImageIndex } from "../../../src/core/imageIndex.ts";
import type { Problem } from "../../../src/core/records.ts";
import { Ingest, type IngestCounts } from "../../../src/pipeline/ingest.ts";
import type { DecodeOutcome, DecodeService } from "../../../src/protocol/decoding.ts";
import type { SourceFile } from "../../../src/sources/source.ts";

const file = (path: string): SourceFile => ({ path, bytes: 1, modifiedAt: 1, open: async () => new Blob(["x"]) });
const problem: DecodeOutcome = { kind: "problem", reason: "It is damaged." };
const outcomes: Record<string, DecodeOutcome> = {
  "a.jpg": problem,
  "b.jpg": { kind: "ignored" },
  "no ending": problem,
  "song.ogg": { kind: "ignored" },
  "text.txt": { kind: "ignored" },
  "picture.xyz": problem,
};

it("files whose names say that they are no images count once their content says otherwise", async () => {
  const seen: IngestCounts[] = [];
  const problems: Problem[] = [];
  let listed = (): void => undefined;
  const allListed = new Promise<void>((resolve) => {
    listed = resolve;
  });
  const ingest = new Ingest({
    store: {
      append: () => Promise.reject(new Error("there are no images")),
      featuresOf: () => Promise.reject(new Error("there are no images")),
      putProblem: async (one) => problems.push(one),
    },
    source: {
      name: "mixed",
      ref: { kind: "files", name: "mixed" },
      async *list() {
        yield* [...Object.keys(outcomes), "Thumbs.db"].map(file);
        setTimeout(listed);
      },
      find: async (path) => file(path),
      close: async () => undefined,
    },
    known: ImageIndex.empty(),
    decoders: {
      size: 1,
      run: async (use) => {
        await allListed;
        return await use({
          decode: async ({ path }: { path: string }) => outcomes[path],
        } as unknown as DecodeService as never);
      },
    },
    embedder: { parallel: 1, batch: 8, embed: () => Promise.reject(new Error("there are no images")) },
    square: { size: 1 },
    now: () => 0,
    events: { counts: (now) => seen.push({ ...now }), stored: () => undefined, problem: () => undefined },
  });
  const counts = await ingest.run();
  expect(seen.find(({ listing }) => !listing)).toMatchObject({ files: 6, listed: 3, done: 0, ignored: 1 });
  expect(counts).toMatchObject({ files: 6, listed: 3, done: 3, ignored: 4 });
  expect(problems.map(({ path }) => path)).toEqual(["a.jpg", "no ending", "picture.xyz"]);
});

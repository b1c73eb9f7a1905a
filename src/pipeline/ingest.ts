import type { CallOptions } from "../bridge/connection.ts";
import { isWinnowError, toWinnowError, WinnowError } from "../core/errors.ts";
import { encodeFloat16 } from "../core/float16.ts";
import { mayBeImage } from "../core/image/imageNames.ts";
import type { InputSquare } from "../core/image/modelInput.ts";
import type { ImageIndex, KnownFile } from "../core/imageIndex.ts";
import type { ImageRecord, Problem } from "../core/records.ts";
import type { DecodeOutcome, DecodeService } from "../protocol/decoding.ts";
import type { Source, SourceFile } from "../sources/source.ts";
import { isSystemFile } from "../sources/systemFiles.ts";
import type { Batch } from "../store/projectStore.ts";
import { AsyncQueue } from "./asyncQueue.ts";
import { BatchWriter } from "./batchWriter.ts";
import type { Embedder } from "./embedder.ts";
import { Gate } from "./gate.ts";
import { inGroups } from "./inGroups.ts";
import { inOrder } from "./inOrder.ts";

/** A file that takes longer than this has hung its decoder. */
const decodeTimeoutMs = 60_000;

export interface IngestCounts {
  /** Files seen so far, and whether that has ended. */
  files: number;
  /** Of `files`, those that are images or problems; of those not yet read, the ones whose names may be an image's. */
  listed: number;
  listing: boolean;
  /** Finished: stored, already known, or a problem. */
  done: number;
  /** Of `done`, those embedded in this run. */
  embedded: number;
  ignored: number;
  /** Already in the project. */
  known: number;
}

/** Before the first file. */
export const noCounts = (): IngestCounts => ({
  files: 0,
  listed: 0,
  listing: true,
  done: 0,
  embedded: 0,
  ignored: 0,
  known: 0,
});

export interface IngestEvents {
  counts(counts: IngestCounts): void;
  stored(records: readonly ImageRecord[]): void;
  problem(problem: Problem): void;
}

/** Where images are stored, a batch all or nothing. */
export interface ImageStore {
  append(batch: Batch, now: number): Promise<unknown>;
  /** f16 features of a stored row. */
  featuresOf(row: number): Promise<Uint16Array>;
  putProblem(problem: Problem): Promise<unknown>;
}

/** Runs a call on a decoder that is free. */
export interface Decoders {
  readonly size: number;
  run<R>(use: (remote: DecodeService) => Promise<R>, options: CallOptions): Promise<R>;
}

export interface IngestOptions {
  store: ImageStore;
  source: Source;
  /** The project's images so far; takes in those that are stored. */
  known: ImageIndex;
  decoders: Decoders;
  embedder: Pick<Embedder, "parallel" | "batch" | "embed">;
  /** Side of the model's input. */
  square: InputSquare;
  now: () => number;
  events: IngestEvents;
}

type DecodedImage = { file: SourceFile; kind: "image"; outcome: Extract<DecodeOutcome, { kind: "image" }> };
type Decoded =
  | DecodedImage
  | { file: SourceFile; kind: "known" | "ignored" }
  | { file: SourceFile; kind: "problem"; reason: string };

/** Files in listing order, and by hash what embedding made of those that were embedded: features or a reason. */
interface EmbeddedGroup {
  items: Decoded[];
  results: Map<string, Uint16Array | string>;
}

/**
 * Brings a source's images into a project: list → decode → embed → store, each stage a bounded window ahead of the
 * next, rows in the order of the listing whatever finishes first. Running it again over the same source continues:
 * what is stored is recognised by path, size and time, equal bytes by their hash, and nothing is embedded twice.
 */
export class Ingest {
  private readonly controller = new AbortController();
  private readonly gate = new Gate(this.controller.signal);
  /** Paths of images that are about to be stored. */
  private readonly waiting = new Map<string, KnownFile>();
  /** Hashes that this run has sent to embedding and that are not stored yet. */
  private readonly sent = new Set<string>();
  /** What embedding made of them; features only until they are stored. */
  private readonly recent = new Map<string, Uint16Array | string>();
  private readonly counts = noCounts();
  private readonly writer: BatchWriter;

  constructor(private readonly options: IngestOptions) {
    const { known } = options;
    this.writer = new BatchWriter(options.store, known.length, options.now, (records) => {
      for (const record of records) {
        known.add(record);
        this.waiting.delete(record.path);
        this.recent.delete(record.sha256);
        this.sent.delete(record.sha256);
      }
      options.events.stored(records);
    });
  }

  pause(): void {
    this.gate.pause();
  }

  resume(): void {
    this.gate.resume();
  }

  /** Ends the run soon; what is embedded by then is stored, and `run` rejects as `cancelled`. */
  cancel(): void {
    this.controller.abort();
  }

  /** @throws WinnowError `cancelled`; `permission` when the browser wants a click; `storage-full`; `model` */
  async run(): Promise<IngestCounts> {
    const files = new AsyncQueue<SourceFile>();
    void this.list(files);
    const { embedder, decoders } = this.options;
    const decoded = inOrder(
      files,
      () => decoders.size * 2 + embedder.batch * 2,
      (file) => this.decode(file),
    );
    const groups = inGroups(decoded, () => embedder.batch);
    const embedded = inOrder(
      groups,
      () => embedder.parallel + 1,
      (items) => this.embed(items),
    );
    try {
      for await (const group of embedded) await this.take(group);
    } catch (error) {
      this.controller.abort();
      // Whatever ended the run, what has its features is kept; a full disk has already refused it.
      if (!isWinnowError(error, "storage-full")) await this.writer.flush();
      throw error;
    }
    await this.writer.flush();
    this.report();
    return this.counts;
  }

  private async list(files: AsyncQueue<SourceFile>): Promise<void> {
    try {
      for await (const file of this.options.source.list(this.controller.signal)) {
        if (isSystemFile(file.path)) {
          this.counts.ignored++;
          continue;
        }
        this.counts.files++;
        if (mayBeImage(file.path)) this.counts.listed++;
        files.push(file);
        if (this.counts.files % 200 === 0) this.report();
      }
      this.counts.listing = false;
      files.end();
      this.report();
    } catch (error) {
      files.fail(error);
    }
  }

  private async decode(file: SourceFile): Promise<Decoded> {
    await this.gate.pass();
    const known = this.waiting.get(file.path) ?? this.options.known.ofPath(file.path);
    if (known && known.bytes === file.bytes && known.modifiedAt === file.modifiedAt) return { file, kind: "known" };
    try {
      const outcome = await this.decodeBytes(file);
      if (outcome.kind === "ignored") return { file, kind: "ignored" };
      if (outcome.kind === "problem") return { file, kind: "problem", reason: outcome.reason };
      if (!known) return { file, kind: "image", outcome };
      if (known.sha256 === outcome.sha256) return { file, kind: "known" };
      const reason =
        "Another image with this path is already in the project; the first one is kept. If the file has changed, “Find the folder again” takes it over and keeps its tags.";
      return { file, kind: "problem", reason };
    } catch (error) {
      const reason = fileProblem(error, "decoder");
      if (reason === null) throw error;
      return { file, kind: "problem", reason };
    }
  }

  private async decodeBytes(file: SourceFile): Promise<DecodeOutcome> {
    const blob = await file.open();
    const { decoders, square } = this.options;
    const options = { signal: this.controller.signal, timeoutMs: decodeTimeoutMs };
    const attempt = (): Promise<DecodeOutcome> =>
      decoders.run((remote) => remote.decode({ file: blob, path: file.path, ...square }), options);
    try {
      return await attempt();
    } catch (error) {
      if (!isWinnowError(error, "worker-died")) throw error;
      return await attempt();
    }
  }

  private async embed(items: Decoded[]): Promise<EmbeddedGroup> {
    // Before the first await, so that groups claim their hashes in order and a twin never precedes its first.
    const fresh: DecodedImage[] = [];
    for (const item of items) {
      if (item.kind !== "image") continue;
      const { sha256 } = item.outcome;
      if (this.sent.has(sha256) || this.options.known.rowOfHash(sha256) !== undefined) continue;
      this.sent.add(sha256);
      fresh.push(item);
    }
    await this.gate.pass();
    return { items, results: fresh.length > 0 ? await this.embedFresh(fresh) : new Map() };
  }

  private async embedFresh(images: readonly DecodedImage[]): Promise<Map<string, Uint16Array | string>> {
    try {
      return await this.embedBatch(images);
    } catch (error) {
      if (!isWinnowError(error, "worker-died")) throw error;
    }
    // One image of the batch may have killed the worker: each alone, and the one that kills it again is named.
    const results = new Map<string, Uint16Array | string>();
    for (const image of images) {
      try {
        for (const [sha256, features] of await this.embedBatch([image])) results.set(sha256, features);
      } catch (error) {
        if (!isWinnowError(error, "worker-died")) throw error;
        results.set(image.outcome.sha256, twiceDead("model"));
      }
    }
    return results;
  }

  /** Features by hash. */
  private async embedBatch(images: readonly DecodedImage[]): Promise<Map<string, Uint16Array>> {
    const pixels = images.map(({ outcome }) => outcome.rgb);
    const features = encodeFloat16(await this.options.embedder.embed(pixels, this.controller.signal));
    const cols = features.length / images.length;
    return new Map(images.map(({ outcome }, i) => [outcome.sha256, features.slice(i * cols, (i + 1) * cols)]));
  }

  /** Stores one group's images in order; the first of equal bytes always comes before its twins. */
  private async take({ items, results }: EmbeddedGroup): Promise<void> {
    for (const [sha256, result] of results) this.recent.set(sha256, result);
    for (const item of items) {
      if (item.kind === "image") await this.takeImage(item);
      else if (item.kind === "problem") await this.takeProblem(item.file.path, item.reason);
      else if (item.kind === "known") this.counts.known++;
      else this.counts.ignored++;
      const expected = mayBeImage(item.file.path);
      if (item.kind !== "ignored") this.counts.done++;
      if (item.kind === "ignored" && expected) this.counts.listed--;
      else if (item.kind !== "ignored" && !expected) this.counts.listed++;
    }
    this.report();
  }

  private async takeImage({ file, outcome }: DecodedImage): Promise<void> {
    const { sha256, width, height, bytes, takenAt, measures, thumbnail } = outcome;
    const row = this.options.known.rowOfHash(sha256);
    const features =
      this.recent.get(sha256) ?? (row === undefined ? undefined : await this.options.store.featuresOf(row));
    if (features === undefined) throw new WinnowError("internal", `no features for ${file.path}`);
    if (typeof features === "string") return await this.takeProblem(file.path, features);
    this.counts.embedded++;
    this.waiting.set(file.path, { path: file.path, bytes, modifiedAt: file.modifiedAt, sha256 });
    await this.writer.add(
      {
        id: sha256.slice(0, 32),
        path: file.path,
        width,
        height,
        bytes,
        sha256,
        modifiedAt: file.modifiedAt,
        takenAt,
        measures,
      },
      features,
      thumbnail,
    );
  }

  private async takeProblem(path: string, reason: string): Promise<void> {
    await this.options.store.putProblem({ path, reason });
    this.options.events.problem({ path, reason });
  }

  private report(): void {
    this.options.events.counts({ ...this.counts });
  }
}

const twiceDead = (part: string): string => `This file made the ${part} crash twice, so it is left out.`;

/** The reason for a person when an error concerns one file only; null when it concerns the whole run. */
function fileProblem(error: unknown, part: string): string | null {
  const known = toWinnowError(error);
  switch (known.code) {
    case "unreadable":
    case "vanished":
    case "too-large":
      return known.message;
    case "worker-died":
      return twiceDead(part);
    case "internal":
      return `The ${part} failed on this file: ${known.message}`;
    default:
      return null;
  }
}

import { draftSize, type ModelManifest } from "../../models/manifest.ts";
import { Pool } from "../bridge/pool.ts";
import { spawnDecodeWorker } from "../bridge/workers.ts";
import type { Classifier, Vocabulary } from "../core/classifier/classifier.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import { spaceId } from "../core/model/ownModel.ts";
import type { ShowService } from "../protocol/decoding.ts";
import { type KeptTuning, keepTuning, readTuning, type TunedModel } from "../store/tunings.ts";
import type { Embedder } from "./embedder.ts";
import { loadClassifier, loadModel, loadVocabulary } from "./loadModel.ts";

export type { KeptTuning } from "../store/tunings.ts";

/** Workers that have had nothing to do for this long are ended: a WASM heap never shrinks. */
const usualIdleMs = 60_000;

/** A model that is not the bundled one. */
export interface OtherModel {
  load(): Promise<{ model: ArrayBuffer; externalData?: { path: string; data: ArrayBuffer }[] }>;
  /** Images at a time, where it takes no other number. */
  fixedBatch: number | null;
  /** Side of the images by which providers are compared; a usual one when left out. */
  probeSize?: number | undefined;
  /** Whose decoders it shares. */
  decoders: Engine;
}

/** The decode and embed workers, shared by all ingests of this page and started when first needed. */
export class Engine {
  private decoders: Pool<ShowService> | null = null;
  private embedder: Promise<Embedder> | null = null;
  private words: Promise<Vocabulary> | null = null;
  private readonly ofSpecs = new Map<string, Engine>();
  private users = 0;
  private idleTimer: ReturnType<typeof setTimeout> | undefined;
  private note = "";

  constructor(
    readonly manifest: ModelManifest,
    private readonly cores: number,
    private readonly isolated: boolean,
    private readonly onNote: (note: string) => void,
    private readonly other: OtherModel | null = null,
    private readonly idleMs = usualIdleMs,
  ) {}

  /** Provider and sessions, and why these: “WASM · 2 sessions · no GPU”; "" before it has run. */
  get runsOn(): string {
    return this.note;
  }

  /** How fast it was measured to be on this machine, and with what; null before that. */
  get tuning(): KeptTuning | null {
    return readTuning(this.tuned);
  }

  /** The same of any model. */
  tuningOf(sha256: string, size: number): KeptTuning | null {
    return readTuning({ ...this.tuned, sha256, size });
  }

  /** The engine of a model that a person brought; it shares this one's decoders. */
  withModel(manifest: ModelManifest, own: Omit<OtherModel, "decoders">): Engine {
    return new Engine(manifest, this.cores, this.isolated, this.onNote, { ...own, decoders: this }, this.idleMs);
  }

  /** The engine of the same model under another spec, always the same one; this one for its own spec. */
  withSpec(spec: ModelSpec): Engine {
    const { sha256 } = this.manifest;
    const id = spaceId(sha256, spec);
    if (id === spaceId(sha256, this.manifest.spec)) return this;
    const known = this.ofSpecs.get(id);
    if (known) return known;
    const engine = this.withModel(
      { ...this.manifest, spec },
      { load: () => this.files(), fixedBatch: this.other?.fixedBatch ?? null, probeSize: this.other?.probeSize },
    );
    this.ofSpecs.set(id, engine);
    return engine;
  }

  /** The engine of the same model on smaller images: quicker, and a little less exact. */
  asDraft(): Engine {
    return this.withSpec({ ...this.manifest.spec, size: draftSize });
  }

  /** Loads the model and starts the sessions, so that they are warm when the first image arrives. */
  prepare(): void {
    void this.use(async () => undefined).catch(() => undefined);
  }

  /** The words of the model's classifier; loaded once. */
  vocabulary(): Promise<Vocabulary> {
    this.words ??= loadVocabulary(this.manifest);
    this.words.catch(() => {
      this.words = null;
    });
    return this.words;
  }

  /** The model's classifier: read from its file each time, because it is large and seldom wanted. */
  async classifier(): Promise<Classifier> {
    return await loadClassifier(this.manifest, await this.vocabulary());
  }

  /** Lends the workers for one piece of work. A failed start is tried anew at the next use. */
  use<T>(work: (decoders: Pool<ShowService>, embedder: Embedder) => Promise<T>): Promise<T> {
    return this.withDecoders(async (decoders) => {
      this.embedder ??= this.start();
      return await work(decoders, await this.embedder);
    });
  }

  /** Lends the workers that decode, for work that needs no model. */
  async withDecoders<T>(work: (decoders: Pool<ShowService>) => Promise<T>): Promise<T> {
    clearTimeout(this.idleTimer);
    this.users++;
    try {
      if (this.other) return await this.other.decoders.withDecoders(work);
      this.decoders ??= new Pool<ShowService>(spawnDecodeWorker, "decode", Math.min(8, Math.max(2, this.cores)));
      return await work(this.decoders);
    } finally {
      this.users--;
      if (this.users === 0) this.idleTimer = setTimeout(() => this.close(), this.idleMs);
    }
  }

  /**
   * Measures again how sessions, threads and batch size are best chosen, and keeps the result.
   * @throws WinnowError `model`, `cancelled`
   */
  async measure(signal: AbortSignal): Promise<KeptTuning | null> {
    await this.use(async (_decoders, embedder) => await embedder.measure(signal));
    return this.tuning;
  }

  /** Ends all workers and returns their memory; the next use starts new ones. */
  close(): void {
    this.decoders?.close();
    this.decoders = null;
    void this.embedder?.then(
      (embedder) => embedder.close(),
      () => undefined,
    );
    this.embedder = null;
  }

  private start(): Promise<Embedder> {
    const { manifest, cores, isolated } = this;
    const { fixedBatch = null, probeSize } = this.other ?? {};
    const starting = Promise.all([import("./embedder.ts"), this.files()]).then(([{ Embedder }, files]) =>
      Embedder.start({
        manifest,
        ...files,
        fixedBatch,
        cores,
        isolated,
        ...(probeSize && { probeSize }),
        kept: this.tuning,
        onNote: (note) => {
          this.note = note;
          this.onNote(note);
        },
        onMeasured: (tuning) => keepTuning(this.tuned, tuning),
      }),
    );
    starting.catch(() => {
      this.embedder = null;
    });
    return starting;
  }

  private files(): ReturnType<OtherModel["load"]> {
    return this.other?.load() ?? loadModel(this.manifest).then((model) => ({ model }));
  }

  private get tuned(): TunedModel {
    const { manifest, cores, isolated } = this;
    return { sha256: manifest.sha256, size: manifest.spec.size, cores, isolated };
  }
}

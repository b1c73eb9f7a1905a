import type { Connection } from "../bridge/connection.ts";
import { spawnEmbedWorker } from "../bridge/workers.ts";
import type { EmbeddedText } from "../core/model/rowOfText.ts";
import type { EmbedService } from "../protocol/embedding.ts";
import { textRequestOf } from "./ownModels.ts";
import { textWorker } from "./textTowers.ts";

/** A text tower that nobody asked for so long gives its memory back. */
const usualIdleMs = 60_000;

/** Turns words into the numbers of a model's images: its text tower is started with the first words, ended when idle. */
export class TextEmbedder {
  private worker: { sha256: string; connection: Connection<EmbedService> } | null = null;

  constructor(
    private readonly idleMs = usualIdleMs,
    private readonly spawn: (name: string) => Worker = spawnEmbedWorker,
  ) {}

  /**
   * @param model whose text tower is asked, by its file's hash
   * @throws WinnowError `model` when it has none or it cannot be run, `config` for its tokenizer, `empty` for a text
   *   without words, `cancelled`
   */
  async embed(model: { sha256: string; name: string }, text: string, signal: AbortSignal): Promise<EmbeddedText> {
    return await this.connectionTo(model).call((remote) => remote.embedText(text), { signal });
  }

  /** Ends the worker; the next words start another. */
  close(): void {
    this.worker?.connection.close();
    this.worker = null;
  }

  private connectionTo({ sha256, name }: { sha256: string; name: string }): Connection<EmbedService> {
    if (this.worker?.sha256 !== sha256) {
      this.close();
      const request = () => textRequestOf(sha256, name);
      this.worker = { sha256, connection: textWorker(request, { idleMs: this.idleMs, spawn: this.spawn }) };
    }
    return this.worker!.connection;
  }
}

import { WinnowError } from "../core/errors.ts";
import type { ModelOutput } from "../core/model/modelTensors.ts";
import { type EmbeddedText, rowOfText } from "../core/model/rowOfText.ts";
import type { TextSpec, TokenTensor } from "../core/model/textTower.ts";
import { Tokeniser } from "../core/model/tokeniser.ts";
import { readTokenizerFile } from "../core/model/tokenizerFile.ts";
import type { TextRequest } from "../protocol/embedding.ts";
import { type StartedSession, startSession } from "./startSession.ts";

/** A text tower with its tokenizer, and the one queue in front of it: `session.run` is not re-entrant. */
export class TextSession {
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly started: StartedSession,
    private readonly tokeniser: Tokeniser,
    private readonly spec: TextSpec,
  ) {}

  /** @throws WinnowError `config` for the tokenizer, `model` when the runtime refuses the tower */
  static async load({ model, externalData, spec, tokenizer, config }: TextRequest): Promise<TextSession> {
    const tokeniser = new Tokeniser(readTokenizerFile(tokenizer, config), tokenizer.name);
    // One text at a time is done before further threads or a GPU would have started.
    const started = await startSession({ model, provider: "wasm", threads: 1, ...(externalData && { externalData }) });
    return new TextSession(started, tokeniser, spec);
  }

  /** Throws as `rowOfText`; `model` when the runtime does not take the tokens. */
  embed(text: string): Promise<EmbeddedText> {
    const { tokeniser, spec } = this;
    const result = this.tail.then(() => rowOfText(text, tokeniser, spec, (inputs) => this.run(inputs)));
    this.tail = result.catch(() => undefined);
    return result;
  }

  private async run(inputs: readonly TokenTensor[]): Promise<ModelOutput | undefined> {
    const { session, Tensor } = this.started;
    const { output } = this.spec;
    const feeds = Object.fromEntries(
      inputs.map(({ name, type, data, dims }) => [name, new Tensor(type as "int32", data as Int32Array, dims)]),
    );
    try {
      return (await session.run(feeds, [output]))[output];
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new WinnowError("model", `The text tower does not take these tokens: ${words}`, {}, { cause });
    }
  }
}

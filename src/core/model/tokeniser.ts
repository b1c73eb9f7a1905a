import { Tokenizer } from "@huggingface/tokenizers";
import { WinnowError } from "../errors.ts";
import type { TextSpec } from "./textTower.ts";
import type { TokenizerFile } from "./tokenizerFile.ts";

/** What a text became. */
export interface Tokens {
  ids: number[];
  /** How long the model's input is: the rest is filled up. */
  length: number;
  /** The text was longer than the model takes, and its end is left out. */
  cut: boolean;
}

/** What padding is called where nobody says it. */
const usualPads = ["<pad>", "[PAD]", "<|pad|>"];

/**
 * Turns texts into tokens' numbers, as the model's own tokenizer does: with its first and last token, cut where the
 * model takes no more. This file brings the tokenizers' library with it: import it when it is wanted.
 */
export class Tokeniser {
  readonly pad: number;
  private readonly tokenizer: Tokenizer;

  /** @throws WinnowError `config` when the library cannot make sense of the file */
  constructor(
    private readonly file: TokenizerFile,
    private readonly name: string,
  ) {
    this.tokenizer = this.understood(() => new Tokenizer(file.json, file.config));
    this.pad = this.understood(() => this.padOf());
  }

  /** @throws WinnowError `empty` for a text of which nothing is left, `config` as the constructor */
  tokens(given: string, spec: Pick<TextSpec, "length" | "mask">): Tokens {
    const text = this.file.lowerCase ? given.toLowerCase() : given;
    const whole = this.encode(text, true);
    const bare = this.encode(text, false);
    if (bare.length === 0) throw new WinnowError("empty", "There is no word in what is searched for.");
    const most = spec.length ?? this.file.length;
    const cut = most !== null && whole.length > most;
    const ids = cut ? shortened(whole, bare, most) : whole;
    // A model without a mask was trained with texts of one length: padding is part of what it knows.
    const filled = spec.length !== null || this.file.fills || spec.mask === null;
    return { ids, length: Math.max(ids.length, filled ? (most ?? 0) : 0), cut };
  }

  private encode(text: string, special: boolean): number[] {
    const ids = this.understood(() => this.tokenizer.encode(text, { add_special_tokens: special }).ids);
    if (ids.every((id) => Number.isInteger(id) && id >= 0)) return ids;
    throw new WinnowError("config", `“${this.name}” gives a word no number: it has no token for unknown words.`, {
      file: this.name,
    });
  }

  private padOf(): number {
    const { pad } = this.file;
    if (typeof pad === "number") return pad;
    for (const token of pad === null ? usualPads : [pad, ...usualPads]) {
      const id = this.tokenizer.token_to_id(token);
      if (id !== undefined) return id;
    }
    // CLIP's: the token that ends a text fills it up too.
    return this.tokenizer.encode("").ids.at(-1) ?? 0;
  }

  private understood<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new WinnowError(
        "config",
        `“${this.name}” cannot be used as a tokenizer: ${words.slice(0, 200)}`,
        { file: this.name },
        { cause },
      );
    }
  }
}

/** Leaves out the end of a text, not the tokens that the tokenizer puts around it. */
function shortened(whole: readonly number[], bare: readonly number[], most: number): number[] {
  const around = whole.length - bare.length;
  const starts = Array.from({ length: around + 1 }, (_, i) => i);
  const before = starts.find((start) => bare.every((id, i) => whole[start + i] === id));
  if (before === undefined || most <= around) return whole.slice(0, most);
  const kept = most - around;
  return [...whole.slice(0, before), ...bare.slice(0, kept), ...whole.slice(before + bare.length)];
}

import { WinnowError } from "../errors.ts";

/** The largest that are known, of 256,000 tokens, have 35 MB. */
const mostBytes = 64 * 2 ** 20;
/** No tower that goes with images takes more tokens; larger numbers mean “no limit”. */
const mostTokens = 4_096;
const kinds = ["BPE", "WordPiece", "Unigram", "WordLevel"];

/** What Hugging Face's tokenizer.json says, and the tokenizer_config.json beside it. */
export interface TokenizerFile {
  /** As the tokenizer's library takes them. */
  json: object;
  config: object;
  /** Tokens that the model was trained with at most; null: not said. */
  length: number | null;
  /** Every text has that length. */
  fills: boolean;
  /** What shorter texts are filled up with: a token's number or its text; null: not said. */
  pad: number | string | null;
  /** Texts must be put into lower case first: the file's own steps do not. */
  lowerCase: boolean;
}

/** A file that was chosen. */
export interface TextFile {
  name: string;
  text: string;
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/**
 * Whether what a JSON file holds is a tokenizer or its configuration, so that it goes with a text tower; “other” for those
 * that often lie beside them and say nothing more.
 */
export function isForTokenizer(value: unknown, name: string): "tokenizer" | "config" | "other" | null {
  const fields = fieldsOf(value);
  if ("model" in fields && ("added_tokens" in fields || "pre_tokenizer" in fields)) return "tokenizer";
  if ("tokenizer_class" in fields || "model_max_length" in fields || /tokenizer_config/i.test(name)) return "config";
  if (/^tokenizer/i.test(name)) return "tokenizer";
  return /token|vocab/i.test(name) ? "other" : null;
}

/** @throws WinnowError `config` for a file that no tokenizer can have: it is not read then */
export function requireTokenizerSize(name: string, bytes: number): void {
  if (bytes <= mostBytes) return;
  throw new WinnowError(
    "config",
    `“${name}” has ${Math.round(bytes / 1e6)} MB, a tokenizer.json has less than ${Math.round(mostBytes / 1e6)}. Choose the tokenizer.json that lies beside the model.`,
    { file: name },
  );
}

/**
 * Reads a tokenizer.json, and what its tokenizer_config.json adds: the model's length and what fills it up.
 * @throws WinnowError `config` that says what is wrong with the file
 */
export function readTokenizerFile({ name, text }: TextFile, config: TextFile | null): TokenizerFile {
  requireTokenizerSize(name, text.length);
  const value = parsed(name, text);
  const { model, truncation, padding, normalizer } = fieldsOf(value);
  const { type, vocab, unk_token } = fieldsOf(model);
  const size = Array.isArray(vocab) ? vocab.length : Object.keys(fieldsOf(vocab)).length;
  if (size === 0 || (type !== undefined && type !== null && !kinds.includes(String(type)))) {
    throw new WinnowError(
      "config",
      `“${name}” is no tokenizer: expected Hugging Face’s tokenizer.json with a “model” (${kinds.join(", ")}) and its “vocab”, found ${foundIn(value, type, size)}. Choose the tokenizer.json that lies beside the model.`,
      { file: name },
    );
  }
  const configured = config === null ? {} : fieldsOf(parsed(config.name, config.text));
  const fill = fieldsOf(padding);
  const fixed = lengthOf(fieldsOf(fill.strategy).Fixed);
  const padToken = fieldsOf(configured.pad_token).content ?? configured.pad_token;
  return {
    json: value as object,
    // The library looks for a word list's token of unknown words in the configuration alone.
    config: { ...(typeof unk_token === "string" && { unk_token }), ...configured },
    length: fixed ?? lengthOf(fieldsOf(truncation).max_length) ?? lengthOf(configured.model_max_length),
    fills: fixed !== null,
    pad:
      typeof fill.pad_id === "number" && Number.isInteger(fill.pad_id)
        ? fill.pad_id
        : typeof padToken === "string"
          ? padToken
          : null,
    lowerCase: configured.do_lower_case === true && !/"lowercase"(?!:false)/i.test(JSON.stringify(normalizer ?? null)),
  };
}

const lengthOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isInteger(value) && value > 0 && value <= mostTokens ? value : null;

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WinnowError("config", `“${name}” is no JSON.`, { file: name }, { cause });
  }
}

function foundIn(value: unknown, type: unknown, size: number): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "something else";
  if (type !== undefined && !kinds.includes(String(type))) return `“${String(type).slice(0, 40)}”`;
  const keys = Object.keys(value).slice(0, 5);
  const first = keys.map((key) => key.slice(0, 40)).join(", ");
  return size === 0 && "model" in value ? "an empty vocabulary" : first === "" ? "an empty object" : `only ${first}`;
}

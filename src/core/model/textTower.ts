import { WinnowError } from "../errors.ts";
import { isImage } from "./imagePart.ts";
import { type OnnxFile, type OnnxValue, shapeText } from "./onnxFile.ts";

/** One of the inputs that say what the tokens of a text are. */
export interface TokenInput {
  name: string;
  type: "i64" | "i32";
}

/** How a text becomes a text tower's input: read from its file. */
export interface TextSpec {
  /** The tokens' numbers. */
  ids: TokenInput;
  /** 1 for a token, 0 for what only fills up. */
  mask: TokenInput | null;
  /** 0, 1, 2, … */
  positions: TokenInput | null;
  /** All 0: which of two texts a token is of. */
  segments: TokenInput | null;
  output: string;
  /** The only number of tokens that it takes; null: any. */
  length: number | null;
  /** Numbers that it gives a text; null where the file does not say. */
  width: number | null;
}

/** A model's text tower, as it is kept besides its bytes. */
export interface TextTower {
  /** The file's: hostile text. */
  name: string;
  /** Of its files, with the tokenizer's. */
  bytes: number;
  /** The file holds both towers; otherwise it is one of its own. */
  within: boolean;
  /** Names of files beside it that hold its weights. */
  externalFiles: readonly string[];
  spec: TextSpec;
  /** The tokenizer file's name: hostile text. */
  tokenizer: string;
  /** Whether a tokenizer_config.json came with it. */
  configured: boolean;
}

/** Tokens of one text, as a tower takes them. */
export interface TokenTensor {
  name: string;
  /** As onnxruntime calls it. */
  type: "int64" | "int32";
  data: BigInt64Array | Int32Array;
  dims: [number, number];
}

/** What exporters call the row of numbers that stands for a text, the likeliest first. */
const outputNames = [/^text_embed/i, /embed/i, /pooler|pooled/i, /feature/i];
const isNumbers = ({ type }: OnnxValue): boolean => type === "f32" || type === "f16";
const isTokens = ({ type, dims }: OnnxValue): boolean =>
  (type === "i64" || type === "i32") && (dims === null || dims.length === 2);

/** Whether a model takes tokens: a text tower, or both towers in one file. */
export const takesTokens = ({ inputs }: Pick<OnnxFile, "inputs">): boolean => inputs.some(isTokens);

/** Whether a model takes tokens and no image: a text tower in a file of its own. */
export const isTextTower = (file: Pick<OnnxFile, "inputs">): boolean => takesTokens(file) && !file.inputs.some(isImage);

/**
 * What a text tower's shapes say: which inputs are tokens, how many of them it takes, which output stands for the text.
 * Of a file with two towers only what needs no image counts.
 * @param name the file's, for messages
 * @throws WinnowError `model` when it takes no tokens, wants something else besides, or gives no row for a text
 */
export function readTextTower(file: OnnxFile, name: string): TextSpec {
  const wrong = (what: string): WinnowError => new WinnowError("model", `“${name}” ${what}`, { file: name });
  const tokens = file.inputs.filter(isTokens);
  if (tokens.length === 0) {
    throw wrong(
      `is no text tower: expected an input of tokens [N, length] such as “input_ids”, found ${listed(file.inputs)}.`,
    );
  }
  const known = new Set(tokens.map((input) => input.name));
  const outputs = file.outputs.filter(
    (output) =>
      isNumbers(output) && (file.needs?.get(output.name) ?? namesOf(file.inputs)).every((it) => known.has(it)),
  );
  if (outputs.length === 0) {
    throw wrong(`makes nothing of tokens alone: it also wants ${listed(file.inputs.filter((it) => !isTokens(it)))}.`);
  }
  const [output] = outputs
    .filter(({ dims }) => (dims?.length ?? 2) === 2)
    .sort((a, b) => rankOf(a.name) - rankOf(b.name));
  if (!output) {
    throw wrong(
      `gives a row of numbers for each token, not one for the text: ${listed(outputs)}. Export it with its projection (“text_embeds”).`,
    );
  }
  const needed = file.needs?.get(output.name);
  const used = needed ? tokens.filter((input) => needed.includes(input.name)) : tokens;
  const called = (pattern: RegExp): OnnxValue | null => used.find((input) => pattern.test(input.name)) ?? null;
  const [mask, positions, segments] = [called(/mask/i), called(/position/i), called(/type|segment/i)];
  const ids = used.filter((input) => input !== mask && input !== positions && input !== segments);
  const [only] = ids;
  if (!only || ids.length > 1) throw wrong(`takes tokens in a way that is not known: ${listed(used)}.`);
  const [texts, length] = only.dims ?? [];
  if (typeof texts === "number" && texts > 1) {
    throw wrong(`takes ${texts} texts at a time. Export it for one text, or for any number.`);
  }
  const input = (value: OnnxValue | null) => value && { name: value.name, type: value.type as TokenInput["type"] };
  return {
    ids: input(only)!,
    mask: input(mask),
    positions: input(positions),
    segments: input(segments),
    output: output.name,
    length: typeof length === "number" && length > 0 ? length : null,
    width: widthOf(output),
  };
}

const rankOf = (name: string): number => {
  const rank = outputNames.findIndex((pattern) => pattern.test(name));
  return rank < 0 ? outputNames.length : rank;
};
const namesOf = (values: readonly OnnxValue[]): string[] => values.map(({ name }) => name);
const listed = (values: readonly OnnxValue[]): string =>
  values.map((value) => `${value.name} ${value.type} [${shapeText(value)}]`).join(", ") || "none";

/** Length of an output's rows where the file says it. */
export function widthOf({ dims }: OnnxValue): number | null {
  const last = dims?.length === 2 ? dims[1] : null;
  return typeof last === "number" && last > 0 ? last : null;
}

/**
 * A text's tokens as a tower's inputs.
 * @param ids at most as many as the tower takes
 * @param length how many the tensors have: `ids` are filled up with `pad`
 */
export function tokenTensors(ids: readonly number[], length: number, pad: number, spec: TextSpec): TokenTensor[] {
  const all: [TokenInput | null, (i: number) => number][] = [
    [spec.ids, (i) => ids[i] ?? pad],
    [spec.mask, (i) => (i < ids.length ? 1 : 0)],
    [spec.positions, (i) => i],
    [spec.segments, () => 0],
  ];
  return all.flatMap(([input, valueAt]): TokenTensor[] => {
    if (input === null) return [];
    const values = Array.from({ length }, (_, i) => valueAt(i));
    const long = input.type === "i64";
    return [
      {
        name: input.name,
        type: long ? "int64" : "int32",
        data: long ? BigInt64Array.from(values, BigInt) : Int32Array.from(values),
        dims: [1, length],
      },
    ];
  });
}

/**
 * Image and text must be rows of the same length: towers of one model.
 * @throws WinnowError `model` that names both
 */
export function requireSameWidth(text: { name: string; width: number }, image: { name: string; width: number }): void {
  if (text.width === image.width) return;
  throw new WinnowError(
    "model",
    `“${text.name}” gives ${text.width} numbers a text and “${image.name}” ${image.width} an image: they are not towers of one model, or one was exported without its projection. Both need the outputs text_embeds and image_embeds, or those of the same layer.`,
    { file: text.name },
  );
}

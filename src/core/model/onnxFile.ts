import { WinnowError } from "../errors.ts";
import { packed, type WireField, wireFields, wireText } from "../format/protobuf.ts";
import { inputsNeeded } from "./graphParts.ts";

/** Element types of ONNX tensors that matter here; others keep their number: “type 8”. */
const elementTypes: Readonly<Record<number, string>> = {
  1: "f32",
  2: "u8",
  3: "i8",
  4: "u16",
  5: "i16",
  6: "i32",
  7: "i64",
  9: "bool",
  10: "f16",
  11: "f64",
  12: "u32",
  13: "u64",
  16: "bf16",
};
const bytesOfType: Readonly<Record<string, number>> = {
  f32: 4,
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  i32: 4,
  i64: 8,
  bool: 1,
  f16: 2,
  f64: 8,
  u32: 4,
  u64: 8,
  bf16: 2,
};

/** An input or output of a model. */
export interface OnnxValue {
  name: string;
  /** “f32”, “f16”, “u8”, …; “” where the file does not say. */
  type: string;
  /** A number where it is fixed, otherwise the axis' name or “?”. Null: the file gives no shape. */
  dims: readonly (number | string)[] | null;
}

/** What an ONNX file says of itself, read before any session is made. */
export interface OnnxFile {
  /** Those that a caller gives; constants are left out. */
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  /** Of a model with several inputs: the inputs that each output is made from. Absent for one with a single input. */
  needs?: ReadonlyMap<string, readonly string[]>;
  /** Version of the standard operators. */
  opset: number;
  /** Other sets of operators that it imports, with their version. */
  otherOpsets: ReadonlyMap<string, number>;
  /** Nodes by operator, “Conv” or “com.microsoft:Gelu”. */
  operators: ReadonlyMap<string, number>;
  /** By output the operator that makes it. Absent in what an older version stored. */
  madeBy?: ReadonlyMap<string, string>;
  producer: string;
  /** What its maker wrote into it: class names, sizes. At most 100 entries. */
  metadata: ReadonlyMap<string, string>;
  /** Names of files beside it that hold its constants. */
  externalFiles: readonly string[];
  /** Bytes of its constants, in this file and beside it. */
  constantBytes: number;
}

/** A tensor that would need more than this cannot be held in a page. */
const mostTensorBytes = 2 ** 31;
const mostMetadata = 100;
/** Sets of operators that the runtimes here know. */
const knownDomains = new Set(["", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.ms.internal.nhwc"]);

/**
 * Reads what an ONNX file holds, without its weights. Nothing is believed: sizes are checked against the bytes.
 * @param name the file's, for messages
 * @throws WinnowError `model` that says what is wrong with the file and what would help
 */
export function readOnnxFile(bytes: Uint8Array, name: string): OnnxFile {
  const wrong = notOnnx(bytes);
  if (wrong !== null) throw new WinnowError("model", `“${name}” ${wrong}`, { file: name });
  let file: OnnxFile | null;
  try {
    file = fileOf(bytes, name);
  } catch (cause) {
    if (cause instanceof WinnowError) throw cause;
    throw new WinnowError(
      "model",
      `“${name}” is cut off or damaged: it is not a whole ONNX file. Copy or export it again.`,
      { file: name },
      { cause },
    );
  }
  if (file === null || file.outputs.length === 0) {
    throw new WinnowError(
      "model",
      `“${name}” is no ONNX model: there is no graph with outputs in it. Export it as .onnx (for PyTorch: torch.onnx.export).`,
      { file: name },
    );
  }
  const foreign = [...file.operators.keys()].filter((operator) => {
    const domain = operator.includes(":") ? operator.slice(0, operator.lastIndexOf(":")) : "";
    return !knownDomains.has(domain);
  });
  if (foreign.length > 0) {
    throw new WinnowError(
      "model",
      `“${name}” uses operators that no runtime here has: ${foreign.slice(0, 5).join(", ")}. Export it without custom operators, with standard ONNX ones only.`,
      { file: name },
    );
  }
  for (const value of [...file.inputs, ...file.outputs]) {
    const size = bytesOf(value);
    if (size > mostTensorBytes) {
      const gigabytes = Math.round(size / 1e9).toLocaleString("en");
      throw new WinnowError(
        "model",
        `“${name}” asks for ${gigabytes} GB in “${value.name}” [${shapeText(value)}]; a page can hold 2 GB. Export it for smaller images.`,
        { file: name },
      );
    }
  }
  return file;
}

/** “1 × 3 × 224 × 224”, with the names of free axes. */
export const shapeText = ({ dims }: OnnxValue): string => (dims === null ? "any shape" : dims.join(" × "));

/** Bytes of a value for one image; free axes count as 1. */
function bytesOf({ type, dims }: OnnxValue): number {
  const each = bytesOfType[type] ?? 4;
  return (dims ?? []).reduce<number>((product, dim) => product * (typeof dim === "number" ? dim : 1), each);
}

/** What a file is that is plainly something else, as the rest of a sentence; null otherwise. */
function notOnnx(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return "is empty. Copy it again.";
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  if (start.startsWith("version https://git-lfs")) {
    return "is only a pointer to the model, of Git LFS. Fetch the file itself with “git lfs pull”.";
  }
  if (start.startsWith("PK\u0003\u0004")) return "is a zip or a PyTorch file, not an ONNX model. Export it as .onnx.";
  if (start.slice(4, 8) === "TFL3") return "is a TensorFlow Lite model. Convert it with tf2onnx.";
  if (start.startsWith("\u0089HDF")) return "is a Keras model. Convert it with tf2onnx.";
  // A serialised model begins with the field of its version, byte 8; text does not.
  if (/^[\t\n\r\u0020-\u007e]{8,}$/.test(start)) return "is a text file, not an ONNX model.";
  return null;
}

function fileOf(bytes: Uint8Array, name: string): OnnxFile | null {
  let graph: Uint8Array | null = null;
  let producer = "";
  let opset = 0;
  const otherOpsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  for (const field of wireFields(bytes)) {
    if (field.number === 2) producer = wireText(field.bytes, 100);
    else if (field.number === 7) graph = field.bytes;
    else if (field.number === 8 && field.bytes) {
      const [domain, version] = opsetOf(field.bytes);
      if (domain === "" || domain === "ai.onnx") opset = version;
      else otherOpsets.set(domain, version);
    } else if (field.number === 14 && field.bytes && metadata.size < mostMetadata) {
      const [key, value] = entryOf(field.bytes);
      metadata.set(key, value);
    }
  }
  if (graph === null) return null;
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const operators = new Map<string, number>();
  const makers = new Map<string, string>();
  const constants = new Set<string>();
  const external = new Set<string>();
  let constantBytes = 0;
  for (const { number, bytes: part } of wireFields(graph)) {
    if (part === null) continue;
    if (number === 1) {
      const { operator, makes } = nodeOf(part);
      operators.set(operator, (operators.get(operator) ?? 0) + 1);
      for (const made of makes) makers.set(made, operator);
    } else if (number === 5) {
      const constant = constantOf(part, name);
      constants.add(constant.name);
      constantBytes += constant.bytes;
      if (constant.external !== null) external.add(constant.external);
    } else if (number === 11) inputs.push(namedValue(part));
    else if (number === 12) outputs.push(namedValue(part));
  }
  const given = inputs.filter((input) => !constants.has(input.name));
  const names = (values: readonly OnnxValue[]): string[] => values.map(({ name: one }) => one);
  return {
    inputs: given,
    outputs,
    ...(given.length > 1 && { needs: inputsNeeded(graph, new Set(names(given)), names(outputs)) }),
    opset,
    otherOpsets,
    operators,
    madeBy: new Map(outputs.flatMap(({ name }) => (makers.has(name) ? [[name, makers.get(name)!]] : []))),
    producer,
    metadata,
    externalFiles: [...external],
    constantBytes,
  };
}

function opsetOf(message: Uint8Array): [domain: string, version: number] {
  let domain = "";
  let version = 0;
  for (const { number, value, bytes } of wireFields(message)) {
    if (number === 1) domain = wireText(bytes, 200);
    else if (number === 2) version = value;
  }
  return [domain, version];
}

function entryOf(message: Uint8Array): [key: string, value: string] {
  const texts = ["", ""];
  for (const { number, bytes } of wireFields(message)) {
    if (number === 1 || number === 2) texts[number - 1] = wireText(bytes, 100_000);
  }
  return [texts[0]!, texts[1]!];
}

function nodeOf(node: Uint8Array): { operator: string; makes: string[] } {
  let type = "";
  let domain = "";
  const makes: string[] = [];
  for (const { number, bytes } of wireFields(node)) {
    if (number === 2) makes.push(wireText(bytes));
    else if (number === 4) type = wireText(bytes, 200);
    else if (number === 7) domain = wireText(bytes, 200);
  }
  return { operator: domain === "" || domain === "ai.onnx" ? type : `${domain}:${type}`, makes };
}

/** A constant's name, its size, and the file beside the model that holds it. */
function constantOf(message: Uint8Array, file: string): { name: string; bytes: number; external: string | null } {
  let name = "";
  let type = 0;
  let raw: number | null = null;
  let count = 1;
  let external: string | null = null;
  for (const { number, value, bytes } of wireFields(message)) {
    if (number === 1) for (const dim of bytes ? packed(bytes) : [value]) count *= dim;
    else if (number === 2) type = value;
    else if (number === 8) name = wireText(bytes);
    else if (number === 9) raw = bytes?.length ?? 0;
    else if (number === 13 && bytes) {
      const [key, entry] = entryOf(bytes);
      if (key === "location") external = entry;
    }
  }
  const size = count * (bytesOfType[elementTypes[type] ?? ""] ?? 1);
  if (raw !== null && raw > 0 && type in elementTypes && raw !== size) {
    throw new WinnowError(
      "model",
      `“${file}” is damaged: its constant “${name}” should have ${size} bytes and has ${raw}. Export it again.`,
      { file },
    );
  }
  return { name, bytes: size, external };
}

function namedValue(message: Uint8Array): OnnxValue {
  let name = "";
  let type = "";
  let dims: OnnxValue["dims"] = null;
  for (const field of wireFields(message)) {
    if (field.number === 1) name = wireText(field.bytes);
    else if (field.number === 2 && field.bytes) {
      for (const tensor of within(field.bytes, 1)) {
        for (const part of wireFields(tensor)) {
          if (part.number === 1) type = elementTypes[part.value] ?? `type ${part.value}`;
          else if (part.number === 2 && part.bytes) dims = [...within(part.bytes, 1)].map(dimOf);
        }
      }
    }
  }
  return { name, type, dims };
}

function dimOf(message: Uint8Array): number | string {
  let dim: number | string = "?";
  for (const { number, value, bytes } of wireFields(message)) {
    if (number === 1) dim = value;
    else if (number === 2) dim = wireText(bytes, 100) || "?";
  }
  return dim;
}

/** The messages in a field of a message. */
function* within(message: Uint8Array, number: WireField["number"]): Generator<Uint8Array> {
  for (const field of wireFields(message)) if (field.number === number && field.bytes) yield field.bytes;
}

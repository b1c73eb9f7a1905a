import { wireFields, wireText } from "../format/protobuf.ts";
import { joinParts, messageField, numberField, type Part, textField } from "../format/protobufWriter.ts";

/** Field numbers of onnx.proto3. */
const modelGraph = 7;
const graph = { node: 1, initializer: 5 } as const;
const node = { input: 1, output: 2, operator: 4, attribute: 5 } as const;
const attribute = { name: 1, int: 3, ints: 8, type: 20 } as const;
const attributeType = { int: 2, ints: 7 } as const;
const tensor = { dims: 1, type: 2, name: 8, raw: 9 } as const;
const tensorType = { f32: 1, i64: 7 } as const;

/** One step of a model's graph. */
export interface OnnxNode {
  operator: string;
  inputs: string[];
  outputs: string[];
  /** Attributes as they stand in the file, each a field of its own. */
  attributes: Part[];
}

/** The nodes of an ONNX file in their order, as fields of the graph, with what they are. */
export function graphNodes(file: Uint8Array): OnnxNode[] {
  const nodes: OnnxNode[] = [];
  for (const { number, bytes } of wireFields(file)) {
    if (number !== modelGraph || !bytes) continue;
    for (const field of wireFields(bytes)) {
      if (field.number === graph.node && field.bytes) nodes.push(readNode(field.bytes));
    }
  }
  return nodes;
}

function readNode(message: Uint8Array): OnnxNode {
  const read: OnnxNode = { operator: "", inputs: [], outputs: [], attributes: [] };
  for (const { number, bytes } of wireFields(message)) {
    if (!bytes) continue;
    if (number === node.input) read.inputs.push(wireText(bytes));
    else if (number === node.output) read.outputs.push(wireText(bytes));
    else if (number === node.operator) read.operator = wireText(bytes);
    else if (number === node.attribute) read.attributes.push(messageField(node.attribute, bytes));
  }
  return read;
}

/**
 * The same file with other nodes, and with further constants (fields made by `f32Constant` and `i64Constant`); those that
 * no node uses any more are left out.
 */
export function withNodes(file: Uint8Array, nodes: readonly OnnxNode[], constants: readonly Part[]): Uint8Array {
  const parts: Part[] = [];
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  for (const { number, value, bytes } of wireFields(file)) {
    if (number !== modelGraph || !bytes) {
      parts.push(bytes ? messageField(number, bytes) : numberField(number, value));
      continue;
    }
    const kept: Part[] = [];
    for (const field of wireFields(bytes)) {
      if (field.number === graph.node) continue;
      if (field.number === graph.initializer && field.bytes && !used.has(nameOf(field.bytes))) continue;
      kept.push(field.bytes ? messageField(field.number, field.bytes) : numberField(field.number, field.value));
    }
    parts.push(messageField(modelGraph, ...nodes.map(writeNode), ...kept, ...constants));
  }
  return joinParts(parts);
}

function nameOf(initializer: Uint8Array): string {
  for (const { number, bytes } of wireFields(initializer)) if (number === tensor.name) return wireText(bytes);
  return "";
}

const writeNode = ({ operator, inputs, outputs, attributes }: OnnxNode): Part =>
  messageField(
    graph.node,
    ...inputs.map((name) => textField(node.input, name)),
    ...outputs.map((name) => textField(node.output, name)),
    textField(node.operator, operator),
    ...attributes,
  );

export const intAttribute = (name: string, value: number): Part =>
  messageField(
    node.attribute,
    textField(attribute.name, name),
    numberField(attribute.int, value),
    numberField(attribute.type, attributeType.int),
  );

export const intsAttribute = (name: string, values: readonly number[]): Part =>
  messageField(
    node.attribute,
    textField(attribute.name, name),
    ...values.map((value) => numberField(attribute.ints, value)),
    numberField(attribute.type, attributeType.ints),
  );

export const f32Constant = (name: string, dims: readonly number[], values: Float32Array): Part =>
  constant(name, dims, tensorType.f32, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));

export const i64Constant = (name: string, values: readonly number[]): Part =>
  constant(name, [values.length], tensorType.i64, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));

const constant = (name: string, dims: readonly number[], type: number, raw: Uint8Array): Part =>
  messageField(
    graph.initializer,
    ...dims.map((dim) => numberField(tensor.dims, dim)),
    numberField(tensor.type, type),
    textField(tensor.name, name),
    messageField(tensor.raw, raw),
  );

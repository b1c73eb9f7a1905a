import { WinnowError } from "../errors.ts";
import { encodeFloat16 } from "../float16.ts";
import { packed, type WireField, wireFields, wireText } from "../format/protobuf.ts";
import { joinParts, messageField, numberField, type Part, textField } from "../format/protobufWriter.ts";
import { readOnnxFile } from "./onnxFile.ts";
import { intAttribute } from "./onnxGraph.ts";

/** Field numbers of onnx.proto3. */
const modelGraph = 7;
const graph = { node: 1, initializer: 5, output: 12, valueInfo: 13 } as const;
const node = { input: 1, output: 2, operator: 4, attribute: 5 } as const;
const attribute = { name: 1, tensor: 5 } as const;
const tensor = { dims: 1, type: 2, floats: 4, name: 8, raw: 9, external: 14 } as const;
const type = { f32: 1, f16: 10 } as const;
const largest = 65_504;

/** Operators that take half floats wherever they take floats, with no input that must stay a float. */
const known = new Set(
  `Add AveragePool BatchNormalization Cast Clip Concat Constant Conv Div Erf Flatten Gather Gelu Gemm GlobalAveragePool
  HardSigmoid HardSwish Identity LayerNormalization LeakyRelu MatMul MaxPool Mul Pow ReduceMean Relu Reshape Shape Sigmoid
  Slice Softmax Split Sqrt Squeeze Sub Tanh Transpose Unsqueeze`.split(/\s+/),
);

/**
 * The same model computing in half precision; its inputs and outputs stay what they are. Whether the result is good enough
 * is for a comparison to say.
 * @throws WinnowError `model` with a reason for a model that cannot be rewritten
 */
export function halfPrecision(file: Uint8Array): Uint8Array {
  const { inputs, outputs, operators, externalFiles } = readOnnxFile(file, "The model");
  const unknown = [...operators.keys()].find((operator) => !known.has(operator));
  if (unknown) throw cannot(`it uses ${unknown}`);
  if (externalFiles.length > 0) throw cannot("its weights are in another file");
  const floatInputs = new Set(inputs.filter(isFloat).map(({ name }) => name));
  const floatOutputs = new Set(outputs.filter(isFloat).map(({ name }) => name));
  const inside = (name: string): string => (floatInputs.has(name) || floatOutputs.has(name) ? `${name}.half` : name);

  const parts: Part[] = [];
  for (const field of wireFields(file)) {
    if (field.number !== modelGraph || !field.bytes) {
      parts.push(copied(field));
      continue;
    }
    const body: Part[] = [...floatInputs].map((name) => cast(name, `${name}.half`, type.f16));
    for (const inner of wireFields(field.bytes)) {
      // Types in between are worked out anew by the runtime.
      if (inner.number === graph.valueInfo) continue;
      if (inner.number === graph.node && inner.bytes)
        body.push(messageField(graph.node, halfNode(inner.bytes, inside)));
      else if (inner.number === graph.initializer && inner.bytes) {
        body.push(messageField(graph.initializer, halfTensor(inner.bytes)));
      } else body.push(copied(inner));
    }
    body.push(...[...floatOutputs].map((name) => cast(`${name}.half`, name, type.f32)));
    parts.push(messageField(modelGraph, ...body));
  }
  return joinParts(parts);
}

const isFloat = ({ type: of }: { type: string }): boolean => of === "f32";

const cannot = (why: string): WinnowError =>
  new WinnowError("model", `The model cannot be computed in half precision: ${why}`);

const copied = ({ number, value, bytes }: WireField): Part =>
  bytes ? messageField(number, bytes) : numberField(number, value);

const cast = (from: string, to: string, into: number): Part =>
  messageField(
    graph.node,
    textField(node.input, from),
    textField(node.output, to),
    textField(node.operator, "Cast"),
    intAttribute("to", into),
  );

/** A node between the same values in half precision; a cast to floats becomes one to half floats. */
function halfNode(message: Uint8Array, inside: (name: string) => string): Part {
  const fields = [...wireFields(message)];
  const operator = wireText(fields.find(({ number }) => number === node.operator)?.bytes ?? null);
  return joinParts(
    fields.map((field) => {
      const { number, bytes } = field;
      if (!bytes) return copied(field);
      if (number === node.input || number === node.output) return textField(number, inside(wireText(bytes)));
      if (number !== node.attribute) return copied(field);
      if (operator === "Cast") return castAttribute(bytes);
      return operator === "Constant" ? messageField(node.attribute, constantAttribute(bytes)) : copied(field);
    }),
  );
}

function castAttribute(message: Uint8Array): Part {
  const int = 3;
  const to = [...wireFields(message)].find(({ number }) => number === int)?.value ?? 0;
  return intAttribute("to", to === type.f32 ? type.f16 : to);
}

function constantAttribute(message: Uint8Array): Part {
  const fields = [...wireFields(message)];
  const name = wireText(fields.find(({ number }) => number === attribute.name)?.bytes ?? null);
  if (name.startsWith("value_float")) throw cannot("it has a constant of an unusual form");
  return joinParts(
    fields.map((field) =>
      field.number === attribute.tensor && field.bytes
        ? messageField(attribute.tensor, halfTensor(field.bytes))
        : copied(field),
    ),
  );
}

/** A constant of floats as one of half floats; others as they are. */
function halfTensor(message: Uint8Array): Part {
  const fields = [...wireFields(message)];
  if (fields.find(({ number }) => number === tensor.type)?.value !== type.f32) return message;
  if (fields.some(({ number }) => number === tensor.external)) throw cannot("its weights are in another file");
  const raw = fields.find(({ number }) => number === tensor.raw || number === tensor.floats)?.bytes;
  const floats = new Float32Array((raw ?? new Uint8Array(0)).slice().buffer);
  if (floats.some((value) => Math.abs(value) > largest)) throw cannot("it has numbers that are too large");
  const dims = fields.flatMap(({ number, value, bytes }) =>
    number === tensor.dims ? (bytes ? [...packed(bytes)] : [value]) : [],
  );
  const half = encodeFloat16(floats);
  return joinParts([
    ...dims.map((dim) => numberField(tensor.dims, dim)),
    numberField(tensor.type, type.f16),
    ...fields.filter(({ number }) => number === tensor.name).map(copied),
    messageField(tensor.raw, new Uint8Array(half.buffer, half.byteOffset, half.byteLength)),
  ]);
}

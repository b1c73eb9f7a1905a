import { WinnowError } from "../errors.ts";
import { packed, wireFields } from "./protobuf.ts";

/** A constant of an ONNX model as it stands in the file. */
export interface OnnxTensor {
  dims: number[];
  /** Number of `TensorProto.DataType`: 1 float, 3 int8. */
  type: number;
  /** Little-endian; a view of the file. */
  data: Uint8Array;
}

/** Field numbers of onnx.proto3. */
const modelGraph = 7;
const graphInitializer = 5;
const tensor = { dims: 1, type: 2, name: 8, raw: 9 } as const;

/**
 * The constants of an ONNX model that stand in the file as raw bytes, by name.
 * @throws WinnowError `model` when the file ends in the middle or is no protocol buffer
 */
export function onnxTensors(file: Uint8Array): Map<string, OnnxTensor> {
  try {
    return tensorsOf(file);
  } catch (cause) {
    throw broken(cause);
  }
}

function tensorsOf(file: Uint8Array): Map<string, OnnxTensor> {
  const found = new Map<string, OnnxTensor>();
  for (const graph of wireFields(file)) {
    if (graph.number !== modelGraph || !graph.bytes) continue;
    for (const initializer of wireFields(graph.bytes)) {
      if (initializer.number !== graphInitializer || !initializer.bytes) continue;
      let name = "";
      const read: OnnxTensor = { dims: [], type: 0, data: new Uint8Array(0) };
      for (const { number, value, bytes } of wireFields(initializer.bytes)) {
        if (number === tensor.name && bytes) name = String.fromCharCode(...bytes);
        else if (number === tensor.raw && bytes) read.data = bytes;
        else if (number === tensor.type) read.type = value;
        else if (number === tensor.dims) read.dims.push(...(bytes ? packed(bytes) : [value]));
      }
      found.set(name, read);
    }
  }
  return found;
}

const broken = (cause: unknown): WinnowError =>
  new WinnowError("model", "The model file is damaged: it is not a whole ONNX file.", {}, { cause });

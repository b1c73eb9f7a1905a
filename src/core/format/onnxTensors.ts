import { WinnowError } from "../errors.ts";

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
  const found = new Map<string, OnnxTensor>();
  for (const graph of fields(file)) {
    if (graph.number !== modelGraph || !graph.bytes) continue;
    for (const initializer of fields(graph.bytes)) {
      if (initializer.number !== graphInitializer || !initializer.bytes) continue;
      let name = "";
      const read: OnnxTensor = { dims: [], type: 0, data: new Uint8Array(0) };
      for (const { number, value, bytes } of fields(initializer.bytes)) {
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

interface WireField {
  number: number;
  /** Of a varint. */
  value: number;
  /** Of a length-delimited field. */
  bytes: Uint8Array | null;
}

/** The fields of one protocol-buffer message, in file order. */
function* fields(message: Uint8Array): Generator<WireField> {
  const cursor = { at: 0 };
  while (cursor.at < message.length) {
    const key = varint(message, cursor);
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        yield { number, value: varint(message, cursor), bytes: null };
        break;
      case 1:
        cursor.at += 8;
        break;
      case 2: {
        const length = varint(message, cursor);
        if (cursor.at + length > message.length) throw broken();
        yield { number, value: 0, bytes: message.subarray(cursor.at, cursor.at + length) };
        cursor.at += length;
        break;
      }
      case 5:
        cursor.at += 4;
        break;
      default:
        throw broken();
    }
  }
}

function* packed(bytes: Uint8Array): Generator<number> {
  const cursor = { at: 0 };
  while (cursor.at < bytes.length) yield varint(bytes, cursor);
}

/** Exact up to 2⁵³, which no length or dimension reaches. */
function varint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw broken();
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

const broken = (): WinnowError => new WinnowError("model", "The model file is damaged: it is not a whole ONNX file.");

import { BrokenMessage, wireFields, wireText } from "../format/protobuf.ts";

/** Graphs within nodes (the branches of an If) that lie deeper are no model that anyone made. */
const deepest = 32;

/** What of a node matters to who follows values: the names that it reads, and those that it writes. */
interface Reading {
  reads: readonly string[];
  writes: readonly string[];
}

/**
 * The inputs that each output of a graph is made from.
 * @param graph an ONNX GraphProto
 * @param inputs the names of its inputs
 * @throws BrokenMessage
 */
export function inputsNeeded(
  graph: Uint8Array,
  inputs: ReadonlySet<string>,
  outputs: readonly string[],
): Map<string, string[]> {
  const nodes = nodesOf(graph);
  return new Map(
    outputs.map((output) => {
      const { values } = leadingTo(nodes, [output]);
      return [output, [...inputs].filter((name) => values.has(name))];
    }),
  );
}

/**
 * The part of a model that makes one output: a file with two towers becomes a file with one, which takes less memory,
 * runs nothing in vain and wants no input of the other.
 * @param bytes an ONNX model that `readOnnxFile` has read
 * @throws BrokenMessage
 */
export function towerOf(bytes: Uint8Array, output: string): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const { number, value, bytes: part } of wireFields(bytes)) {
    if (part === null) parts.push(varint(number * 8), varint(value));
    else if (number === 7) parts.push(...delimited(number, graphOf(part, output)));
    else parts.push(...delimited(number, [part]));
  }
  return joined(parts);
}

function graphOf(graph: Uint8Array, output: string): Uint8Array[] {
  const nodes = nodesOf(graph);
  const { used, values } = leadingTo(nodes, [output]);
  const parts: Uint8Array[] = [];
  let node = 0;
  for (const { number, bytes: part } of wireFields(graph)) {
    if (part === null) continue;
    const kept =
      number === 1
        ? used.has(node++)
        : number === 5
          ? values.has(nameOf(part, 8))
          : number === 11
            ? values.has(nameOf(part, 1))
            : number === 12
              ? nameOf(part, 1) === output
              : // What is said of values in between (13) is left out: it names values that are gone.
                number !== 13;
    if (kept) parts.push(...delimited(number, [part]));
  }
  return parts;
}

/** The nodes that lead to some values, by their place, and all values on the way. */
function leadingTo(nodes: readonly Reading[], wanted: readonly string[]): { used: Set<number>; values: Set<string> } {
  const writer = new Map<string, number>();
  for (const [i, { writes }] of nodes.entries()) for (const name of writes) writer.set(name, i);
  const used = new Set<number>();
  const values = new Set(wanted);
  // A set that grows while it is walked: what is added comes at its end.
  for (const value of values) {
    const i = writer.get(value);
    if (i === undefined || used.has(i)) continue;
    used.add(i);
    for (const name of nodes[i]!.reads) values.add(name);
  }
  return { used, values };
}

const nodesOf = (graph: Uint8Array): Reading[] =>
  [...wireFields(graph)].filter(({ number, bytes }) => number === 1 && bytes).map(({ bytes }) => readingOf(bytes!, 0));

/** A node reads its inputs, and whatever the graphs within it read. */
function readingOf(node: Uint8Array, depth: number): Reading {
  if (depth > deepest) throw new BrokenMessage("graphs within graphs without end");
  const reads: string[] = [];
  const writes: string[] = [];
  for (const { number, bytes } of wireFields(node)) {
    if (bytes === null) continue;
    if (number === 1) reads.push(wireText(bytes));
    else if (number === 2) writes.push(wireText(bytes));
    else if (number === 5) {
      for (const { number: kind, bytes: graph } of wireFields(bytes)) {
        if ((kind === 6 || kind === 11) && graph) reads.push(...readWithin(graph, depth + 1));
      }
    }
  }
  return { reads, writes };
}

function readWithin(graph: Uint8Array, depth: number): string[] {
  const reads: string[] = [];
  for (const { number, bytes } of wireFields(graph)) {
    if (number === 1 && bytes) reads.push(...readingOf(bytes, depth).reads);
    else if (number === 12 && bytes) reads.push(nameOf(bytes, 1));
  }
  return reads;
}

/** The name in a field of a message. */
function nameOf(message: Uint8Array, field: number): string {
  for (const { number, bytes } of wireFields(message)) if (number === field && bytes) return wireText(bytes);
  return "";
}

function delimited(number: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [varint(number * 8 + 2), varint(length), ...parts];
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) + 128);
    left = Math.floor(left / 128);
  }
  return Uint8Array.of(...bytes, left);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

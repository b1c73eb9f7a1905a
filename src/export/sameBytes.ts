/** Small enough to hold two, large enough that most images are one slice. */
const SLICE_BYTES = 1 << 20;

/** True when two blobs have the same content; reads no further than the first difference. */
export async function sameBytes(a: Blob, b: Blob): Promise<boolean> {
  if (a.size !== b.size) return false;
  for (let start = 0; start < a.size; start += SLICE_BYTES) {
    const end = start + SLICE_BYTES;
    const [left, right] = await Promise.all([bytes(a.slice(start, end)), bytes(b.slice(start, end))]);
    if (left.length !== right.length || left.some((value, i) => value !== right[i])) return false;
  }
  return true;
}

async function bytes(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

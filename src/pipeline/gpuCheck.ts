import { WinnowError } from "../core/errors.ts";
import type { SessionPool } from "./sessionPool.ts";

/** Cosine that a provider must reach to WASM's features of the same images before it is trusted. */
const agreement = 0.999;
/** Providers have been wrong only for batches over 1, and only for single images; small, as it runs before anything else. */
const probedBatches = [1, 8] as const;
/** Images by which speeds are compared, and milliseconds under which a difference says nothing. */
const timedBatch = 8;
const leastTimed = 20;
const timeoutMs = 30_000;

/**
 * Compares what two pools make of the same made images, and ends both.
 * @param size side of the images
 * @throws WinnowError `model` that says how far they are apart
 */
export async function requireAgreement(gpu: SessionPool, wasm: SessionPool, size: number): Promise<void> {
  const [onGpu, onWasm] = await Promise.all([probe(gpu, size), probe(wasm, size)]);
  for (const [i, count] of probedBatches.entries()) {
    const cosine = worstCosine(onGpu[i]!, onWasm[i]!, count);
    // Features that are all zero have no cosine: not a number is no agreement.
    if (cosine >= agreement) continue;
    const batch = count === 1 ? "" : ` for ${count} images at a time`;
    throw new WinnowError("model", `WebGPU disagrees with WASM${batch} (cosine ${cosine.toFixed(4)})`);
  }
}

/**
 * Compares the time of one GPU session with that of all WASM sessions together.
 * @param size side of the images
 * @throws WinnowError `model` when the GPU is slower
 */
export async function requireFaster(gpu: SessionPool, wasm: SessionPool, size: number): Promise<void> {
  const [gpuMs, wasmMs] = [await timed(gpu, size), (await timed(wasm, size)) / wasm.size];
  if (gpuMs <= Math.max(leastTimed, wasmMs)) return;
  throw new WinnowError(
    "model",
    `slower than WASM (${Math.round(gpuMs / timedBatch)} ms an image, ${Math.round(wasmMs / timedBatch)})`,
  );
}

/** Features of the same made images on any provider, by {@link probedBatches}. */
async function probe(pool: SessionPool, size: number): Promise<Float32Array[]> {
  try {
    const all: Float32Array[] = [];
    for (const count of probedBatches) {
      const rgb = madeImages(count, size);
      all.push((await pool.run({ rgb, count }, (remote, request) => remote.embed(request), { timeoutMs })).result);
    }
    return all;
  } finally {
    pool.close();
  }
}

/** Milliseconds that one session needs for {@link timedBatch} images, after a run that is not counted. */
async function timed(pool: SessionPool, size: number): Promise<number> {
  const rgb = madeImages(timedBatch, size);
  const run = () => pool.run({ rgb, count: timedBatch }, (remote, request) => remote.embed(request), { timeoutMs });
  await run();
  return (await run()).timed.milliseconds;
}

/** Images of size × size × 3 bytes that are not alike, the same every time. */
export const madeImages = (count: number, size: number): Uint8Array =>
  Uint8Array.from({ length: count * size * size * 3 }, (_, i) => (i * 7919 + (i >> 7) * 31) & 255);

/** Smallest cosine between equal rows of two count × n matrices; NaN when a row is all zero. */
export function worstCosine(a: Float32Array, b: Float32Array, count: number): number {
  const cols = a.length / count;
  let worst = 1;
  for (let row = 0; row < count; row++) {
    let ab = 0;
    let aa = 0;
    let bb = 0;
    for (let i = row * cols; i < (row + 1) * cols; i++) {
      ab += a[i]! * b[i]!;
      aa += a[i]! ** 2;
      bb += b[i]! ** 2;
    }
    worst = Math.min(worst, ab / Math.sqrt(aa * bb));
  }
  return worst;
}

interface GpuAdapter {
  isFallbackAdapter?: boolean;
  info?: { isFallbackAdapter?: boolean };
  features: { has(name: string): boolean };
}

interface GpuNavigator {
  gpu?: { requestAdapter(): Promise<GpuAdapter | null> };
}

/** Why there is no GPU worth trying, or null. A software adapter computes a hundred times slower than WASM. */
export async function browsersGpuProblem(): Promise<string | null> {
  const { gpu } = navigator as GpuNavigator;
  if (!gpu) return "no WebGPU in this browser";
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) return "no GPU";
  return (adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false) ? "no GPU but a software one" : null;
}

/** Whether the GPU computes with half floats. */
export async function browsersGpuHasHalf(): Promise<boolean> {
  const adapter = await (navigator as GpuNavigator).gpu?.requestAdapter().catch(() => null);
  return adapter?.features.has("shader-f16") ?? false;
}

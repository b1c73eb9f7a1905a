import type { KernelModule } from "../functions.ts";
import type { Views } from "./views.ts";

type LayoutKernels = Pick<KernelModule, "umapEpoch" | "tsneSpread" | "tsneRepel" | "tsneMove">;

/** The finaliser of splitmix32. */
function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

const bits = new DataView(new ArrayBuffer(4));

/** A function of the squared distance from a table over its logarithm; see assembly/umap.ts. */
function lookUp(f32: Float32Array, table: number, squared: number): number {
  bits.setFloat32(0, squared);
  const word = bits.getInt32(0);
  const index = Math.min(Math.max((word >> 17) - ((127 - 24) << 6), 0), 40 * 64 - 1);
  const low = f32[table + 2 * index]!;
  return low + ((word & 0x1ffff) / 131_072) * (f32[table + 2 * index + 2]! - low);
}

const clip = (force: number): number => Math.max(-4, Math.min(4, force));

/** Cubic B-spline weights of four grid lines, and their derivatives. */
function spline(t: number): { weights: number[]; slopes: number[] } {
  const s = 1 - t;
  const middle = (u: number): number => 3 * u ** 3 - 6 * u ** 2 + 4;
  return {
    weights: [s ** 3 / 6, middle(t) / 6, middle(s) / 6, t ** 3 / 6],
    slopes: [-(s ** 2) / 2, t * (1.5 * t - 2), -s * (1.5 * s - 2), t ** 2 / 2],
  };
}

export function layoutKernels(views: () => Views): LayoutKernels {
  return {
    umapEpoch(begin, end, _thread, first, others, rates, from, to, points, epoch, negatives, step, table, seed) {
      const { f32, i32 } = views();
      for (let i = begin; i < end; i++) {
        const x = f32[(from >> 2) + 2 * i]!;
        const y = f32[(from >> 2) + 2 * i + 1]!;
        let fx = 0;
        let fy = 0;
        let random = mix(seed ^ mix(i + mix(epoch)));
        for (let e = i32[(first >> 2) + i]!; e < i32[(first >> 2) + i + 1]!; e++) {
          const other = i32[(others >> 2) + e]!;
          const rate = f32[(rates >> 2) + e]!;
          const phase = Math.fround((mix(Math.imul(i + other, 0x9e3779b1) ^ (i ^ other)) >>> 8) / 16_777_216);
          const turn = (at: number): number => Math.floor(Math.fround(Math.fround(at * rate) + phase));
          if (turn(epoch + 1) === turn(epoch)) continue;
          const against = (one: number, entry: number, factor: number): void => {
            const dx = x - f32[(from >> 2) + 2 * one]!;
            const dy = y - f32[(from >> 2) + 2 * one + 1]!;
            const squared = dx * dx + dy * dy;
            if (squared === 0 && entry === 0) return;
            const force = lookUp(f32, (table >> 2) + entry, squared);
            fx += factor * clip(force * dx);
            fy += factor * clip(force * dy);
          };
          against(other, 0, 2);
          for (let n = 0; n < negatives; n++) {
            random = (Math.imul(random, 1664525) + 1013904223) | 0;
            const stranger = Number((BigInt(mix(random)) * BigInt(points)) >> 32n);
            if (stranger !== i) against(stranger, 1, 1);
          }
        }
        f32[(to >> 2) + 2 * i] = x + step * fx;
        f32[(to >> 2) + 2 * i + 1] = y + step * fy;
      }
    },

    tsneSpread(begin, end, _thread, positions, points, parts, grids, side, cornerX, cornerY, cells) {
      const { f32 } = views();
      for (let part = begin; part < end; part++) {
        const grid = (grids >> 2) + part * side * side;
        f32.fill(0, grid, grid + side * side);
        const last = Math.floor((points * (part + 1)) / parts);
        for (let i = Math.floor((points * part) / parts); i < last; i++) {
          const { column, row, across, along } = place(f32, positions, i, cornerX, cornerY, cells);
          for (let r = 0; r < 4; r++) {
            for (let c = 0; c < 4; c++) {
              const at = grid + (row + r) * side + column + c;
              f32[at] = f32[at]! + across.weights[c]! * along.weights[r]!;
            }
          }
        }
      }
    },

    tsneRepel(begin, end, _thread, positions, potential, side, cornerX, cornerY, cells, forces, sums, chunk) {
      const { f32, f64 } = views();
      let sum = 0;
      for (let i = begin; i < end; i++) {
        const { column, row, across, along } = place(f32, positions, i, cornerX, cornerY, cells);
        let [fx, fy] = [0, 0];
        for (let r = 0; r < 4; r++) {
          for (let c = 0; c < 4; c++) {
            const value = f32[(potential >> 2) + (row + r) * side + column + c]!;
            sum += value * across.weights[c]! * along.weights[r]!;
            fx += value * across.slopes[c]! * along.weights[r]!;
            fy += value * across.weights[c]! * along.slopes[r]!;
          }
        }
        f32[(forces >> 2) + 2 * i] = -0.5 * cells * fx;
        f32[(forces >> 2) + 2 * i + 1] = -0.5 * cells * fy;
      }
      f64[(sums >> 3) + Math.floor(begin / chunk)] = sum;
    },

    tsneMove(begin, end, _thread, ...rest) {
      const [first, others, weights, from, to, forces, motion, attraction, repulsion, rate, momentum, bounds, chunk] =
        rest;
      const { f32, i32 } = views();
      const box = [Infinity, Infinity, -Infinity, -Infinity, 0, 0];
      for (let i = begin; i < end; i++) {
        const at = [f32[(from >> 2) + 2 * i]!, f32[(from >> 2) + 2 * i + 1]!];
        const pull = [0, 0];
        for (let e = i32[(first >> 2) + i]!; e < i32[(first >> 2) + i + 1]!; e++) {
          const other = (from >> 2) + 2 * i32[(others >> 2) + e]!;
          const difference = at.map((value, axis) => value - f32[other + axis]!);
          const factor = f32[(weights >> 2) + e]! / (1 + difference[0]! ** 2 + difference[1]! ** 2);
          for (const axis of [0, 1]) pull[axis] = pull[axis]! + factor * difference[axis]!;
        }
        for (const axis of [0, 1]) {
          const state = (motion >> 2) + 4 * i + axis;
          const gradient = attraction * pull[axis]! - repulsion * f32[(forces >> 2) + 2 * i + axis]!;
          const agree = gradient > 0 === f32[state + 2]! > 0;
          f32[state] = agree ? Math.max(f32[state]! * 0.8, 0.01) : f32[state]! + 0.2;
          f32[state + 2] = momentum * f32[state + 2]! - rate * f32[state]! * gradient;
          const next = at[axis]! + f32[state + 2]!;
          f32[(to >> 2) + 2 * i + axis] = next;
          box[axis] = Math.min(box[axis]!, next);
          box[axis + 2] = Math.max(box[axis + 2]!, next);
          box[axis + 4] = box[axis + 4]! + next;
        }
      }
      f32.set(box, (bounds >> 2) + 6 * Math.floor(begin / chunk));
    },
  };
}

/** The first of a point's four columns and rows of the grid, and its weights on them. */
function place(f32: Float32Array, positions: number, i: number, cornerX: number, cornerY: number, cells: number) {
  const x = (f32[(positions >> 2) + 2 * i]! - cornerX) * cells;
  const y = (f32[(positions >> 2) + 2 * i + 1]! - cornerY) * cells;
  const [column, row] = [Math.floor(x), Math.floor(y)];
  return { column: column - 1, row: row - 1, across: spline(x - column), along: spline(y - row) };
}

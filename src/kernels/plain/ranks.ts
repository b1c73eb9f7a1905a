import type { KernelModule } from "../functions.ts";
import { distanceSquared, type Views } from "./views.ts";

/** Ranks of the plane's neighbours by sorting; see assembly/trust.ts. */
export function rankKernels(views: () => Views): Pick<KernelModule, "planeRanks"> {
  return {
    planeRanks(begin, end, _thread, data, rows, stride, _norms, positions, list, k, ranks) {
      const { f32, i32 } = views();
      for (let s = begin; s < end; s++) {
        const row = i32[(list >> 2) + s]!;
        const others = Array.from({ length: rows }, (_, other) => other).filter((other) => other !== row);
        const inPlane = (other: number): number => {
          const dx = f32[(positions >> 2) + 2 * row]! - f32[(positions >> 2) + 2 * other]!;
          const dy = f32[(positions >> 2) + 2 * row + 1]! - f32[(positions >> 2) + 2 * other + 1]!;
          return Math.fround(Math.fround(dx * dx) + Math.fround(dy * dy));
        };
        const inSpace = new Map(
          others.map((other) => [
            other,
            distanceSquared(f32, (data >> 2) + row * stride, (data >> 2) + other * stride, stride),
          ]),
        );
        const near = [...others].sort((a, b) => inPlane(a) - inPlane(b) || a - b).slice(0, k);
        const ranked = others.sort((a, b) => inSpace.get(a)! - inSpace.get(b)! || a - b);
        for (const [n, other] of near.entries()) i32[(ranks >> 2) + s * k + n] = ranked.indexOf(other) + 1;
      }
    },
  };
}

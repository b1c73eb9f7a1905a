import type { Task } from "../task.ts";

export interface MinimiseOptions {
  /** Ends when no part of the gradient is larger. */
  tolerance: number;
  maxIterations: number;
  /** Applies a symmetric positive definite guess of the inverse Hessian, in place. */
  precondition: (vector: Float64Array) => void;
}

export interface Minimum {
  /** Steps that were taken. */
  iterations: number;
  value: number;
  /** False when `maxIterations` ended it. */
  converged: boolean;
}

/** Pairs of steps and gradient changes that are remembered. */
const memory = 10;
/** Share of the promised decrease that a step must bring (Armijo). */
const sufficient = 1e-4;

/**
 * Minimises a smooth convex function by L-BFGS (Nocedal 1980) with a preconditioner and a backtracking line search.
 * @param x the start; becomes the minimum, in place
 * @param evaluate fills the gradient and returns the value
 */
export function* minimise(
  x: Float64Array,
  evaluate: (x: Float64Array, gradient: Float64Array) => Task<number>,
  { tolerance, maxIterations, precondition }: MinimiseOptions,
): Task<Minimum> {
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let gradient: Float64Array = new Float64Array(x.length);
  let value = yield* evaluate(x, gradient);
  for (let iterations = 0; ; iterations++) {
    if (largest(gradient) <= tolerance) return { iterations, value, converged: true };
    if (iterations === maxIterations) return { iterations, value, converged: false };
    const direction = twoLoops(gradient, pairs, precondition);
    const slope = dot(gradient, direction);
    const next = new Float64Array(x.length);
    const nextGradient = new Float64Array(x.length);
    let step = 1;
    let found = false;
    for (let tries = 0; tries < 30 && !found; tries++) {
      for (let i = 0; i < x.length; i++) next[i] = x[i]! + step * direction[i]!;
      const reached = yield* evaluate(next, nextGradient);
      if (reached <= value + sufficient * step * slope) {
        value = reached;
        found = true;
      } else {
        // The minimum of the parabola through what is known, kept within a tenth and a half of the step.
        const parabola = (-slope * step * step) / (2 * (reached - value - slope * step));
        step = Math.min(step / 2, Math.max(step / 10, parabola));
      }
    }
    // Rounding is all that is left: no step brings anything.
    if (!found) return { iterations, value, converged: true };
    const s = new Float64Array(x.length);
    const y = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) {
      s[i] = next[i]! - x[i]!;
      y[i] = nextGradient[i]! - gradient[i]!;
    }
    const bend = dot(s, y);
    if (bend > 1e-300) {
      pairs.push({ s, y, rho: 1 / bend });
      if (pairs.length > memory) pairs.shift();
    }
    x.set(next);
    gradient = nextGradient;
  }
}

/** −H · gradient by the two loops, with the preconditioner in their middle scaled to the latest pair. */
function twoLoops(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; rho: number }[],
  precondition: (vector: Float64Array) => void,
): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (const { s, y, rho } of [...pairs].reverse()) {
    const alpha = rho * dot(s, q);
    alphas.push(alpha);
    for (let i = 0; i < q.length; i++) q[i]! -= alpha * y[i]!;
  }
  precondition(q);
  const last = pairs.at(-1);
  if (last) {
    const changed = last.y.slice();
    precondition(changed);
    const scale = 1 / (last.rho * dot(last.y, changed));
    for (let i = 0; i < q.length; i++) q[i]! *= scale;
  }
  for (const { s, y, rho } of pairs) {
    const correction = alphas.pop()! - rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i]! += correction * s[i]!;
  }
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}

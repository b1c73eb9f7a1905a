import type { Kernels } from "../../kernels/load.ts";
import { type Matrix, matrix } from "../matrix.ts";
import { RowSet } from "../rowSet.ts";
import { coverageOf } from "../select/coverage.ts";
import { randomRows } from "../select/random.ts";
import type { Task } from "../task.ts";
import type { SelectionConfig } from "./config.ts";
import { CoverageMeter, measuredRows } from "./coverageMeter.ts";
import { askedOf, eligibleRows } from "./narrowing.ts";
import type { SelectionData, SelectionOutcome, SelectionScope } from "./problem.ts";
import { selectImages } from "./selectImages.ts";

/** How far picks and as many random ones reach, after each pick. Euclidean on unit vectors, 0…2. */
export interface CoverageCurves {
  /** Covering radius: the largest distance of an image to its nearest chosen one. */
  radii: Float32Array;
  /** The mean of these distances. */
  means: Float32Array;
  randomRadii: Float32Array;
  randomMeans: Float32Array;
}

/** How each pick stands to those before it. */
export interface Nearest {
  /** For each pick its nearest row among those chosen before; −1 for a first pick of an empty set. */
  nearestChosen: Int32Array;
  /** For each pick its distance to that row; 0 for a first pick of an empty set. */
  pickDistances: Float32Array;
}

/** What a run that goes on has picked: all that a record needs when it is broken off. */
export interface PicksSoFar extends CoverageCurves {
  rows: Uint32Array;
  factors: Float64Array;
  measuredOn: number;
}

/** A choice with how well it covers. */
export interface MeasuredSelection extends SelectionOutcome, CoverageCurves, Nearest {
  /** In how many images coverage was measured: all that are chosen among, or a random sample of them. */
  measuredOn: number;
}

export interface MeasuringOptions {
  /** Of the random choice, and of the sample in which large projects are measured. */
  seed: number;
  /** Gets, before anything is picked, what tells at any time what is picked so far. */
  watch?: (soFar: () => PicksSoFar) => void;
}

/** {@link selectImages}, measured pick after pick beside a random choice among the same images. */
export function* selectMeasured(
  kernels: Kernels,
  data: SelectionData,
  config: SelectionConfig,
  scope: SelectionScope,
  { seed, watch }: MeasuringOptions,
): Task<MeasuredSelection> {
  const curves = new Curves(kernels, data, config, scope, seed);
  const picked: number[] = [];
  let factors: readonly number[] = [];
  watch?.(() => ({
    rows: Uint32Array.from(picked.slice(0, curves.length)),
    factors: Float64Array.from(factors.slice(0, curves.length * config.strategies.length)),
    measuredOn: curves.measuredOn,
    ...curves.arrays(),
  }));
  const choice = selectImages(kernels, data, config, scope, (rows, all) => {
    picked.push(...rows);
    factors = all;
  });
  // All parts of the work report as one: how many picks are measured.
  const reporting = function* <T>(task: Task<T>): Task<T> {
    for (;;) {
      const step = task.next();
      if (step.done) return step.value;
      yield { done: curves.length, total: curves.planned };
    }
  };
  try {
    for (;;) {
      const step = choice.next();
      while (curves.length < picked.length) yield* reporting(curves.add(picked[curves.length]!));
      if (step.done) {
        const { rows } = step.value;
        const nearest = yield* reporting(nearestBefore(kernels, data.embeddings, rows, scope.alreadyChosen));
        return { ...step.value, ...curves.arrays(), ...nearest, measuredOn: curves.measuredOn };
      }
      yield { done: curves.length, total: curves.planned };
    }
  } finally {
    choice.return(undefined as never);
    curves.free();
  }
}

/** Each pick's nearest among the already chosen and the picks before it. */
export function* nearestBefore(
  kernels: Kernels,
  { data, cols }: Matrix,
  picks: Uint32Array,
  alreadyChosen: Uint32Array,
): Task<Nearest> {
  const rows = [...alreadyChosen, ...picks];
  const own = new Float32Array(rows.length * cols);
  for (const [i, row] of rows.entries()) own.set(data.subarray(row * cols, (row + 1) * cols), i * cols);
  const places = Uint32Array.from(rows.keys());
  const before = alreadyChosen.length;
  const part = matrix(own, rows.length, cols);
  const { nearestChosen, pickDistances } = yield* coverageOf(
    kernels,
    part,
    places.subarray(before),
    places.subarray(0, before),
  );
  return { nearestChosen: nearestChosen.map((place) => (place < 0 ? place : rows[place]!)), pickDistances };
}

/** The coverage of picks and of random ones, as long as they are measured. */
class Curves {
  /** Most picks that there will be. */
  readonly planned: number;
  readonly measuredOn: number;
  private ours: CoverageMeter | null = null;
  private random: CoverageMeter | null = null;
  private readonly part: Uint32Array | null;
  private readonly among: Uint32Array | null;
  private readonly radii: number[] = [];
  private readonly means: number[] = [];
  private readonly randomRadii: number[] = [];
  private readonly randomMeans: number[] = [];
  private randomOrder = new Uint32Array(0);

  constructor(
    private readonly kernels: Kernels,
    private readonly data: SelectionData,
    config: SelectionConfig,
    private readonly scope: SelectionScope,
    private readonly seed: number,
  ) {
    const isEligible = eligibleRows(config, data, scope);
    const eligible = RowSet.of(Uint32Array.from(isEligible.keys()).filter((row) => isEligible[row] === 1));
    const chosen = RowSet.of(scope.alreadyChosen);
    const left = eligible.without(chosen).size;
    const narrowed = scope.among !== null || config.pathExpression !== undefined;
    this.planned = Math.min(left, askedOf(config, eligible.size, left));
    this.part = narrowed ? eligible.union(chosen).rows : null;
    this.among = measuredRows(data.rows, this.part, this.planned + chosen.size, seed);
    this.measuredOn = this.among?.length ?? data.rows;
  }

  get length(): number {
    return this.radii.length;
  }

  /** Measures one more pick, and one more random one where any is left. */
  *add(row: number): Task<void> {
    if (this.ours === null || this.random === null) yield* this.begin();
    const reach = yield* this.ours!.choose(row);
    const other = this.randomOrder[this.length];
    const random = other === undefined ? { radius: 0, mean: 0 } : yield* this.random!.choose(other);
    this.radii.push(reach.radius);
    this.means.push(reach.mean);
    this.randomRadii.push(random.radius);
    this.randomMeans.push(random.mean);
  }

  arrays(): CoverageCurves {
    return {
      radii: Float32Array.from(this.radii),
      means: Float32Array.from(this.means),
      randomRadii: Float32Array.from(this.randomRadii),
      randomMeans: Float32Array.from(this.randomMeans),
    };
  }

  free(): void {
    this.ours?.free();
    this.random?.free();
  }

  private *begin(): Task<void> {
    const { kernels, data, among, planned, part } = this;
    const { alreadyChosen } = this.scope;
    const capacity = planned + alreadyChosen.length;
    this.ours = new CoverageMeter(kernels, data.embeddings, among, capacity);
    this.random = new CoverageMeter(kernels, data.embeddings, among, capacity);
    for (const row of alreadyChosen) {
      yield* this.ours.choose(row);
      yield* this.random.choose(row);
    }
    this.randomOrder = randomAmong(data.rows, part, planned, alreadyChosen, this.seed);
  }
}

/** Random rows of a part; null: of all. */
function randomAmong(
  rows: number,
  part: Uint32Array | null,
  n: number,
  alreadyChosen: Uint32Array,
  seed: number,
): Uint32Array<ArrayBuffer> {
  if (part === null) return Uint32Array.from(randomRows(rows, n, alreadyChosen, seed));
  const before = new Set(alreadyChosen);
  const places = Array.from(part.keys()).filter((place) => before.has(part[place]!));
  return Uint32Array.from(randomRows(part.length, n, places, seed), (place) => part[place]!);
}

import type { KnnGraph } from "../../src/core/knn/knnGraph.ts";
import { knnGraph } from "../../src/core/knn/knnGraph.ts";
import { type Matrix, matrix, normaliseRows } from "../../src/core/matrix.ts";
import { Random } from "../../src/core/random.ts";
import { kCenter } from "../../src/core/select/kCenter.ts";
import type { SelectionConfig, SelectionStrategy } from "../../src/core/selection/config.ts";
import { fieldData } from "../../src/core/selection/fieldData.ts";
import { selectMeasured } from "../../src/core/selection/measured.ts";
import { selectImages } from "../../src/core/selection/selectImages.ts";
import type { Task } from "../../src/core/task.ts";
import { drive } from "../../workers/drive.ts";
import { startKernels } from "../../workers/kernels.ts";
import type { SelectionTimes } from "./selectionRate.ts";

const cols = 64;
const classes = 10;

/** Vectors in clouds, of length 1: made at once, the same every time. */
function clouds(rows: number): Matrix {
  const random = new Random(1);
  const centres = Float32Array.from({ length: 200 * cols }, () => random.normal());
  const data = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const centre = random.below(200) * cols;
    for (let c = 0; c < cols; c++) data[row * cols + c] = centres[centre + c]! + 3 * (random.float() - 0.5);
  }
  return normaliseRows(matrix(data, rows, cols));
}

const embeddings = { type: "EMBEDDINGS" } as const;
const diversity: SelectionStrategy = { input: embeddings, strategy: { type: "DIVERSITY" } };
const weights: SelectionStrategy = { input: { type: "METADATA", key: "w" }, strategy: { type: "WEIGHTS" } };
const balance: SelectionStrategy = {
  input: { type: "METADATA", key: "class" },
  strategy: { type: "BALANCE", distribution: "UNIFORM" },
};
const coverage: SelectionStrategy = { input: embeddings, strategy: { type: "COVERAGE" } };

/** What choosing n of some rows takes, in milliseconds, driven as the analysis worker drives it. */
async function measure(rows: number, n: number, all: boolean): Promise<SelectionTimes> {
  const kernels = await startKernels();
  const points = clouds(rows);
  const random = new Random(2);
  let graph: KnnGraph | null = null;
  let reports = 0;
  const run = async <T>(task: Task<T>): Promise<[T, number]> => {
    const begin = performance.now();
    const value = await drive("bench", task, () => reports++);
    return [value, performance.now() - begin];
  };
  const data = fieldData({
    embeddings: points,
    // biome-ignore lint/correctness/useYield: the graph is there
    *graph() {
      return graph!;
    },
    paths: [],
    fields: [
      {
        id: "w",
        title: "w",
        kind: "number",
        unit: "score",
        values: Float64Array.from({ length: rows }, () => 0.05 + random.float()),
      },
      {
        id: "class",
        title: "class",
        kind: "category",
        names: Array.from({ length: classes }, (_, i) => `class ${i}`),
        ofRow: Int32Array.from({ length: rows }, () => Math.floor(classes * random.float() ** 2)),
      },
    ],
    tags: new Map(),
  });
  const everything = { alreadyChosen: new Uint32Array(0), among: null };
  const choose = async (...strategies: SelectionStrategy[]): Promise<[Uint32Array, number]> => {
    const config: SelectionConfig = { nSamples: n, strategies };
    const [{ rows: picks }, ms] = await run(selectImages(kernels, data, config, everything));
    return [picks, ms];
  };
  const [bare, kCenterMs] = await run(kCenter(kernels, points, { n }));
  reports = 0;
  const [picks, diversityMs] = await choose(diversity);
  const diversityReports = reports;
  if (bare.rows.some((row, i) => row !== picks[i])) throw new Error("k-center and DIVERSITY choose differently");
  const [measured, measuredMs] = await run(
    selectMeasured(kernels, data, { nSamples: n, strategies: [diversity] }, everything, { seed: 1 }),
  );
  const times: SelectionTimes = {
    threads: kernels.threads,
    kCenterMs,
    diversityMs,
    reports: diversityReports,
    measuredMs,
    measuredOn: measured.measuredOn,
    radius: measured.radii.at(-1) ?? 0,
    checksum: picks.reduce((sum, row, i) => (sum + row * (i + 1)) % 1_000_000_007, 0),
    weightsMs: null,
    balanceMs: null,
    coverageMs: null,
  };
  if (!all) return times;
  times.weightsMs = (await choose(diversity, weights))[1];
  times.balanceMs = (await choose(diversity, balance))[1];
  [graph] = await run(knnGraph(kernels, points, 30));
  times.coverageMs = (await choose(coverage))[1];
  return times;
}

self.onmessage = ({ data: { rows, n, all } }: MessageEvent<{ rows: number; n: number; all: boolean }>) => {
  measure(rows, n, all).then(
    (times) => self.postMessage({ times }),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
};

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { matrix } from "../../../src/core/matrix.ts";
import type { SelectionStrategy } from "../../../src/core/selection/config.ts";
import { selectImages } from "../../../src/core/selection/selectImages.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels } from "../../fixtures/kernels.ts";
import { hasShared, sharedFolder } from "../../fixtures/shared.ts";
import { dataOf, oneClassEach } from "./selectionData.ts";

interface Golden {
  runs: { strategies: string; preselected: number[]; ids: number[] }[];
}

const strategies: Record<string, SelectionStrategy> = {
  diversity: { input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } },
  weights: { input: { type: "METADATA", key: "w" }, strategy: { type: "WEIGHTS" } },
  balance: { input: { type: "METADATA", key: "digit" }, strategy: { type: "BALANCE", distribution: "UNIFORM" } },
};

describe.skipIf(!hasShared).each(everyKernels)("LightlyStudio's picks on digits, %s kernels", (_, kernels) => {
  it("are ours with combination “cumulative”", async () => {
    const golden = JSON.parse(
      await readFile(join(sharedFolder, "golden/selection_engine_digits.json"), "utf8"),
    ) as Golden;
    const folder = join(sharedFolder, "golden/digits");
    const numbers = new Float32Array(new Uint8Array(await readFile(join(folder, "E.f32"))).buffer);
    const rows = 1797;
    const labels = await readFile(join(folder, "labels.u8"));
    const w = Array.from({ length: rows }, (_, i) => ((i * 7919) % 1000) / 1000 + 0.001);
    const names = Array.from({ length: 10 }, (_, digit) => String(digit));
    const data = dataOf(matrix(numbers, rows, 64), { w }, oneClassEach(names, labels));
    for (const { strategies: named, preselected, ids } of golden.runs) {
      const config = {
        nSamples: ids.length - preselected.length,
        combination: "cumulative" as const,
        strategies: named.split("+").map((name) => strategies[name]!),
      };
      const scope = { alreadyChosen: Uint32Array.from(preselected), among: null };
      const found = runToEnd(selectImages(kernels, data, config, scope));
      expect([named, ...preselected, ...found.rows]).toEqual([named, ...ids]);
    }
  });
});

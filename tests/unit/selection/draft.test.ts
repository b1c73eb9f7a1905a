import { describe, expect, it } from "vitest";
import type { Field, NumberField } from "../../../src/core/explore/field.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import { cardKinds, cardNeed, kindOf, newStrategy } from "../../../src/core/selection/cards.ts";
import type { SelectionConfig } from "../../../src/core/selection/config.ts";
import { distributionOf } from "../../../src/core/selection/distribution.ts";
import {
  besideCards,
  type ConfigDraft,
  configOfDraft,
  draftOfConfig,
  moved,
} from "../../../src/core/selection/draft.ts";
import { presetOf, selectionPresets } from "../../../src/core/selection/presets.ts";
import { configText, readConfig } from "../../../src/core/selection/readConfig.ts";
import { alreadyChosenRows } from "../../../src/state/selectDraft.ts";
import { positionOf, strengthAt } from "../../../src/ui/selecting/strength.ts";

const bytes: NumberField = {
  id: "bytes",
  title: "Bytes",
  kind: "number",
  unit: "bytes",
  values: Float64Array.of(1, 2, 3, 4, 100),
};
const folder: Field = {
  id: "folder",
  title: "Folder",
  kind: "category",
  names: ["a", "b"],
  ofRow: Int32Array.of(0, 0, 0, 1, -1),
};
const choices = { numbers: [bytes], categories: [folder], tags: ["cat"], objects: [] };
const empty: ConfigDraft = { amount: { by: "count", count: 50, percent: 10 }, strategies: [], rest: {} };

describe("cards", () => {
  it("each new one is a configuration that can be read and says what it is", () => {
    for (const kind of cardKinds) {
      const strategy = newStrategy(kind, choices);
      expect(kindOf(strategy)).toBe(kind);
      expect(readConfig(JSON.parse(configText({ nSamples: 5, strategies: [strategy] }))).strategies).toEqual([
        strategy,
      ]);
      expect(cardNeed(kind, choices)).toBe(null);
    }
    expect(newStrategy("Threshold", choices).strategy).toMatchObject({ threshold: 3 });
    const none = { numbers: [], categories: [], tags: [], objects: [] };
    expect(cardKinds.filter((kind) => cardNeed(kind, none) !== null)).toEqual([
      "Weights",
      "Threshold",
      "Balance",
      "Similarity",
    ]);
  });

  it("a configuration becomes cards and the same configuration again", () => {
    const configs: SelectionConfig[] = [
      { nSamples: 7, strategies: [newStrategy("Diversity", choices)], combination: "cumulative" },
      { proportionSamples: 0.35, strategies: [newStrategy("Balance", choices), newStrategy("Random", choices)] },
      {
        nSamples: -1,
        pathExpression: "a",
        strategies: [
          { input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY", stoppingConditionMinimumDistance: 1 } },
        ],
      },
    ];
    let draft = empty;
    for (const config of configs) {
      draft = draftOfConfig(config, draft);
      expect(configOfDraft(draft)).toEqual(config);
      expect(new Set(draft.strategies.map(({ key }) => key)).size).toBe(draft.strategies.length);
    }
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  });

  it("presets are recognised by their strategies, and nothing else is", () => {
    const by = { input: { type: "SCORES" as const, task: "t", score: "s" }, tagName: "cat" };
    for (const preset of selectionPresets) {
      const given = preset.needs === "category" ? { input: { type: "METADATA" as const, key: "folder" } } : by;
      const found = presetOf(preset.strategies(given));
      // Marked images get a tag: then it is the preset of that tag.
      expect(found?.preset.id).toBe(preset.id === "similar-marked" ? "similar" : preset.id);
      const strategies = preset
        .strategies(given)
        .map((one, i) => (i === 0 ? { ...one, strategy: { ...one.strategy, strength: 3 } } : one));
      expect(presetOf(strategies)).toBe(null);
      expect(() => readConfig({ nSamples: 5, strategies: preset.strategies(given) })).not.toThrow();
    }
  });

  it("what the engine says is said of cards", () => {
    expect(besideCards("strategies[0].strategy.threshold is NaN, expected number.")).toBe(
      "Strategy 1: threshold is not a number.",
    );
    expect(besideCards("strategies[2] (WEIGHTS of METADATA “w”): all weights are zero.")).toBe(
      "Strategy 3 (WEIGHTS of METADATA “w”): all weights are zero.",
    );
  });

  it("the strength's slider has 1 half way, 0 in the middle, and inverts to the left", () => {
    expect([-1, -0.5, 0, 0.5, 1].map(strengthAt)).toEqual([-11, -1, 0, 1, 11]);
    for (let position = -1; position <= 1; position += 0.05) {
      expect(Math.abs(positionOf(strengthAt(position)) - position)).toBeLessThan(0.12);
      expect(strengthAt(position + 0.05)).toBeGreaterThanOrEqual(strengthAt(position));
    }
    expect(positionOf(1e9)).toBe(1);
  });
});

describe("what counts as chosen", () => {
  it("is the union of selections, tags and a list", () => {
    const record = (id: string, ...rows: number[]) => ({ id, rows: Uint32Array.from(rows) });
    const there = {
      selections: [record("a", 1, 2), record("b", 2, 3)] as unknown as Parameters<
        typeof alreadyChosenRows
      >[1]["selections"],
      tags: new Map([["cat", RowSet.of([9])]]),
    };
    const list = { name: "", rows: Uint32Array.of(3, 20), unmatched: [] };
    const of = (already: Parameters<typeof alreadyChosenRows>[0]) => [...alreadyChosenRows(already, there).rows];
    expect(of({ selections: "all", tags: [], list: null })).toEqual([1, 2, 3]);
    expect(of({ selections: ["a", "gone"], tags: ["cat", "gone"], list })).toEqual([1, 2, 3, 9, 20]);
    expect(of({ selections: [], tags: [], list: null })).toEqual([]);
  });
});

describe("before and after", () => {
  it("shares of classes, of images that have one", () => {
    expect(distributionOf(folder, [0, 3], null, 5, 10)).toEqual({
      bars: [
        { name: "a", all: 0.75, chosen: 0.5 },
        { name: "b", all: 0.25, chosen: 0.5 },
      ],
      more: 0,
      classes: { all: 2, chosen: 2 },
    });
    // Two choices side by side need not have the same classes.
    expect(distributionOf(folder, [3], [0], 5, 9)!.bars).toEqual([
      { name: "a", all: 1, chosen: 0 },
      { name: "b", all: 0, chosen: 1 },
    ]);
    expect(distributionOf(folder, [3], [0, 3], 5, 1)).toMatchObject({ more: 1, classes: { all: 2, chosen: 1 } });
  });

  it("bins of numbers hold every value once", () => {
    const found = distributionOf({ ...bytes, unit: "score" }, [0, 4], null, 5, 4)!;
    expect(found.bars.map(({ all, chosen }) => [all, chosen])).toEqual([
      [0.8, 0.5],
      [0, 0],
      [0, 0],
      [0.2, 0.5],
    ]);
    expect(found.bars[3]!.to).toBe(100);
  });
});

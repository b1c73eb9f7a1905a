import { describe, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import { edited } from "../../../src/core/changes.ts";
import { WinnowError } from "../../../src/core/errors.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";
import type { SelectionRecord } from "../../../src/core/records.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import type { SelectionConfig } from "../../../src/core/selection/config.ts";
import type { SelectRequest, SelectResult } from "../../../src/pipeline/analyst.ts";
import { Jobs } from "../../../src/state/jobs.ts";
import { Notices } from "../../../src/state/notices.ts";
import { continueSelection, growSelection, repeatSelection, runSelection } from "../../../src/state/selecting.ts";
import type { Session } from "../../../src/state/session.ts";
import { initialState, type WinnowState } from "../../../src/state/state.ts";

const diversity: SelectionConfig["strategies"] = [{ input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } }];

/** A result that chooses these rows, with three that would come next. */
function resultOf(rows: readonly number[], requested = rows.length): SelectResult {
  const curve = Float32Array.from(rows, (_, i) => 1 / (i + 1));
  return {
    rows: Uint32Array.from(rows),
    next: Uint32Array.of(90, 91, 92),
    requested,
    factors: new Float64Array(rows.length),
    stopped: "",
    notes: [],
    radii: curve,
    means: curve,
    randomRadii: curve,
    randomMeans: curve,
    nearestChosen: Int32Array.from(rows, () => -1),
    pickDistances: curve,
    measuredOn: 100,
  };
}

/** A session whose engine is `answer`; edits are done as the history does them. */
function sessionWith(answer: (request: SelectRequest, broken: (picks: SelectResult) => void) => Promise<SelectResult>) {
  const store = createStore<WinnowState>(() => ({
    ...initialState(new ImageTable(), RowSet.empty),
    head: { ...initialState(new ImageTable(), RowSet.empty).head, fitted: { rows: 100, dim: 2, report: {} as never } },
  }));
  const requests: SelectRequest[] = [];
  const select = (request: SelectRequest, { broken }: { broken: (picks: SelectResult) => void }) => {
    requests.push(request);
    return answer(request, broken);
  };
  const session = {
    atlas: { ensureCurrent: async () => undefined, headHash: "h" },
    desk: {
      store,
      jobs: new Jobs(store, () => 0),
      notices: new Notices(store),
      now: () => 1_000 + store.getState().selections.length,
      programVersion: "1",
      isOpen: () => true,
      project: { analysis: { select } },
    },
    history: {
      do: async (changeOf: (state: WinnowState) => { edits: Parameters<typeof edited>[1] } | null) => {
        const state = store.getState();
        const change = changeOf(state);
        if (change === null) return;
        const after = edited({ ...state, name: "", shownId: state.shown?.id ?? null }, change.edits);
        store.setState({
          selections: after.selections,
          shown: after.selections.find(({ id }) => id === after.shownId) ?? null,
        });
      },
    },
  } as unknown as Session;
  const said = () => store.getState().notices.map(({ text }) => text);
  return { session, store, requests, said };
}

const run = (session: Session, config: SelectionConfig, alreadyChosen: number[] = []) =>
  runSelection(session, { title: "", config, alreadyChosen, onlyShown: false, withExcluded: false });
const only = ({ store }: { store: { getState(): WinnowState } }): SelectionRecord => store.getState().selections[0]!;

describe("a selection", () => {
  it("becomes a record with everything that made it", async () => {
    const there = sessionWith(async () => resultOf([5, 3]));
    await run(there.session, { nSamples: 2, strategies: diversity }, [9, 4, 9]);
    expect(only(there)).toMatchObject({
      name: "Selection 1",
      requested: 2,
      alreadyChosen: Uint32Array.of(4, 9),
      rows: Uint32Array.of(5, 3),
      next: Uint32Array.of(90, 91, 92),
      imageCount: 100,
      headHash: "h",
      config: { nSamples: 2 },
    });
    expect(there.requests[0]!.beyond).toBe(20);
    expect(there.store.getState().shown?.id).toBe(only(there).id);
    expect(there.store.getState().choosing).toBe(null);
  });

  it("that cannot be names the strategy as its card does, and nothing chosen earlier is lost", async () => {
    let broken = false;
    const there = sessionWith(async () => {
      if (broken) throw new WinnowError("config", "strategies[1] (WEIGHTS of METADATA “w”): all weights are zero.");
      return resultOf([5, 3]);
    });
    await run(there.session, { nSamples: 2, strategies: diversity });
    const before = there.store.getState();
    broken = true;
    await run(there.session, { nSamples: 2, strategies: diversity });
    const unknown: SelectionConfig["strategies"] = [
      { input: { type: "SCORES", task: "probe", score: "margin" }, strategy: { type: "WEIGHTS" } },
    ];
    await run(there.session, { nSamples: 2, strategies: unknown });
    expect(there.said()).toEqual([
      "Strategy 2 (WEIGHTS of METADATA “w”): all weights are zero.",
      "Strategy 1 (WEIGHTS of SCORES “probe/margin”): there is no score “margin” of a task “probe”. There are: none.",
    ]);
    expect(there.requests).toHaveLength(2);
    expect(there.store.getState().selections).toBe(before.selections);
    expect(there.store.getState().shown).toBe(before.shown);
  });

  it("that is cancelled offers its picks and stores nothing by itself", async () => {
    const there = sessionWith(async (_, broken) => {
      broken(resultOf([8, 6, 7]));
      throw new WinnowError("cancelled", "Cancelled.");
    });
    await run(there.session, { proportionSamples: 0.5, strategies: diversity });
    expect(there.store.getState().selections).toEqual([]);
    const [offer] = there.store.getState().notices;
    expect(offer!.action!.label).toBe("Keep the 3 picked");
    offer!.action!.run();
    await Promise.resolve();
    expect(only(there)).toMatchObject({ rows: Uint32Array.of(8, 6, 7), requested: 3 });
    // Run again it is complete.
    expect(only(there).config).toEqual({ nSamples: 3, strategies: diversity });
  });

  it("goes on with its own picks as chosen, and takes in what would come next", async () => {
    const there = sessionWith(async ({ config, alreadyChosen }) =>
      alreadyChosen.length > 1 ? resultOf([60, 61]) : resultOf([5, 3, 90, 91, 92].slice(0, config.nSamples)),
    );
    await run(there.session, { nSamples: 2, strategies: diversity }, [7]);
    await continueSelection(there.session, only(there).id);
    expect([...there.requests[1]!.alreadyChosen]).toEqual([3, 5, 7]);
    const { id } = only(there);
    await growSelection(there.session, id, 3);
    expect(there.requests[2]!.config.nSamples).toBe(5);
    const grown = there.store.getState().selections.find((one) => one.id === id)!;
    expect([...grown.rows]).toEqual([5, 3, 90, 91, 92]);
    expect(grown).toMatchObject({ name: "Selection 1", requested: 5, config: { nSamples: 5 } });
    expect(there.store.getState().selections).toHaveLength(2);
  });

  it("does not grow where its rules choose others now", async () => {
    const answers = [resultOf([5, 3]), resultOf([5, 4, 90, 91, 92])];
    const there = sessionWith(async () => answers.shift()!);
    await run(there.session, { nSamples: 2, strategies: diversity });
    const before = only(there);
    await growSelection(there.session, before.id, 3);
    expect(only(there)).toBe(before);
    expect(there.said()[0]).toMatch(/^Nothing was added to “Selection 1”.* 1 of 2 images are the same/);
  });

  it("is run again: the same says so, another is kept beside it with the reason", async () => {
    const answers = [resultOf([5, 3]), resultOf([5, 3]), resultOf([5, 4])];
    const there = sessionWith(async () => answers.shift()!);
    await run(there.session, { nSamples: 2, strategies: diversity });
    const { id } = only(there);
    await repeatSelection(there.session, id);
    expect(there.said()).toEqual(["The same 2 images again, in the same order."]);
    expect(there.store.getState().selections).toHaveLength(1);
    there.store.setState(({ head }) => ({ head: { ...head, fitted: { ...head.fitted!, rows: 112 } } }));
    await repeatSelection(there.session, id);
    expect(there.said()[1]).toBe("1 of 2 images are the same: 12 images have come since.");
    expect(there.store.getState().selections.map(({ name }) => name)).toEqual([
      "Selection 1",
      "Selection 2 · Selection 1 again",
    ]);
  });
});

import type { Kernels } from "../../kernels/load.ts";
import { WinnowError } from "../errors.ts";
import { RowSet } from "../rowSet.ts";
import type { Task } from "../task.ts";
import { columnsOf } from "./columns.ts";
import type { SelectionConfig } from "./config.ts";
import { cumulative } from "./cumulative.ts";
import { greedy, type Pick } from "./greedy.ts";
import { playOf, rowsOfUnit } from "./play.ts";
import type { SelectionData, SelectionOutcome, SelectionScope } from "./problem.ts";
import { expressionOf } from "./readConfig.ts";

/**
 * Chooses images by a configuration (specs/selection.md): thresholds filter, then one pick after the other takes the
 * candidate with the largest product of factors. The same configuration, data and scope give the same picks.
 * @param onPick gets the rows of each pick as it is taken: a cancelled run keeps them
 * @throws WinnowError `config` for what cannot be, naming the strategy and the remedy
 */
export function* selectImages(
  kernels: Kernels,
  data: SelectionData,
  config: SelectionConfig,
  { alreadyChosen, among }: SelectionScope,
  onPick: (rows: Uint32Array) => void = () => undefined,
): Task<SelectionOutcome> {
  const { pathExpression, selectedSequenceLength: length = 1 } = config;
  const allowed = new Uint8Array(data.rows).fill(among === null ? 1 : 0);
  for (const row of among ?? []) allowed[row] = 1;
  if (pathExpression !== undefined) {
    const expression = expressionOf(pathExpression);
    for (let row = 0; row < data.rows; row++) if (!expression.test(data.path(row))) allowed[row] = 0;
    if (!allowed.includes(1)) throw new WinnowError("config", `path_expression matches no image: “${pathExpression}”.`);
  }
  const narrowed = among !== null || pathExpression !== undefined;
  const eligible = Uint32Array.from(allowed.keys()).filter((row) => allowed[row] === 1);
  const inPlay = narrowed ? RowSet.of(eligible).union(RowSet.of(alreadyChosen)).rows : null;
  for (const row of alreadyChosen) allowed[row] = 0;

  const columns = yield* columnsOf(kernels, data, config, allowed);
  const play = playOf(kernels, data, columns, alreadyChosen, inPlay, length);
  const left = play.allowed.reduce((sum, one) => sum + one, 0);
  const asked =
    config.nSamples === undefined
      ? Math.round((config.proportionSamples ?? 0) * eligible.length)
      : config.nSamples < 0
        ? left * length
        : config.nSamples;
  const units = Math.min(left, Math.floor(asked / length));

  const rows: number[] = [];
  const factors: number[] = [];
  const done = ({ unit, factors: given }: Pick): void => {
    const own = rowsOfUnit(play, unit);
    for (const row of own) {
      rows.push(row);
      for (let s = 0; s < config.strategies.length; s++) factors.push(given.get(s) ?? Number.NaN);
    }
    onPick(own);
  };
  const choose = config.combination === "cumulative" ? cumulative : greedy;
  const stopped = yield* choose(kernels, play, units, done);
  return {
    rows: Uint32Array.from(rows),
    requested: asked,
    factors: Float64Array.from(factors),
    stopped: stopped === "" && rows.length < asked ? `only ${rows.length} images were left` : stopped,
    notes: columns.notes,
  };
}

import type { Kernels } from "../../kernels/load.ts";
import { RowSet } from "../rowSet.ts";
import type { Task } from "../task.ts";
import { columnsOf } from "./columns.ts";
import type { SelectionConfig } from "./config.ts";
import { cumulative } from "./cumulative.ts";
import { greedy, type Pick } from "./greedy.ts";
import { askedOf, eligibleRows } from "./narrowing.ts";
import { playOf, rowsOfUnit } from "./play.ts";
import type { SelectionData, SelectionOutcome, SelectionScope } from "./problem.ts";

/**
 * Chooses images by a configuration (specs/selection.md): thresholds filter, then one pick after the other takes the
 * candidate with the largest product of factors. The same configuration, data and scope give the same picks.
 * @param onPick gets the rows of each pick as it is taken, and the factors of all so far: a cancelled run keeps them
 * @throws WinnowError `config` for what cannot be, naming the strategy and the remedy
 */
export function* selectImages(
  kernels: Kernels,
  data: SelectionData,
  config: SelectionConfig,
  { alreadyChosen, among, beyond = 0 }: SelectionScope,
  onPick: (rows: Uint32Array, factors: readonly number[]) => void = () => undefined,
): Task<SelectionOutcome> {
  const { pathExpression, selectedSequenceLength: length = 1 } = config;
  const allowed = eligibleRows(config, data, { among });
  const narrowed = among !== null || pathExpression !== undefined;
  const eligible = Uint32Array.from(allowed.keys()).filter((row) => allowed[row] === 1);
  const inPlay = narrowed ? RowSet.of(eligible).union(RowSet.of(alreadyChosen)).rows : null;
  for (const row of alreadyChosen) allowed[row] = 0;

  const columns = yield* columnsOf(kernels, data, config, allowed);
  const play = playOf(kernels, data, columns, alreadyChosen, inPlay, length);
  const left = play.allowed.reduce((sum, one) => sum + one, 0);
  const asked = askedOf(config, eligible.length, left * length);
  const units = Math.min(left, Math.floor(asked / length));
  const further = Math.min(left - units, Math.ceil(beyond / length));

  const rows: number[] = [];
  const next: number[] = [];
  const factors: number[] = [];
  let taken = 0;
  const done = ({ unit, factors: given }: Pick): void => {
    const own = rowsOfUnit(play, unit);
    if (taken++ >= units) {
      next.push(...own);
      return;
    }
    for (const row of own) {
      rows.push(row);
      for (let s = 0; s < config.strategies.length; s++) factors.push(given.get(s) ?? Number.NaN);
    }
    onPick(own, factors);
  };
  const choose = config.combination === "cumulative" ? cumulative : greedy;
  const stopped = yield* choose(kernels, play, units + further, done);
  return {
    rows: Uint32Array.from(rows),
    next: Uint32Array.from(next),
    requested: asked,
    factors: Float64Array.from(factors),
    stopped: taken >= units || stopped === "" ? shortOf(rows.length, asked, length) : stopped,
    notes: columns.notes,
  };
}

/** Why there are fewer than asked for although nothing stopped; “” when there are not. */
function shortOf(found: number, asked: number, length: number): string {
  if (found >= asked || asked - found < length) return "";
  return found === 1 ? "only 1 image was left" : `only ${found} images were left`;
}

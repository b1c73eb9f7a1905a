import type { SelectionConfig } from "./config.ts";
import {
  applyThreshold,
  askedOf,
  eligibleRows,
  inputNumbers,
  leaveOutUnknown,
  leaveOutWithoutObjects,
  type NarrowedData,
} from "./narrowing.ts";
import { placeOf, within } from "./place.ts";
import type { SelectionScope } from "./problem.ts";

/** What a selection would choose among, before it runs. */
export interface Estimate {
  /** Images of the scope, those chosen already included. */
  eligible: number;
  /** Of these, chosen already. */
  chosen: number;
  /** By strategy: how many images it takes out, thresholds and missing values. */
  removed: number[];
  /** Images that may be chosen. */
  left: number;
  /** Images asked for; without a limit all that are left. */
  asked: number;
  /** The most that will be chosen. */
  most: number;
  /** Whether a stopping condition may end it before. */
  mayStop: boolean;
}

/**
 * Counts what a configuration leaves to choose from. Agrees with the engine, but for images
 * below a smallest typicality, and objects that are not embedded yet.
 * @throws WinnowError `config` as the engine would: an unknown field, a threshold that leaves nothing
 */
export function estimateOf(
  config: SelectionConfig,
  data: NarrowedData,
  { alreadyChosen, among }: SelectionScope,
): Estimate {
  const allowed = eligibleRows(config, data, { among });
  const eligible = count(allowed);
  for (const row of alreadyChosen) allowed[row] = 0;
  const free = count(allowed);
  const removed = config.strategies.map(() => 0);
  let left = free;
  for (const [index, one] of config.strategies.entries()) {
    const { input, strategy } = one;
    const task = input.type === "EMBEDDINGS" ? input.task : undefined;
    if (strategy.type !== "THRESHOLD" && strategy.type !== "WEIGHTS" && task === undefined) continue;
    if (left === 0) break;
    const place = placeOf(index, one);
    within(place, () => {
      if (task !== undefined) {
        leaveOutWithoutObjects(data.objects(task), allowed, data.path, place);
        return;
      }
      const values = inputNumbers(data, config.strategies, index);
      leaveOutUnknown(values, allowed, data.path, place);
      if (strategy.type === "THRESHOLD") applyThreshold(strategy, values, allowed, place);
    });
    const now = count(allowed);
    removed[index] = left - now;
    left = now;
  }
  const length = config.selectedSequenceLength ?? 1;
  const asked = askedOf(config, eligible, left);
  const most = Math.floor(Math.min(asked, left) / length) * length;
  return { eligible, chosen: eligible - free, removed, left, asked, most, mayStop: config.strategies.some(stops) };
}

const count = (allowed: Uint8Array): number => allowed.reduce((sum, one) => sum + one, 0);

/** Whether a strategy can end the choice early. */
const stops = ({ strategy }: SelectionConfig["strategies"][number]): boolean =>
  (strategy.type === "DIVERSITY" && (strategy.stoppingConditionMinimumDistance ?? 0) > 0) ||
  (strategy.type === "WEIGHTS" &&
    (strategy.stoppingConditionMaxSum !== undefined || strategy.targetRange !== undefined)) ||
  (strategy.type === "TYPICALITY" && (strategy.stoppingConditionMinimumTypicality ?? 0) > 0);

import { isWinnowError, WinnowError } from "../errors.ts";
import type { SelectionInput, SelectionStrategy } from "./config.ts";

/** “strategies[1] (WEIGHTS of METADATA “sharpness”)”: where something is wrong. */
export const placeOf = (index: number, { input, strategy }: SelectionStrategy): string =>
  `strategies[${index}] (${strategy.type}${ofInput(input)})`;

/** “ of METADATA “sharpness””. */
function ofInput(input: SelectionInput): string {
  switch (input.type) {
    case "SCORES":
      return ` of SCORES “${input.task}/${input.score}”`;
    case "METADATA":
      return ` of METADATA “${input.key}”`;
    case "PREDICTIONS":
      return ` of PREDICTIONS “${input.task}”`;
    case "EMBEDDINGS":
      return input.task === undefined ? "" : ` of objects of “${input.task}”`;
    default:
      return "";
  }
}

/** Looks something up; what is wrong with it then begins with where. */
export function within<T>(place: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!isWinnowError(error, "config") || error.message.startsWith(place)) throw error;
    throw new WinnowError("config", `${place}: ${error.message}`, { place });
  }
}

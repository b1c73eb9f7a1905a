import { transferHandlers } from "comlink";
import { type ErrorCode, type ErrorDetail, toWinnowError, WinnowError } from "../core/errors.ts";

interface ThrownError {
  message: string;
  code: ErrorCode;
  detail: ErrorDetail;
  stack: string | undefined;
}

let carried = false;

/**
 * Makes errors cross a worker boundary whole: comlink's own handler keeps only message, name and stack, so `code` and
 * `detail` would be lost. Both sides call this before they `wrap` or `expose`; more calls change nothing.
 */
export function carryErrors(): void {
  const original = transferHandlers.get("throw");
  if (carried || original === undefined) return;
  carried = true;
  transferHandlers.set("throw", {
    canHandle: original.canHandle as (value: unknown) => value is { value: unknown },
    serialize: ({ value }: { value: unknown }) => {
      const { message, code, detail, stack } = toWinnowError(value);
      return [{ message, code, detail, stack } satisfies ThrownError, []];
    },
    deserialize: (thrown: ThrownError) => {
      const error = new WinnowError(thrown.code, thrown.message, thrown.detail);
      if (thrown.stack !== undefined) error.stack = thrown.stack;
      throw error;
    },
  });
}

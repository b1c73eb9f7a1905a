import { useCallback, useEffect, useState } from "react";
import { isWinnowError } from "../../core/errors.ts";
import { useActions } from "../winnow.tsx";
import { Originals } from "./originals.ts";

export type Original =
  | { status: "loading" }
  | { status: "ready"; url: string }
  /** The browser wants a click before the folder may be read again. */
  | { status: "permission" }
  | { status: "vanished" }
  | { status: "failed"; message: string };

const loading: Original = { status: "loading" };

/** A held arrow key passes many images: only one that stays this long is read from the disk. */
const settleMs = 70;

/** Originals that are let go of with the component; null for its first moment. */
export function useOriginals(): Originals | null {
  const actions = useActions();
  const [originals, setOriginals] = useState<Originals | null>(null);
  useEffect(() => {
    const made = new Originals((wanted) => actions.original(wanted));
    setOriginals(made);
    return () => made.close();
  }, [actions]);
  return originals;
}

/** The original file of a row as an object URL of the given originals. */
export function useOriginal(
  originals: Originals,
  row: number,
): { original: Original; retry: () => void; fail: (message: string) => void } {
  const [state, setState] = useState<{ row: number; original: Original }>({ row, original: loading });
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is what asks again
  useEffect(() => {
    let left = false;
    const show = (original: Original) => {
      if (!left) setState({ row, original });
    };
    const timer = setTimeout(() => {
      originals.open(row).then(
        (url) => show({ status: "ready", url }),
        (error: unknown) => {
          if (isWinnowError(error, "permission")) show({ status: "permission" });
          else if (isWinnowError(error, "vanished")) show({ status: "vanished" });
          else show({ status: "failed", message: error instanceof Error ? error.message : String(error) });
        },
      );
    }, settleMs);
    return () => {
      left = true;
      clearTimeout(timer);
      setState({ row, original: loading });
    };
  }, [originals, row, attempt]);

  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  const fail = useCallback((message: string) => setState({ row, original: { status: "failed", message } }), [row]);
  return { original: state.row === row ? state.original : loading, retry, fail };
}

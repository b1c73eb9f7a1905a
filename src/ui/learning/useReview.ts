import { useEffect, useRef, useState } from "react";
import { isTyping } from "../shell/usePageKeys.ts";
import { useActions } from "../winnow.tsx";

interface Decisions {
  accept: () => void;
  keep: () => void;
  exclude: () => void;
}

/**
 * The walk through a list of suspicious things: one of them is shown, a decision goes on to the next that is open. Keys: A
 * or Enter accepts, K keeps, X excludes, U takes back, arrows and J move.
 */
export function useReview(count: number, isOpen: (place: number) => boolean, decide: (place: number) => Decisions) {
  const actions = useActions();
  const places = Array.from({ length: count }, (_, i) => i);
  const [at, setAt] = useState(() => Math.max(0, places.findIndex(isOpen)));
  const place = Math.min(at, count - 1);
  // A decision is stored a moment after the key: who is quick must not come back to what was just decided.
  const justDecided = useRef(new Set<number>());
  const goOn = (): void => {
    justDecided.current.add(place);
    const order = places.map((i) => (place + 1 + i) % count);
    const next = order.find((i) => !justDecided.current.has(i) && isOpen(i));
    if (next !== undefined) setAt(next);
  };
  const andGoOn = (decision: () => void) => (): void => {
    decision();
    goOn();
  };
  const decisions = decide(place);
  const accept = andGoOn(decisions.accept);
  const keep = andGoOn(decisions.keep);
  const exclude = andGoOn(decisions.exclude);
  const undo = (): void => {
    justDecided.current.clear();
    actions.undo();
  };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      const onButton = event.target instanceof HTMLElement && event.target.closest("button, summary") !== null;
      const onSlider = event.target instanceof HTMLInputElement && event.target.type === "range";
      const key = event.key.toLowerCase();
      if (onSlider && key.startsWith("arrow")) return;
      if (key === "a" || (key === "enter" && !onButton)) accept();
      else if (key === "k") keep();
      else if (key === "x") exclude();
      else if (key === "u") undo();
      else if (key === "arrowdown" || key === "j") setAt(Math.min(count - 1, place + 1));
      else if (key === "arrowup") setAt(Math.max(0, place - 1));
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
  const decided = places.reduce((sum, i) => sum + Number(!isOpen(i)), 0);
  return { place, pick: setAt, decided, accept, keep, exclude, undo };
}

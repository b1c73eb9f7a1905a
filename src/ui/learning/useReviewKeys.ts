import { useEffect } from "react";
import { isTyping } from "../shell/usePageKeys.ts";

interface Decisions {
  accept: () => void;
  keep: () => void;
  exclude: () => void;
  undo: () => void;
  step: (by: number) => void;
}

/** The keys of a review: A or Enter accepts, K keeps, X excludes, U takes back, arrows and J move. */
export function useReviewKeys({ accept, keep, exclude, undo, step }: Decisions): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      const onButton = event.target instanceof HTMLElement && event.target.closest("button, summary") !== null;
      const key = event.key.toLowerCase();
      if (key === "a" || (key === "enter" && !onButton)) accept();
      else if (key === "k") keep();
      else if (key === "x") exclude();
      else if (key === "u") undo();
      else if (key === "arrowdown" || key === "j") step(1);
      else if (key === "arrowup") step(-1);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
}

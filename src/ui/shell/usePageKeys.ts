import { useEffect } from "react";
import type { Actions } from "../../state/actions.ts";
import type { WinnowState } from "../../state/state.ts";
import { useActions, useWinnowStore } from "../winnow.tsx";

const editable = "input:not([type=range],[type=checkbox]), textarea, select, [contenteditable]";
/** One that is on its way out has no keys any more. */
const popup =
  ":is([role=dialog], [role=alertdialog], [role=menu], [role=listbox]):not([data-closed], [data-closed] *, [hidden] *)";

/** Whether a key belongs to a text field or an open dialog, which have their own. */
export function isTyping(event: Event): boolean {
  const target = event.target instanceof Element ? event.target : null;
  return event.defaultPrevented || target?.closest(editable) != null || document.querySelector(popup) !== null;
}

/** Whether a key cannot be meant for gallery, map and panels: it is typed, or a screen lies over them. */
export const isMeantElsewhere = (event: Event): boolean =>
  isTyping(event) || document.querySelector(".screen") !== null;

/** Ranks by the marked images, or by the focused one. */
function findSimilar(actions: Actions, { marked, focused }: WinnowState): void {
  if (marked.size > 0) actions.findSimilar({ positives: [...marked.rows], negatives: [], outside: null });
  else if (focused >= 0) actions.findSimilar({ positives: [focused], negatives: [], outside: null });
  else actions.tell("Mark an image first, then s finds the images most like it.");
}

/** Keys that work wherever the focus is, except in text fields and open dialogs, which have their own. */
export function usePageKeys(showKeys: () => void): void {
  const actions = useActions();
  const store = useWinnowStore();

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const state = store.getState();
      const key = event.key.toLowerCase();
      if (event.ctrlKey || event.metaKey) {
        if (!state.project || event.altKey) return;
        if (key === "z" && !event.shiftKey) actions.undo();
        else if (key === "z" || key === "y") actions.redo();
        else if (state.screen !== null) return;
        else if (key === "a") actions.markAll();
        else if (key === "i" && !event.shiftKey) actions.invertMarks();
        else return;
      } else if (key === "?") {
        showKeys();
      } else if (state.screen !== null) {
        // A screen has keys of its own; those of the gallery behind it sleep.
        if (key !== "escape") return;
        actions.openScreen(null);
      } else if (state.project && /^[1-9]$/.test(key) && !event.altKey) {
        actions.toggleTagOfKey(Number(key));
      } else if (state.project && key === "x" && !event.altKey) {
        actions.toggleExcluded();
      } else if (state.project && key === "s" && !event.altKey) {
        findSimilar(actions, state);
      } else if (key === "escape" && state.marked.size > 0) {
        actions.mark([], "replace");
      } else if (key === "escape" && state.search !== null) {
        actions.clearSearch();
      } else {
        return;
      }
      event.preventDefault();
    };
    const paste = (event: ClipboardEvent) => {
      if (isTyping(event) || !store.getState().project) return;
      const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
      if (!file) return;
      event.preventDefault();
      actions.findLikeFile(file, "pasted image");
    };
    addEventListener("keydown", press);
    addEventListener("paste", paste);
    return () => {
      removeEventListener("keydown", press);
      removeEventListener("paste", paste);
    };
  }, [actions, store, showKeys]);
}

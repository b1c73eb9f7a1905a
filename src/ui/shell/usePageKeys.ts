import { useEffect } from "react";
import { useActions, useWinnowStore } from "../winnow.tsx";

const editable = "input:not([type=range],[type=checkbox]), textarea, select, [contenteditable]";
const popup = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

/** Whether a key belongs to a text field or an open dialog, which have their own. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  return event.defaultPrevented || target?.closest(editable) != null || document.querySelector(popup) !== null;
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
        else if (key === "a") actions.markAll();
        else if (key === "i" && !event.shiftKey) actions.invertMarks();
        else return;
      } else if (key === "?") {
        showKeys();
      } else if (state.project && /^[1-9]$/.test(key) && !event.altKey) {
        actions.toggleTagOfKey(Number(key));
      } else if (key === "escape" && state.marked.size > 0) {
        actions.mark([], "replace");
      } else {
        return;
      }
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [actions, store, showKeys]);
}

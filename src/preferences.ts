import type { StoreApi } from "zustand/vanilla";
import type { Actions } from "./state/actions.ts";
import type { Theme, WinnowState } from "./state/state.ts";

const key = "winnow-theme";
const themes: readonly string[] = ["system", "light", "dark"] satisfies Theme[];

/** Keeps the person's theme from visit to visit. */
export function rememberTheme(store: StoreApi<WinnowState>, actions: Actions): void {
  const saved = localStorage.getItem(key);
  if (saved !== null && themes.includes(saved)) actions.setTheme(saved as Theme);
  store.subscribe((state, before) => {
    if (state.theme === before.theme) return;
    localStorage.setItem(key, state.theme);
  });
}

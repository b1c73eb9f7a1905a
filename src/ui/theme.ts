import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from "react";
import type { Theme } from "../state/state.ts";
import { useWinnow } from "./winnow.tsx";

const dark = matchMedia("(prefers-color-scheme: dark)");

const watchSystem = (listener: () => void) => {
  dark.addEventListener("change", listener);
  return () => dark.removeEventListener("change", listener);
};

/** The theme on screen. Something that paints a canvas depends on it to paint again. */
export function useResolvedTheme(): "light" | "dark" {
  const chosen: Theme = useWinnow((state) => state.theme);
  const systemIsDark = useSyncExternalStore(watchSystem, () => dark.matches);
  if (chosen !== "system") return chosen;
  return systemIsDark ? "dark" : "light";
}

/** Puts the theme on <html>, where tokens.css and the browser's own controls follow it. */
export function useThemeOnPage(): void {
  const theme = useResolvedTheme();
  // Before any effect that reads colours for a canvas, and before the first paint.
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
}

/** The values of CSS custom properties now, for canvases. */
export function readColours<K extends `--${string}`>(names: readonly K[]): Record<K, string> {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name).trim()])) as Record<K, string>;
}

/**
 * The same, read again when the theme changes; null until they have been read once. Not while rendering: a new theme
 * is on the page only after the render that it caused.
 */
export function useColours(names: readonly `--${string}`[]): Readonly<Record<string, string>> | null {
  const theme = useResolvedTheme();
  const [colours, setColours] = useState<Readonly<Record<string, string>> | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is what changes the colours
  useEffect(() => setColours(readColours(names)), [names, theme]);
  return colours;
}

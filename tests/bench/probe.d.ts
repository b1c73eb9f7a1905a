import type * as uiProbe from "./uiProbe.ts";

declare global {
  /** What the interface's benchmark puts into the page. */
  const probe: typeof uiProbe;
}

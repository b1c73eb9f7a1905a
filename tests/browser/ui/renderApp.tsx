import { createRoot } from "react-dom/client";
import { afterEach } from "vitest";
import { page } from "vitest/browser";
import { App } from "../../../src/ui/App.tsx";
import { eventually } from "./eventually.ts";
import type { FakeWinnow } from "./fakeWinnow.ts";

let unmount = (): void => {};
afterEach(() => unmount());

/** Shows the whole page on a state, at the size of a small laptop or of a phone. */
export async function renderApp({ store, actions }: FakeWinnow, width = 1280, height = 800): Promise<void> {
  await page.viewport(width, height);
  const host = document.createElement("div");
  host.id = "root";
  document.body.append(host);
  const root = createRoot(host);
  root.render(<App store={store} actions={actions} />);
  unmount = () => {
    root.unmount();
    host.remove();
    delete document.documentElement.dataset.theme;
  };
  await eventually(() => host.querySelector("header")).not.toBe(null);
  // Effects, the listeners of the window among them, run after the first paint.
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

import { lazy } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { Part } from "../../../src/ui/parts/Part.tsx";
import { WinnowProvider } from "../../../src/ui/winnow.tsx";
import { fakeWinnow } from "./fakeWinnow.ts";
import "../../../src/ui/styles/index.css";

let root: Root | null = null;
let host: HTMLElement;
afterEach(() => {
  root?.unmount();
  host.remove();
  vi.restoreAllMocks();
});

/** A part whose file comes to nothing, beside one that works. */
function show(reason: unknown, online: boolean, onClose?: () => void): void {
  // React writes what a boundary has caught to the console.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { store, actions } = fakeWinnow({ online });
  const Broken = lazy(() => Promise.reject(reason));
  host = document.createElement("div");
  document.body.append(host);
  root = createRoot(host, { onCaughtError: () => undefined });
  root.render(
    <WinnowProvider store={store} actions={actions}>
      <Part what="The map" {...(onClose && { onClose })}>
        <Broken />
      </Part>
      <p>All else goes on.</p>
    </WinnowProvider>,
  );
}

test.each([
  new TypeError("Failed to fetch dynamically imported module: https://host/assets/Map-1.js"),
  new TypeError("error loading dynamically imported module: https://host/assets/Map-1.js"),
  new TypeError("Importing a module script failed."),
  new Error("Unable to preload CSS for /assets/Map-1.css"),
])("%s: a part that does not come says why, and offers to reload", async (reason) => {
  show(reason, true);
  const alert = page.getByRole("alert");
  await expect.element(alert).toHaveTextContent("The map could not be loaded.");
  await expect.element(alert).toHaveTextContent("a newer version of Winnow has taken the place of this one");
  await expect.element(alert.getByRole("button", { name: "Reload" })).toBeVisible();
  expect(alert.getByRole("button", { name: "Close" }).elements()).toHaveLength(0);
  await expect.element(page.getByText("All else goes on.")).toBeVisible();
  // An address of a file is no news to a person.
  expect(alert.element().textContent).not.toContain("assets");
});

test("without a network it says that", async () => {
  show(new TypeError("Failed to fetch dynamically imported module: https://host/a.js"), false);
  await expect.element(page.getByRole("alert")).toHaveTextContent("There is no network");
});

test("one that breaks down says with which words, made harmless, and can be closed where there is a way back", async () => {
  const closed = vi.fn();
  show(new Error("no such row: \u202Egpj.exe"), true, closed);
  const alert = page.getByRole("alert");
  await expect.element(alert).toHaveTextContent("The map stopped working.");
  expect(alert.element().textContent).not.toContain("\u202E");
  await alert.getByRole("button", { name: "Close" }).click();
  expect(closed).toHaveBeenCalledOnce();
});

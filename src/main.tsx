import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { efficientNetLite0 } from "../models/manifest.ts";
import { version } from "../package.json";
import { Engine } from "./pipeline/engine.ts";
import { Library } from "./pipeline/library.ts";
import { rememberTheme } from "./preferences.ts";
import { createWinnow } from "./state/createWinnow.ts";
import { App } from "./ui/App.tsx";

const now = (): number => Date.now();
const sampleUrl = new URL("sample.zip", document.baseURI).href;
const engine = new Engine(efficientNetLite0, navigator.hardwareConcurrency || 2, crossOriginIsolated, (runtime) =>
  store.setState({ runtime }),
);
const { store, actions } = createWinnow({
  engine,
  library: Library.open(engine, sampleUrl, now),
  sampleUrl,
  now,
  programVersion: version,
});

rememberTheme(store, actions);

const online = (): void => store.setState({ online: navigator.onLine });
addEventListener("online", online);
addEventListener("offline", online);
online();

// The open project is in the address, so that a reload and the back button find it again.
const projectInAddress = (): string | null => new URLSearchParams(location.hash.slice(1)).get("project");
const asked = projectInAddress();
if (asked !== null) actions.openProject(asked);
store.subscribe(({ project }, before) => {
  if (project?.id === before.project?.id || (project?.id ?? null) === projectInAddress()) return;
  history.pushState(null, "", project ? `#project=${project.id}` : location.pathname + location.search);
});
addEventListener("popstate", () => {
  const id = projectInAddress();
  if (id === null) actions.closeProject();
  else actions.openProject(id);
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App store={store} actions={actions} />
  </StrictMode>,
);

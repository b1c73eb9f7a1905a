import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { efficientNetLite0 } from "../models/manifest.ts";
import { version } from "../package.json";
import { followAddress } from "./address.ts";
import { leftForProject } from "./elsewhere.ts";
import { Engine } from "./pipeline/engine.ts";
import { Library } from "./pipeline/library.ts";
import { rememberTheme } from "./preferences.ts";
import { allowOwnScripts } from "./protocol/ownScripts.ts";
import { openPublishedProject } from "./publishedAddress.ts";
import { createWinnow } from "./state/createWinnow.ts";
import { App } from "./ui/App.tsx";

allowOwnScripts();
const now = (): number => Date.now();
const sampleUrl = new URL("sample.zip", document.baseURI).href;
const engine = new Engine(efficientNetLite0, navigator.hardwareConcurrency || 2, crossOriginIsolated, (runtime) =>
  store.setState({ runtime }),
);
const { store, actions: own } = createWinnow({
  engine,
  library: Library.open(engine, sampleUrl, now),
  sampleUrl,
  now,
  programVersion: version,
});

const actions = {
  ...own,
  openProject: (id: string): void =>
    void leftForProject(store, id).then((left) => {
      if (!left) own.openProject(id);
    }),
};

rememberTheme(store, actions);

const online = (): void => store.setState({ online: navigator.onLine });
addEventListener("online", online);
addEventListener("offline", online);
online();

const { begun, opened } = openPublishedProject(store, actions);
void begun.then(() => followAddress(store, actions));
// The sources as they are served for development change from one moment to the next.
if (import.meta.env.PROD) void import("./offline.ts").then(({ workOffline }) => workOffline(store, actions, opened));

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App store={store} actions={actions} />
  </StrictMode>,
);

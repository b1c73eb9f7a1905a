import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { lazy, useCallback, useEffect, useState } from "react";
import { Part } from "./parts/Part.tsx";
import { KeysDialog } from "./shell/KeysDialog.tsx";
import { Notices } from "./shell/Notices.tsx";
import { SourcesProvider } from "./shell/Sources.tsx";
import { usePageKeys } from "./shell/usePageKeys.ts";
import { WindowDrop } from "./shell/WindowDrop.tsx";
import { StartScreen } from "./start/StartScreen.tsx";
import "./styles/index.css";
import { useThemeOnPage } from "./theme.ts";
import { useActions, useWinnow, type WinnowHandles, WinnowProvider } from "./winnow.tsx";

const loadWorkspace = () => import("./workspace/Workspace.tsx");
const Workspace = lazy(() => loadWorkspace().then((module) => ({ default: module.Workspace })));

const ElsewhereDialog = lazy(() =>
  import("./start/ElsewhereDialog.tsx").then((module) => ({ default: module.ElsewhereDialog })),
);

/** The whole page on a store and what can be done to it. */
export function App({ store, actions }: WinnowHandles) {
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={450}>
        <WinnowProvider store={store} actions={actions}>
          <SourcesProvider>
            <Page />
          </SourcesProvider>
        </WinnowProvider>
      </Tooltip.Provider>
    </CSPProvider>
  );
}

function Page() {
  useThemeOnPage();
  const { closeProject } = useActions();
  const ready = useWinnow((state) => state.ready);
  const project = useWinnow((state) => state.project);
  const elsewhere = useWinnow((state) => state.elsewhere !== null);
  const [keysOpen, setKeysOpen] = useState(false);
  const showKeys = useCallback(() => setKeysOpen(true), []);
  usePageKeys(showKeys);
  // The start screen stands first; what a project needs is fetched while it is read.
  useEffect(() => {
    void loadWorkspace().catch(() => undefined);
  }, []);
  return (
    <>
      {project && (
        <Part key={project.id} what="The workspace" place="page" onClose={closeProject}>
          <Workspace project={project} onShowKeys={showKeys} />
        </Part>
      )}
      {!project && ready && <StartScreen />}
      {elsewhere && (
        <Part what="The question about this link’s project" place="corner">
          <ElsewhereDialog />
        </Part>
      )}
      <KeysDialog open={keysOpen} onOpenChange={setKeysOpen} />
      <Notices />
      <WindowDrop />
    </>
  );
}

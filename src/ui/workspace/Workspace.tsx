import { lazy, useCallback, useState } from "react";
import type { ProjectSummary } from "../../core/records.ts";
import { ColouringProvider } from "../colour/ColouringProvider.tsx";
import { JobsBar } from "../jobs/JobsBar.tsx";
import { useIsNarrow } from "../mediaQuery.ts";
import { Part } from "../parts/Part.tsx";
import { OpenScreen } from "../screens/OpenScreen.tsx";
import { FollowingBanner } from "../shell/FollowingBanner.tsx";
import { InterruptionBanner } from "../shell/InterruptionBanner.tsx";
import { ProblemsDialog } from "../shell/ProblemsDialog.tsx";
import { TopBar } from "../shell/TopBar.tsx";
import { ThumbnailProvider } from "../thumbnails/Thumbnail.tsx";
import { LargeView } from "../viewer/LargeView.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { NarrowLayout } from "./NarrowLayout.tsx";
import { WideLayout } from "./WideLayout.tsx";

/** Loaded with the first import. */
const ImportDialog = lazy(async () => ({ default: (await import("../importing/ImportDialog.tsx")).ImportDialog }));

const ContributionsDialog = lazy(async () => ({
  default: (await import("../collaboration/ContributionsDialog.tsx")).ContributionsDialog,
}));

/** An open project. */
export function Workspace({ project, onShowKeys }: { project: ProjectSummary; onShowKeys: () => void }) {
  const [problemsOpen, setProblemsOpen] = useState(false);
  const showProblems = useCallback(() => setProblemsOpen(true), []);
  const { cancelImport } = useActions();
  const narrow = useIsNarrow();
  const screen = useWinnow((state) => state.screen);
  const importing = useWinnow((state) => state.importing !== null);
  const contributing = useWinnow((state) => state.contributing !== null);
  return (
    <ThumbnailProvider>
      <ColouringProvider>
        <div className="workspace">
          <TopBar project={project} onShowProblems={showProblems} onShowKeys={onShowKeys} />
          <InterruptionBanner />
          <FollowingBanner />
          <div className="workspace-body">
            <div className="workspace-views" inert={screen !== null}>
              {narrow ? <NarrowLayout onShowProblems={showProblems} /> : <WideLayout onShowProblems={showProblems} />}
            </div>
            <OpenScreen />
          </div>
          {(!narrow || screen !== null) && <JobsBar />}
        </div>
        <LargeView />
        {importing && (
          <Part what="The import" place="corner" onClose={cancelImport}>
            <ImportDialog />
          </Part>
        )}
        {contributing && (
          <Part what="The list of changes" place="corner">
            <ContributionsDialog />
          </Part>
        )}
        <ProblemsDialog open={problemsOpen} onOpenChange={setProblemsOpen} />
      </ColouringProvider>
    </ThumbnailProvider>
  );
}

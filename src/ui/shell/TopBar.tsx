import { Keyboard, Redo2, ShieldCheck, TriangleAlert, Undo2 } from "lucide-react";
import type { ProjectSummary } from "../../core/records.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { Term } from "../controls/Term.tsx";
import { ImportMenu } from "../importing/ImportMenu.tsx";
import { useIsNarrow } from "../mediaQuery.ts";
import { ReviewMenu } from "../screens/ReviewMenu.tsx";
import { LazySearchBox } from "../search/LazySearchBox.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { ExportMenu } from "./ExportMenu.tsx";
import { ProjectMenu } from "./ProjectMenu.tsx";
import { ThemeMenu } from "./ThemeMenu.tsx";
import { Wordmark } from "./Wordmark.tsx";

interface TopBarProps {
  project: ProjectSummary;
  onShowProblems: () => void;
  onShowKeys: () => void;
}

/** What concerns the project as a whole. */
export function TopBar({ project, onShowProblems, onShowKeys }: TopBarProps) {
  const actions = useActions();
  const undoTitle = useWinnow((state) => state.undoTitle);
  const redoTitle = useWinnow((state) => state.redoTitle);
  const problems = useWinnow((state) => state.problems.length);
  const narrow = useIsNarrow();

  return (
    <header className="top-bar">
      <h1 className="visually-hidden">
        <HostileText text={project.name} />
      </h1>
      <Wordmark />
      <ProjectMenu project={project} />
      <PrivacyBadge />
      <span className="spacer" />
      {!narrow && <LazySearchBox />}
      <span className="spacer" />
      <IconButton label="Undo" detail={undoTitle} keys="Ctrl Z" disabled={undoTitle === null} onClick={actions.undo}>
        <Undo2 size={16} />
      </IconButton>
      <IconButton
        label="Redo"
        detail={redoTitle}
        keys="Ctrl Shift Z"
        disabled={redoTitle === null}
        onClick={actions.redo}
      >
        <Redo2 size={16} />
      </IconButton>
      <ReviewMenu />
      <ImportMenu />
      <ExportMenu />
      <button
        type="button"
        className={`button button-plain problems-button ${problems > 0 ? "has-problems" : ""}`}
        onClick={onShowProblems}
      >
        <TriangleAlert size={15} aria-hidden="true" />
        <span className="problems-word">Problems</span> {formatCount(problems)}
      </button>
      <ThemeMenu />
      <span className="wide-only">
        <IconButton label="Keys" keys="?" onClick={onShowKeys}>
          <Keyboard size={16} />
        </IconButton>
      </span>
    </header>
  );
}

/** Says at all times that nothing is sent anywhere, and whether there is a network at all. */
export function PrivacyBadge() {
  const online = useWinnow((state) => state.online);
  return (
    <span className="pill privacy-badge">
      <ShieldCheck size={13} aria-hidden="true" />
      <Term word={online ? "nothing is uploaded" : "offline · nothing is uploaded"}>
        Images are read, embedded and stored in this browser only. The page may not contact any other server: its
        content security policy forbids it. Without a network it goes on working; once it says “ready to work offline”
        it can be opened without one too.
      </Term>
    </span>
  );
}

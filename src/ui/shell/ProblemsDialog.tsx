import { useVirtualizer } from "@tanstack/react-virtual";
import { Download } from "lucide-react";
import { useState } from "react";
import { Panel } from "../controls/Panel.tsx";
import { HostileText, PathText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

interface ProblemsDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Every file that could not be read, with its reason. */
export function ProblemsDialog({ open, onOpenChange }: ProblemsDialogProps) {
  const actions = useActions();
  const problems = useWinnow((state) => state.problems);
  const ignored = useWinnow((state) => state.project?.ignoredCount ?? 0);
  const skipped =
    ignored === 0
      ? ""
      : ` ${countOf(ignored, "other file")} ${ignored === 1 ? "is not an image and was" : "are not images and were"} skipped.`;

  return (
    <Panel
      open={open}
      onOpenChange={onOpenChange}
      wide
      title={problems.length === 0 ? "Problems" : `${countOf(problems.length, "file")} could not be read`}
      foot={
        problems.length > 0 && (
          <button type="button" className="button" onClick={() => actions.export("problems-csv", "all")}>
            <Download size={15} aria-hidden="true" />
            Save this list (CSV)
          </button>
        )
      }
    >
      {problems.length === 0 ? (
        <p className="dialog-body">Every image could be read.{skipped}</p>
      ) : (
        <>
          <p className="dialog-body muted problems-lead">The rest went on without them.{skipped}</p>
          <ProblemList />
        </>
      )}
    </Panel>
  );
}

function ProblemList() {
  const problems = useWinnow((state) => state.problems);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const virtualizer = useVirtualizer({
    count: problems.length,
    getScrollElement: () => scroller,
    estimateSize: () => 56,
    overscan: 6,
  });

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <div ref={setScroller} className="problems" tabIndex={0}>
      <ul aria-label="Problems" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const problem = problems[item.index]!;
          return (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              aria-setsize={problems.length}
              aria-posinset={item.index + 1}
              className="problem"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <PathText path={problem.path} />
              <span className="problem-reason">
                <HostileText text={problem.reason} />
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

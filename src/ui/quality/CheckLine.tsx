import { ChevronRight } from "lucide-react";
import { type ReactNode, useId } from "react";
import { checkTitles, issueFieldId } from "../../core/quality/issueFinder.ts";
import type { Check } from "../../core/quality/issueTable.ts";
import { useValueToggles } from "../filters/useValueToggles.ts";
import { ValueLine } from "../filters/ValueLine.tsx";
import { checkTexts } from "./checkTexts.ts";

interface CheckLineProps {
  check: Check;
  /** Images that it flags. */
  count: number;
  /** The most of any check. */
  most: number;
  open: boolean;
  onOpen: (open: boolean) => void;
  /** What can be set and done, while it is open. */
  children: ReactNode;
}

/** One check: a box that filters by it, and what is behind it. */
export function CheckLine({ check, count, most, open, onOpen, children }: CheckLineProps) {
  const bodyId = useId();
  const title = checkTitles[check];
  const toggles = useValueToggles(issueFieldId);
  return (
    <li className="check">
      <ValueLine name={title} count={count} most={most} {...toggles.of(title)}>
        <button
          type="button"
          className="folder-toggle"
          aria-expanded={open}
          aria-controls={bodyId}
          aria-label={`Threshold and images of ${title}`}
          onClick={() => onOpen(!open)}
        >
          <ChevronRight size={14} aria-hidden="true" className="filter-chevron" />
        </button>
      </ValueLine>
      {open && (
        <div id={bodyId} className="check-body">
          <p className="muted">{checkTexts[check]}</p>
          {children}
        </div>
      )}
    </li>
  );
}

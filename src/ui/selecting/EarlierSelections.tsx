import { Eye, EyeOff, Plus } from "lucide-react";
import { useId, useState } from "react";
import type { SelectionRecord } from "../../core/records.ts";
import { changesSince } from "../../core/selection/again.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { RenameField } from "../controls/RenameField.tsx";
import { formatAgo } from "../text/dates.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatCount, formatDistance } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { Comparison } from "./Comparison.tsx";
import { SelectionMenu } from "./SelectionMenu.tsx";

/**
 * Every selection of the project, newest first. Deleting one can be undone.
 * No button here is named after its selection: “Select” must stay the one button of the panel with that name.
 */
export function EarlierSelections() {
  const selections = useWinnow((state) => state.selections);
  const shownId = useWinnow((state) => state.shown?.id ?? null);
  /** The selection that is compared, and with which; null: with the shown one, else the newest other. */
  const [compared, setCompared] = useState<{ id: string; with: string | null } | null>(null);
  if (selections.length === 0) return null;
  const first = selections.find(({ id }) => id === compared?.id);
  const others = selections.filter(({ id }) => id !== first?.id);
  const second =
    [compared?.with, shownId].flatMap((id) => others.find((one) => one.id === id) ?? [])[0] ?? others.at(-1);
  return (
    <>
      {first && second && (
        <Comparison
          first={first}
          second={second}
          others={others}
          onPick={(id) => setCompared({ id: first.id, with: id })}
          onClose={() => setCompared(null)}
        />
      )}
      <div className="selections">
        <h2 id="selections-title" className="section-title">
          Selections
        </h2>
        <ul aria-labelledby="selections-title">
          {selections.toReversed().map((selection) => (
            <SelectionLine
              key={selection.id}
              selection={selection}
              canCompare={selections.length > 1}
              onCompare={() => setCompared({ id: selection.id, with: null })}
            />
          ))}
        </ul>
      </div>
    </>
  );
}

interface SelectionLineProps {
  selection: SelectionRecord;
  canCompare: boolean;
  onCompare: () => void;
}

function SelectionLine({ selection, canCompare, onCompare }: SelectionLineProps) {
  const actions = useActions();
  const isShown = useWinnow((state) => state.shown?.id === selection.id);
  const imageCount = useWinnow((state) => state.head.fitted?.rows ?? 0);
  const nameId = useId();
  const [renaming, setRenaming] = useState(false);
  const radius = selection.radii.at(-1);
  const changes = imageCount === 0 ? [] : changesSince(selection, { headHash: selection.headHash, imageCount });
  const facts = [
    countOf(selection.rows.length, "image"),
    radius === undefined ? null : `radius ${formatDistance(radius)}`,
    selection.alreadyChosen.length > 0 ? `after ${formatCount(selection.alreadyChosen.length)} earlier` : null,
    ...changes,
    formatAgo(selection.createdAt, Date.now()),
  ];

  if (renaming) {
    return (
      <li className="selection-line">
        <RenameField
          label="Selection name"
          name={selection.name}
          onDone={(name) => {
            setRenaming(false);
            if (name !== null) actions.renameSelection(selection.id, name);
          }}
        />
      </li>
    );
  }
  return (
    <li className={isShown ? "selection-line is-shown" : "selection-line"}>
      <button
        type="button"
        className="selection-show"
        role="switch"
        aria-checked={isShown}
        title={isShown ? "Shown in gallery and map; click to show none" : "Show in gallery and map"}
        onClick={() => actions.showSelection(isShown ? null : selection.id)}
      >
        {isShown ? <Eye size={15} aria-hidden="true" /> : <EyeOff size={15} aria-hidden="true" />}
        <span className="selection-text">
          <span id={nameId} className="selection-name">
            <HostileText text={selection.name} />
          </span>
          <span className="muted selection-facts">{facts.filter(Boolean).join(" · ")}</span>
        </span>
      </button>
      <IconButton
        label={`Choose ${formatCount(selection.requested)} more`}
        detail="By the same rules; these count as chosen."
        aria-describedby={nameId}
        onClick={() => actions.continueSelection(selection.id)}
      >
        <Plus size={14} />
      </IconButton>
      <SelectionMenu
        selection={selection}
        canCompare={canCompare}
        nameId={nameId}
        onRename={() => setRenaming(true)}
        onCompare={onCompare}
      />
    </li>
  );
}

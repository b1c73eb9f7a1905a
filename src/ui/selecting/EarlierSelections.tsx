import { Eye, EyeOff, Pencil, Plus, Tag, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import type { SelectionRecord } from "../../core/records.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { RenameField } from "../controls/RenameField.tsx";
import { formatAgo } from "../text/dates.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatCount, formatDistance } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/**
 * Every selection of the project, newest first. Deleting one can be undone.
 * No button here is named after its selection: “Select” must stay the one button of the panel with that name.
 */
export function EarlierSelections() {
  const selections = useWinnow((state) => state.selections);
  if (selections.length === 0) return null;
  return (
    <div className="selections">
      <h2 id="selections-title" className="section-title">
        Selections
      </h2>
      <ul aria-labelledby="selections-title">
        {selections.toReversed().map((selection) => (
          <SelectionLine key={selection.id} selection={selection} />
        ))}
      </ul>
    </div>
  );
}

function SelectionLine({ selection }: { selection: SelectionRecord }) {
  const actions = useActions();
  const isShown = useWinnow((state) => state.shown?.id === selection.id);
  const nameId = useId();
  const [renaming, setRenaming] = useState(false);
  const radius = selection.radii.at(-1);
  const facts = [
    countOf(selection.rows.length, "image"),
    radius === undefined ? null : `radius ${formatDistance(radius)}`,
    selection.alreadyChosen.length > 0 ? `after ${formatCount(selection.alreadyChosen.length)} earlier` : null,
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
      <IconButton
        label="Tag its images"
        detail={selection.name}
        aria-describedby={nameId}
        onClick={() => actions.addTag(selection.name, selection.rows)}
      >
        <Tag size={14} />
      </IconButton>
      <IconButton label="Rename" aria-describedby={nameId} onClick={() => setRenaming(true)}>
        <Pencil size={14} />
      </IconButton>
      <IconButton label="Delete" aria-describedby={nameId} onClick={() => actions.deleteSelection(selection.id)}>
        <Trash2 size={14} />
      </IconButton>
    </li>
  );
}

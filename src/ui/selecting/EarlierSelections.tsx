import { Eye, EyeOff, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import type { SelectionRecord } from "../../core/records.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { RenameField } from "../controls/RenameField.tsx";
import { formatAgo } from "../text/dates.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatCount, formatDistance } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/** Every selection of the project, newest first. Deleting one can be undone. */
export function EarlierSelections() {
  const selections = useWinnow((state) => state.selections);
  if (selections.length === 0) return null;
  return (
    <section className="selections" aria-labelledby="selections-title">
      <h3 id="selections-title" className="section-title">
        Selections
      </h3>
      <ul>
        {selections.toReversed().map((selection) => (
          <SelectionLine key={selection.id} selection={selection} />
        ))}
      </ul>
    </section>
  );
}

function SelectionLine({ selection }: { selection: SelectionRecord }) {
  const actions = useActions();
  const isShown = useWinnow((state) => state.shown?.id === selection.id);
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
        aria-pressed={isShown}
        title={isShown ? "Shown in gallery and map; click to show none" : "Show in gallery and map"}
        onClick={() => actions.showSelection(isShown ? null : selection.id)}
      >
        {isShown ? <Eye size={15} aria-hidden="true" /> : <EyeOff size={15} aria-hidden="true" />}
        <span className="selection-text">
          <span className="selection-name">
            <HostileText text={selection.name} />
          </span>
          <span className="muted selection-facts">{facts.filter(Boolean).join(" · ")}</span>
        </span>
      </button>
      <IconButton label={`Rename ${selection.name}`} onClick={() => setRenaming(true)}>
        <Pencil size={14} />
      </IconButton>
      <IconButton label={`Delete ${selection.name}`} onClick={() => actions.deleteSelection(selection.id)}>
        <Trash2 size={14} />
      </IconButton>
    </li>
  );
}

import { useState } from "react";
import type { FieldValue } from "../../core/collaboration/changesFile.ts";
import type { ContributionDraft } from "../../state/contributionDraft.ts";
import { Panel } from "../controls/Panel.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import "./collaboration.css";

type Disputed = ContributionDraft["conflicts"][number];

/** What visitors' files would change, and a choice wherever they differ; nothing is changed before *Import*. */
export function ContributionsDialog() {
  const draft = useWinnow((state) => state.contributing);
  return draft && <Draft draft={draft} />;
}

function Draft({ draft }: { draft: ContributionDraft }) {
  const { finishContributions, cancelContributions } = useActions();
  const [chosen, setChosen] = useState<ReadonlyMap<string, FieldValue>>(new Map());
  const { files, tags, labels, images, conflicts, selections, started, strange } = draft;
  const nothing = tags + labels + conflicts.length + selections.length === 0;
  return (
    <Panel
      open
      onOpenChange={(open) => !open && cancelContributions()}
      wide
      title="Import changes of visitors"
      foot={
        <>
          <button type="button" className="button" onClick={cancelContributions}>
            Cancel
          </button>
          <button type="button" className="button button-primary" onClick={() => finishContributions(chosen)}>
            Import
          </button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a small screen */}
      <div className="dialog-body contributions" tabIndex={0}>
        <p role="status" aria-label="What would change">
          {nothing
            ? `Nothing is new in ${countOf(files.length, "file")}.`
            : `${countOf(tags, "tag")} and ${countOf(labels, "label")} on ${countOf(images, "image")} from ${countOf(files.length, "file")}.`}
          {selections.length > 0 && ` ${countOf(selections.length, "new selection")}.`}
          {started.size > 0 && (
            <>
              {" "}
              New labels: <HostileText text={[...started.values()].join(", ")} />.
            </>
          )}
          {conflicts.length > 0 && ` ${countOf(conflicts.length, "conflict")} to decide.`}
        </p>
        {strange > 0 && (
          <p className="muted">
            {countOf(strange, "change")} of images or labels that this project does not have: left out.
          </p>
        )}
        {conflicts.map((conflict) => (
          <ConflictChoice
            key={conflict.key}
            conflict={conflict}
            value={chosen.has(conflict.key) ? (chosen.get(conflict.key) ?? null) : conflict.preset}
            onChoose={(value) => setChosen(new Map(chosen).set(conflict.key, value))}
          />
        ))}
      </div>
    </Panel>
  );
}

interface ConflictChoiceProps {
  conflict: Disputed;
  value: FieldValue;
  onChoose: (value: FieldValue) => void;
}

function ConflictChoice({ conflict, value, onChoose }: ConflictChoiceProps) {
  const { row, field, options, current, key } = conflict;
  const path = useWinnow((state) => state.images.path(row));
  return (
    <fieldset className="conflict">
      <legend>
        <HostileText text={path} />: {field.kind === "tag" ? "tag" : "labels"} “<HostileText text={field.of} />”
      </legend>
      <Thumbnail row={row} className="conflict-image" />
      <div className="conflict-options">
        {options.map((option) => (
          <label key={String(option.value)} className="check-line">
            <input type="radio" name={key} checked={value === option.value} onChange={() => onChoose(option.value)} />
            <ValueText value={option.value} />
            <span className="muted">
              {option.value === current && "as it is now"}
              {option.value === current && option.from.length > 0 && ", "}
              <HostileText text={option.from.join(", ")} />
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function ValueText({ value }: { value: FieldValue }) {
  if (typeof value === "string") return <HostileText text={value} />;
  if (value === null) return <span>no label</span>;
  return <span>{value ? "tagged" : "not tagged"}</span>;
}

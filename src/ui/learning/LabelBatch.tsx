import { Check, ChevronLeft, Redo2, Undo2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { classOfRow } from "../../core/annotations/annotationSet.ts";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import type { SelectionRecord } from "../../core/records.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { isTyping } from "../shell/usePageKeys.ts";
import { HostileText, PathText } from "../text/HostileText.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { ClassKeys } from "./ClassKeys.tsx";
import { formatShare, labelAt } from "./labelSets.ts";
import { ReviewImage } from "./ReviewImage.tsx";

interface LabelBatchProps {
  set: HeldSet;
  record: SelectionRecord;
  onNext: () => void;
}

/** A batch to label, one image after the other, by keys. */
export function LabelBatch({ set, record, onNext }: LabelBatchProps) {
  const actions = useActions();
  const frame = useRef<HTMLDivElement>(null);
  const rows = [...record.rows];
  const open = (row: number): boolean => labelAt(set, row) === null;
  const [at, setAt] = useState(() => Math.max(0, rows.findIndex(open)));
  const [skipped, setSkipped] = useState<ReadonlySet<number>>(new Set());
  const row = rows[at] ?? 0;
  const path = useWinnow((state) => state.images.path(row));
  const suggestion = useWinnow((state) => {
    const { probe } = state;
    return probe?.labels === set.id ? (probe.set.classes[classOfRow(probe.set, row)] ?? null) : null;
  });
  const confidence = useWinnow(({ probe }) => {
    if (probe?.labels !== set.id || !probe.set.probabilities) return Number.NaN;
    return probe.set.probabilities[row * probe.set.classes.length + classOfRow(probe.set, row)] ?? Number.NaN;
  });
  const given = labelAt(set, row);
  const done = rows.reduce((sum, each) => sum + Number(!open(each)), 0);

  /** To the next image without a label, from here on and then from the start; stays where there is none. */
  const goOn = (without: ReadonlySet<number>): void => {
    const order = [...rows.keys()].map((i) => (at + 1 + i) % rows.length);
    const next = order.find((i) => i !== at && open(rows[i]!) && !without.has(rows[i]!));
    if (next !== undefined) setAt(next);
  };
  const assign = (name: string): void => {
    const by = name === suggestion ? `probe, ${formatShare(confidence)}` : "";
    actions.setLabel(set.id, [row], name, by);
    goOn(skipped);
  };
  const skip = (): void => {
    const more = new Set([...skipped, row]);
    setSkipped(more);
    goOn(more);
  };
  const back = (): void => setAt((at + rows.length - 1) % rows.length);

  // A batch that has just come takes the keys from the button that asked for it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another batch is the reason
  useEffect(() => frame.current?.focus(), [record.id]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      const onButton = event.target instanceof HTMLElement && event.target.closest("button, summary") !== null;
      const digit = /^[1-9]$/.test(event.key) ? set.classes[Number(event.key) - 1] : undefined;
      if (digit !== undefined) assign(digit);
      else if (event.key === "Enter" && suggestion !== null && !onButton) assign(suggestion);
      else if (event.key === "s" || event.key === "ArrowRight") skip();
      else if (event.key === "b" || event.key === "ArrowLeft") back();
      else if (event.key === "u") actions.undo();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });

  return (
    <div ref={frame} className="label-batch" tabIndex={-1}>
      <div className="batch-head">
        <span role="status" aria-label="Labelled count">
          {done} of {rows.length} labelled
        </span>
        <progress className="batch-progress" value={done} max={rows.length} aria-label="Labelled in this batch" />
        <span className="spacer" />
        <IconButton label="Back" keys="B" onClick={back}>
          <ChevronLeft size={16} />
        </IconButton>
        <IconButton label="Undo" keys="U" onClick={() => actions.undo()}>
          <Undo2 size={16} />
        </IconButton>
        <IconButton label="Redo" keys="Ctrl Shift Z" onClick={() => actions.redo()}>
          <Redo2 size={16} />
        </IconButton>
        <button type="button" className="button" onClick={skip}>
          Skip <kbd>S</kbd>
        </button>
        <button
          type="button"
          className="button"
          title="The paths of this batch, one a line, for a labelling tool"
          onClick={() => actions.exportSelection(record.id, "list")}
        >
          Export list
        </button>
      </div>
      {done === rows.length && (
        <div className="batch-done">
          <Check size={16} aria-hidden="true" /> All {rows.length} have a label.
          <button type="button" className="button button-primary" onClick={onNext}>
            Next batch
          </button>
        </div>
      )}
      <ReviewImage row={row} />
      <div className="batch-foot">
        <div className="batch-path">
          <span className="muted">
            {at + 1} / {rows.length}
          </span>
          <PathText path={path} />
          {given !== null && (
            <span className="pill">
              <HostileText text={given} />
            </span>
          )}
        </div>
        {suggestion !== null && given === null && (
          <button
            type="button"
            className="button suggestion"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => assign(suggestion)}
          >
            Accept <HostileText text={suggestion} /> <span className="muted">{formatShare(confidence)}</span>{" "}
            <kbd>Enter</kbd>
          </button>
        )}
        <ClassKeys classes={set.classes} given={given} onPick={assign} />
      </div>
    </div>
  );
}

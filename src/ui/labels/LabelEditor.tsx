import { type FormEvent, useEffect, useId, useMemo, useState } from "react";
import { classOfRow } from "../../core/annotations/annotationSet.ts";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import { HostileText } from "../text/HostileText.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { classColour } from "./classColour.ts";
import "./labels.css";

/** A list of more names helps nobody; what is typed brings others up. */
const offered = 100;

/** The classes that people gave to some images, to change them for all of these at once. */
export function LabelEditor({ rows }: { rows: Uint32Array }) {
  const sets = useWinnow((state) => state.annotations);
  return sets
    .filter(({ role, type }) => role === "labels" && type === "classification")
    .map((set) => <LabelField key={set.id} set={set} rows={rows} />);
}

function LabelField({ set, rows }: { set: HeldSet; rows: Uint32Array }) {
  const { setLabel } = useActions();
  const id = useId();
  const ids = new Set(Array.from(rows, (row) => classOfRow(set, row)));
  const [only = -1] = ids;
  const common = ids.size === 1 ? (set.classes[only] ?? "") : "";
  const [typed, setTyped] = useState(common);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image begins with its own label
  useEffect(() => setTyped(common), [common, rows]);

  const offers = useMemo(() => {
    const part = typed === common ? "" : typed.trim().toLowerCase();
    return set.classes.filter((name) => name.toLowerCase().includes(part)).slice(0, offered);
  }, [set.classes, typed, common]);
  const keep = (event?: FormEvent): void => {
    event?.preventDefault();
    const name = typed.trim();
    if (name !== common) setLabel(set.id, Array.from(rows), name === "" ? null : name);
  };
  return (
    <form className="label-field" onSubmit={keep}>
      <label htmlFor={id} className="label-name">
        <HostileText text={set.name} />
      </label>
      <span
        className="tag-dot"
        style={{ background: ids.size === 1 && only >= 0 ? `var(${classColour(only)})` : "var(--line)" }}
      />
      <input
        id={id}
        className="field"
        aria-label={`Label in ${revealedText(set.name)}`}
        placeholder={ids.size > 1 ? "several labels" : "no label"}
        list={`${id}-classes`}
        value={typed}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && typed !== common) {
            event.stopPropagation();
            setTyped(common);
          }
        }}
      />
      <datalist id={`${id}-classes`}>
        {offers.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button type="submit" className="button" disabled={typed.trim() === common}>
        {typed.trim() === "" && common !== "" ? "Remove" : "Set"}
      </button>
    </form>
  );
}

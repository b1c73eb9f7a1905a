import { useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { revealedText } from "../../core/format/unseenText.ts";
import { Picker } from "../controls/Picker.tsx";

import { useActions, useWinnow } from "../winnow.tsx";
import { trainable } from "./labelSets.ts";

interface LabelChoiceProps {
  value: string;
  onChange: (labels: string) => void;
  /** New labels can be begun without any image. */
  canBegin?: boolean;
}

/** Which labels are meant; new ones from folder names, from tags, or with classes of one's own. */
export function LabelChoice({ value, onChange, canBegin }: LabelChoiceProps) {
  const actions = useActions();
  const sets = useWinnow(useShallow(trainable));
  const tags = useWinnow((state) => state.tags);
  const [typed, setTyped] = useState("");
  const names = typed
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter((name, i, all) => name !== "" && all.indexOf(name) === i);
  const take = (id: string): void => {
    if (id !== "") onChange(id);
  };
  return (
    <div className="label-choice">
      {sets.length > 0 && (
        <Picker
          boxed
          label="Labels"
          value={sets.some(({ id }) => id === value) ? value : (sets[0]?.id ?? "")}
          options={sets.map(({ id, name }) => ({ value: id, text: revealedText(name) }))}
          onPick={onChange}
        />
      )}
      <details className="label-new" open={sets.length === 0}>
        <summary>New labels</summary>
        {canBegin && (
          <form
            className="label-begin"
            onSubmit={(event) => {
              event.preventDefault();
              if (names.length === 0) return;
              take(actions.createLabels("Labels", names));
              setTyped("");
            }}
          >
            <label>
              Classes, with commas between
              <input
                className="field"
                aria-label="Classes"
                placeholder="cat, dog, other"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
            <button type="submit" className="button" disabled={names.length === 0}>
              Begin labels
            </button>
          </form>
        )}
        <div className="label-from">
          <button type="button" className="button" onClick={() => void actions.labelsFromFolders().then(take)}>
            From folder names
          </button>
          <button
            type="button"
            className="button"
            disabled={tags.size === 0}
            title={tags.size === 0 ? "There are no tags yet." : "Each tag becomes a class."}
            onClick={() => take(actions.labelsFromTags([...tags.keys()]))}
          >
            From tags
          </button>
        </div>
      </details>
    </div>
  );
}

import { type FormEvent, useMemo, useState } from "react";
import type { Field } from "../../core/explore/field.ts";
import type { RowSet } from "../../core/rowSet.ts";
import { type PresetNeed, selectionPresets } from "../../core/selection/presets.ts";
import { Picker } from "../controls/Picker.tsx";
import { isWorthShowing } from "../filters/worth.ts";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { rowsChosenEarlier } from "./coverage.ts";

/** What a preset can be told, as options. */
function choicesFor(
  needs: PresetNeed,
  fields: readonly Field[],
  tags: ReadonlyMap<string, RowSet>,
): { value: string; text: string }[] {
  if (needs === "tag") return [...tags.keys()].map((name) => ({ value: name, text: name }));
  if (needs === null) return [];
  return fields
    .filter((field) => field.kind === "category" || field.kind === "tree" || field.kind === "sets")
    .filter((field) => field.id !== "selection" && field.id !== "duplicates" && isWorthShowing(field))
    .map(({ id, title }) => ({ value: id, text: title.toLowerCase() }));
}

/** How many, counting what as chosen already, and the button. */
export function SelectForm() {
  const { select } = useActions();
  const images = useWinnow((state) => state.images);
  const version = useWinnow((state) => state.imagesVersion);
  const selections = useWinnow((state) => state.selections);
  const unfinished = useWinnow((state) => state.project?.unfinished ?? false);
  const selecting = useWinnow((state) =>
    state.jobs.some((job) => job.name === "Selecting" && job.status === "running"),
  );
  const [typed, setTyped] = useState("50");
  const [countEarlier, setCountEarlier] = useState(false);

  const [presetId, setPresetId] = useState(selectionPresets[0]!.id);
  const preset = selectionPresets.find(({ id }) => id === presetId)!;
  const fields = useWinnow((state) => state.fields);
  const tags = useWinnow((state) => state.tags);
  const choices = useMemo(() => choicesFor(preset.needs, fields, tags), [preset, fields, tags]);
  const [wantedBy, setWantedBy] = useState("");
  const by = choices.some(({ value }) => value === wantedBy) ? wantedBy : (choices[0]?.value ?? "");
  const isFiltered = useWinnow((state) => state.filter.length > 0);
  const order = useWinnow((state) => state.order);
  const [wantsShown, setWantsShown] = useState(true);
  const onlyShown = isFiltered && wantsShown;

  const chosen = useMemo(() => rowsChosenEarlier(selections), [selections]);
  const earlier = chosen.size;
  const shownEarlier = useMemo(
    () => (onlyShown ? order.reduce((sum, row) => sum + (chosen.has(row) ? 1 : 0), 0) : earlier),
    [onlyShown, order, chosen, earlier],
  );
  const n = Number(typed);
  const valid = typed.trim() !== "" && Number.isInteger(n) && n >= 1;
  const total = version >= 0 ? (onlyShown ? order.length : images.length) : 0;
  const left = total - (countEarlier ? shownEarlier : 0);

  let message = "";
  if (total === 0) message = "There are no images to choose from yet.";
  else if (!valid) message = "Ask for a whole number of images, at least 1.";
  else if (left === 0) message = "Every image has been chosen earlier; nothing is left.";
  else if (n > left) {
    const there = unfinished ? "there so far" : "left";
    message = `Only ${countOf(left, "image")} ${left === 1 ? "is" : "are"} ${there}: all of them will be chosen.`;
  }
  if (preset.needs !== null && choices.length === 0) {
    message =
      preset.needs === "tag"
        ? "Tag a few images first: the picks will be like them."
        : "There is nothing to balance by: all images are in one folder and have no tags.";
  }
  const possible = valid && left > 0 && (preset.needs === null || choices.length > 0);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!possible || selecting) return;
    select({
      title: preset === selectionPresets[0] ? "" : preset.title.toLowerCase(),
      strategies: preset.strategies(by),
      n,
      countEarlier: countEarlier && earlier > 0,
      onlyShown,
    });
  };

  return (
    <form className="select-form" onSubmit={submit} noValidate>
      <div className="select-line">
        <Picker
          boxed
          label="What"
          value={presetId}
          options={selectionPresets.map(({ id, title }) => ({ value: id, text: title }))}
          onPick={setPresetId}
        />
        {choices.length > 0 && (
          <Picker
            boxed
            label={preset.needs === "tag" ? "Tag" : "By"}
            value={by}
            options={choices}
            onPick={setWantedBy}
          />
        )}
      </div>
      <p className="muted select-help">{preset.help}</p>
      <div className="select-line">
        <label htmlFor="how-many">How many</label>
        <input
          id="how-many"
          type="number"
          className="field how-many"
          min={1}
          step={1}
          value={typed}
          aria-invalid={!valid}
          aria-describedby="how-many-message"
          onChange={(event) => setTyped(event.target.value)}
        />
        <span className="muted">of {formatCount(left)}</span>
        <span className="spacer" />
        <button type="submit" className="button button-primary" disabled={!possible || selecting}>
          {selecting ? "Selecting…" : "Select"}
        </button>
      </div>
      <p id="how-many-message" className={valid ? "select-message" : "select-message is-wrong"} role="status">
        {message}
      </p>
      {isFiltered && (
        <label className="check-line">
          <input
            type="checkbox"
            className="checkbox"
            checked={wantsShown}
            onChange={(event) => setWantsShown(event.target.checked)}
          />
          Only among the {countOf(order.length, "image")} shown
        </label>
      )}
      {earlier > 0 && (
        <label className="check-line">
          <input
            type="checkbox"
            className="checkbox"
            checked={countEarlier}
            onChange={(event) => setCountEarlier(event.target.checked)}
          />
          Count images chosen earlier as already chosen ({formatCount(earlier)})
        </label>
      )}
    </form>
  );
}

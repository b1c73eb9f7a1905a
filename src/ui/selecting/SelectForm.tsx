import { Braces } from "lucide-react";
import { type FormEvent, useMemo, useState } from "react";
import type { Field } from "../../core/explore/field.ts";
import type { RowSet } from "../../core/rowSet.ts";
import type { SelectionConfig } from "../../core/selection/config.ts";
import { type PresetNeed, selectionPresets } from "../../core/selection/presets.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { Picker } from "../controls/Picker.tsx";
import { isWorthShowing } from "../filters/worth.ts";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { rowsChosenEarlier } from "./coverage.ts";

type ConfigReader = typeof import("../../core/selection/readConfig.ts");

/** A configuration that was typed, or what is wrong with it. */
function readJson({ readConfig }: ConfigReader, text: string): { config: SelectionConfig | null; problem: string } {
  try {
    return { config: readConfig(JSON.parse(text)), problem: "" };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { config: null, problem: error instanceof SyntaxError ? `This is no JSON yet: ${said}.` : said };
  }
}

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
  const [json, setJson] = useState<string | null>(null);
  // Only who writes JSON needs what reads it.
  const [reader, setReader] = useState<ConfigReader | null>(null);
  const written = useMemo(() => (json === null || !reader ? null : readJson(reader, json)), [json, reader]);
  const toggleJson = async () => {
    if (json !== null) {
      setJson(null);
      return;
    }
    const loaded = await import("../../core/selection/readConfig.ts");
    setReader(() => loaded);
    setJson(loaded.configText(asked));
  };
  const asked: SelectionConfig = { nSamples: n, strategies: preset.strategies(by) };
  const ready = written ? written.config !== null : valid && (preset.needs === null || choices.length > 0);
  const possible = ready && left > 0;
  if (written && left > 0) message = written.problem;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!possible || selecting) return;
    select({
      title: written ? "by configuration" : preset === selectionPresets[0] ? "" : preset.title.toLowerCase(),
      config: written?.config ?? asked,
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
          disabled={json !== null}
          value={presetId}
          options={selectionPresets.map(({ id, title }) => ({ value: id, text: title }))}
          onPick={setPresetId}
        />
        {choices.length > 0 && (
          <Picker
            boxed
            label={preset.needs === "tag" ? "Tag" : "By"}
            disabled={json !== null}
            value={by}
            options={choices}
            onPick={setWantedBy}
          />
        )}
        <span className="spacer" />
        <IconButton
          label={json === null ? "Edit as JSON" : "Back to the presets"}
          detail="The configuration that LightlyOne and winnow select --config read."
          aria-pressed={json !== null}
          onClick={toggleJson}
        >
          <Braces size={15} />
        </IconButton>
      </div>
      {json === null ? (
        <p className="muted select-help">{preset.help}</p>
      ) : (
        <textarea
          className="field select-json"
          aria-label="Selection configuration"
          aria-invalid={written?.config === null}
          aria-describedby="how-many-message"
          spellCheck={false}
          rows={Math.min(11, json.split("\n").length + 1)}
          value={json}
          onChange={(event) => setJson(event.target.value)}
        />
      )}
      <div className="select-line">
        {json === null && (
          <>
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
          </>
        )}
        <span className="muted">of {formatCount(left)}</span>
        <span className="spacer" />
        <button type="submit" className="button button-primary" disabled={!possible || selecting}>
          {selecting ? "Selecting…" : "Select"}
        </button>
      </div>
      <p
        id="how-many-message"
        className={(written ? written.config : valid) ? "select-message" : "select-message is-wrong"}
        role="status"
      >
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

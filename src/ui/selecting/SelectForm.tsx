import { Braces } from "lucide-react";
import { type FormEvent, useCallback, useState } from "react";
import { type CardKind, newStrategy } from "../../core/selection/cards.ts";
import { type DraftStrategy, draftOfConfig, keyed } from "../../core/selection/draft.ts";
import { presetOf, selectionPresets } from "../../core/selection/presets.ts";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { AddStrategy } from "./AddStrategy.tsx";
import { AlreadyChosen } from "./AlreadyChosen.tsx";
import { ConfigurationEditor } from "./ConfigurationEditor.tsx";
import { estimateText, removedText } from "./estimateText.ts";
import { HowMany } from "./HowMany.tsx";
import { OtherRules } from "./OtherRules.tsx";
import { PresetLine } from "./PresetLine.tsx";
import { StrategyCards } from "./StrategyCards.tsx";
import { useCardChoices } from "./useCardChoices.ts";
import { useNextSelection } from "./useNextSelection.ts";

/** What is wanted: presets, strategies as cards and as JSON, how many, what counts as chosen; and the button. */
export function SelectForm() {
  const { select, changeDraft } = useActions();
  const draft = useWinnow((state) => state.draft);
  const unfinished = useWinnow((state) => state.project?.unfinished ?? false);
  const isFiltered = useWinnow((state) => state.filter.length > 0);
  const order = useWinnow((state) => state.order);
  const selecting = useWinnow((state) =>
    state.jobs.some((job) => job.name === "Selecting" && job.status === "running"),
  );
  const choices = useCardChoices();
  const next = useNextSelection();
  const [json, setJson] = useState(false);
  const [jsonProblem, setJsonProblem] = useState("");
  const { strategies, amount, rest } = draft;
  const found = presetOf(strategies);
  const change = useCallback((to: readonly DraftStrategy[]) => changeDraft({ strategies: to }), [changeDraft]);
  const add = (kind: CardKind) => {
    const key = strategies.reduce((most, one) => Math.max(most, one.key), 0) + 1;
    change([...strategies, { key, ...newStrategy(kind, choices) }]);
  };

  const { estimate, config, alreadyChosen, onlyShown } = next;
  const problem = jsonProblem || next.problem;
  const said = estimate ? estimateText(estimate, amount.by !== "until", unfinished) : "";
  const left = estimate?.left ?? Math.max(0, next.total - alreadyChosen.length);
  const possible = problem === "" && estimate !== null && estimate.most > 0;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!possible || selecting) return;
    const title = found
      ? found.preset === selectionPresets[0]
        ? ""
        : found.preset.title.toLowerCase()
      : ownTitle(strategies);
    select({ title, config, alreadyChosen, onlyShown, withExcluded: draft.withExcluded });
  };

  return (
    <form className="select-form" onSubmit={submit} noValidate>
      <div className="select-line">
        <PresetLine
          strategies={strategies}
          choices={choices}
          onPick={(picked) => change(keyed(picked, []).map((one, i) => ({ ...one, key: nextKey(strategies) + i })))}
        />
        <span className="spacer" />
        <button
          type="button"
          className="button"
          aria-pressed={json}
          title="The configuration that LightlyOne and winnow select --config read"
          onClick={() => setJson(!json)}
        >
          <Braces size={15} aria-hidden="true" />
          Configuration
        </button>
      </div>
      <p className="muted select-help">
        {found?.preset.help ?? "One pick after the other: each time the image with the largest product of all these."}
      </p>
      <div className={json ? "select-config with-json" : "select-config"}>
        <div className="select-cards">
          <StrategyCards strategies={strategies} choices={choices} onChange={change} />
          <OtherRules rest={rest} onChange={(to) => changeDraft({ rest: to })} />
          <AddStrategy choices={choices} onAdd={add} />
        </div>
        {json && (
          <ConfigurationEditor
            config={config}
            onChange={(read) => changeDraft(draftOfConfig(read, draft))}
            onProblem={setJsonProblem}
          />
        )}
      </div>
      <div className="select-line select-go">
        <HowMany amount={amount} strategies={strategies} onChange={changeDraft} />
        <span className="muted">of {formatCount(left)}</span>
        <button type="submit" className="button button-primary" disabled={!possible || selecting}>
          {selecting ? "Selecting…" : "Select"}
        </button>
      </div>
      <p
        id="how-many-message"
        className={problem && next.total > 0 ? "select-message is-wrong" : "select-message"}
        role="status"
      >
        {problem || said}
      </p>
      {estimate && removedText(estimate) !== "" && <p className="muted select-removed">{removedText(estimate)}</p>}
      {isFiltered && (
        <label className="check-line">
          <input
            type="checkbox"
            className="checkbox"
            checked={draft.onlyShown}
            onChange={(event) => changeDraft({ onlyShown: event.target.checked })}
          />
          Only among the {countOf(order.length, "image")} shown
        </label>
      )}
      {next.excluded > 0 && (
        <label className="check-line">
          <input
            type="checkbox"
            className="checkbox"
            checked={!draft.withExcluded}
            onChange={(event) => changeDraft({ withExcluded: !event.target.checked })}
          />
          Leave out the {countOf(next.excluded, "excluded image")}
        </label>
      )}
      <AlreadyChosen />
    </form>
  );
}

const nextKey = (strategies: readonly DraftStrategy[]): number =>
  strategies.reduce((most, { key }) => Math.max(most, key), 0) + 1;

/** “diversity × weights”. */
const ownTitle = (strategies: readonly DraftStrategy[]): string =>
  strategies.map(({ strategy }) => strategy.type.toLowerCase()).join(" × ");

import { ChevronRight, Upload, X } from "lucide-react";
import { type ChangeEvent, useId, useMemo, useRef, useState } from "react";
import { chosenPaths, chosenRows } from "../../core/format/chosenList.ts";
import { alreadyChosenRows, type AlreadyChosen as Choice } from "../../state/selectDraft.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { rowsChosenEarlier } from "./coverage.ts";

/** What counts as chosen: earlier selections, tags, a list from elsewhere. Those are kept apart from and not chosen again. */
export function AlreadyChosen() {
  const { changeDraft } = useActions();
  const already = useWinnow((state) => state.draft.already);
  const selections = useWinnow((state) => state.selections);
  const tags = useWinnow((state) => state.tags);
  const earlier = useMemo(() => rowsChosenEarlier(selections).size, [selections]);
  const rows = useMemo(() => alreadyChosenRows(already, { selections, tags }), [already, selections, tags]);
  const change = (to: Partial<Choice>) => changeDraft({ already: { ...already, ...to } });
  const [open, setOpen] = useState(false);
  const panelId = useId();
  const all = already.selections === "all";
  const listed = already.selections === "all" ? selections.map(({ id }) => id) : already.selections;
  return (
    <div className="already">
      {earlier > 0 && (
        <label className="check-line">
          <input
            type="checkbox"
            className="checkbox"
            checked={all}
            onChange={(event) => change({ selections: event.target.checked ? "all" : [] })}
          />
          Count images chosen earlier as already chosen ({formatCount(earlier)})
        </label>
      )}
      <button
        type="button"
        className="already-trigger"
        aria-expanded={open}
        aria-controls={panelId}
        onClick={() => setOpen(!open)}
      >
        <ChevronRight size={14} aria-hidden="true" />
        Already chosen
        <span className="muted">{rows.size === 0 ? "nothing" : countOf(rows.size, "image")}</span>
      </button>
      {open && (
        <div id={panelId} className="already-panel">
          <p className="muted">What is chosen already is not chosen again, and the picks keep away from it.</p>
          <Choices
            title="Selections"
            none="There are no earlier selections."
            items={selections.toReversed().map(({ id, name, rows: of }) => ({ key: id, name, count: of.length }))}
            checked={listed}
            onChange={(ids) => change({ selections: ids })}
          />
          <Choices
            title="Tags"
            none="No image has a tag."
            items={[...tags].map(([name, { size }]) => ({ key: name, name, count: size }))}
            checked={already.tags}
            onChange={(names) => change({ tags: names })}
          />
          <ImportedList list={already.list} onChange={(list) => change({ list })} />
        </div>
      )}
    </div>
  );
}

interface ChoicesProps {
  title: string;
  none: string;
  items: readonly { key: string; name: string; count: number }[];
  checked: readonly string[];
  onChange: (checked: readonly string[]) => void;
}

function Choices({ title, none, items, checked, onChange }: ChoicesProps) {
  return (
    <fieldset className="already-choices">
      <legend>{title}</legend>
      {items.length === 0 && <span className="muted">{none}</span>}
      {items.map(({ key, name, count }) => (
        <label key={key} className="check-line">
          <input
            type="checkbox"
            className="checkbox"
            checked={checked.includes(key)}
            onChange={(event) =>
              onChange(event.target.checked ? [...checked, key] : checked.filter((other) => other !== key))
            }
          />
          <span className="already-name">
            <HostileText text={name} />
          </span>
          <span className="muted">{formatCount(count)}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** More lines of what matched nothing are not read by anybody. */
const mostListed = 200;

function ImportedList({ list, onChange }: { list: Choice["list"]; onChange: (list: Choice["list"]) => void }) {
  const { tell } = useActions();
  const images = useWinnow((state) => state.images);
  const input = useRef<HTMLInputElement>(null);
  const read = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (!file) return;
    try {
      onChange({ name: file.name, ...chosenRows(images.paths, chosenPaths(await file.text(), file.name)) });
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <fieldset className="already-choices">
      <legend>From a list</legend>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        aria-label="Choose list of chosen images"
        accept=".txt,.csv,.json,text/plain,application/json"
        tabIndex={-1}
        onChange={read}
      />
      {list ? (
        <>
          <div className="already-list">
            <span className="already-name">
              <HostileText text={list.name} />
            </span>
            <span className="muted">
              {countOf(list.rows.length, "image")}
              {list.unmatched.length > 0 && `, ${countOf(list.unmatched.length, "line")} matched none`}
            </span>
            <IconButton label="Forget the list" onClick={() => onChange(null)}>
              <X size={14} />
            </IconButton>
          </div>
          {list.unmatched.length > 0 && (
            <ul className="already-unmatched" aria-label="Lines that matched no image">
              {list.unmatched.slice(0, mostListed).map((line, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines may repeat and never move
                <li key={i}>
                  <HostileText text={line} />
                </li>
              ))}
              {list.unmatched.length > mostListed && (
                <li className="muted">and {formatCount(list.unmatched.length - mostListed)} more</li>
              )}
            </ul>
          )}
        </>
      ) : (
        <button type="button" className="button" onClick={() => input.current?.click()}>
          <Upload size={14} aria-hidden="true" />
          Import a list…
        </button>
      )}
      {!list && <span className="muted">One path a line (.txt), or the JSON record of a selection.</span>}
    </fieldset>
  );
}

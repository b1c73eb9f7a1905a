import { Menu } from "@base-ui/react/menu";
import { Ellipsis, Palette, Pencil, ScanSearch, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { classFieldId } from "../../core/annotations/fieldIds.ts";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import { canPredictMore, leftOut } from "../../state/predictionTasks.ts";
import { drawingOf } from "../../state/showing.ts";
import { RenameField } from "../controls/RenameField.tsx";
import { EmbedObjects } from "../objects/EmbedObjects.tsx";
import { formatDay } from "../text/dates.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { ClassList } from "./ClassList.tsx";
import { amountOf, isDrawable, kindOf, sourceWords } from "./setFacts.ts";

/** One set: its name, what it is and where it came from, its classes. */
export function SetCard({ set }: { set: HeldSet }) {
  const actions = useActions();
  const [renaming, setRenaming] = useState(false);
  const drawing = useWinnow((state) => drawingOf(state.drawings, set.id));
  const id = useId();
  const drawable = isDrawable(set);
  return (
    <li className="set-card" aria-labelledby={id}>
      <div className="set-head">
        {renaming ? (
          <RenameField
            label="Name of the set"
            name={set.name}
            onDone={(typed) => {
              setRenaming(false);
              if (typed !== null) actions.renameAnnotations(set.id, typed);
            }}
          />
        ) : (
          <span className="set-name" id={id}>
            <HostileText text={set.name} />
          </span>
        )}
        <span className="pill">{kindOf(set)}</span>
        <span className="spacer" />
        <SetMenu set={set} onRename={() => setRenaming(true)} />
      </div>
      <p className="muted set-facts">
        {amountOf(set)} · {sourceWords(set)}
        {set.source.file !== "" && set.source.format !== "folders" && (
          <>
            , <HostileText text={set.source.file} />
          </>
        )}
        , {formatDay(set.source.at)}
        {set.corrections.length > 0 &&
          ` · ${countOf(
            set.corrections.reduce((sum, { rows }) => sum + rows.length, 0),
            "change",
          )} since`}
      </p>
      {canPredictMore(set) && <NewImages set={set} />}
      {drawable && (
        <div className="set-drawing">
          <label className="set-draw">
            <input
              type="checkbox"
              checked={drawing.shown}
              onChange={(event) => actions.draw(set.id, { shown: event.target.checked })}
            />
            Draw over images
          </label>
          {set.scores && drawing.shown && (
            <label className="set-draw">
              <span className="muted">score from {drawing.leastScore.toFixed(2)}</span>
              <input
                type="range"
                className="range"
                aria-label={`Least score of ${revealedText(set.name)}`}
                min={0}
                max={1}
                step={0.01}
                value={drawing.leastScore}
                onChange={(event) => actions.draw(set.id, { leastScore: Number(event.target.value) })}
              />
            </label>
          )}
        </div>
      )}
      {set.boxes && <EmbedObjects set={set} />}
      <ClassList set={set} drawing={drawable && drawing.shown ? drawing : null} />
    </li>
  );
}

/** Images that came after a model said what it says of the others. */
function NewImages({ set }: { set: HeldSet }) {
  const { predictNew } = useActions();
  const images = useWinnow((state) => (state.imagesVersion >= 0 ? state.images.length : 0));
  const running = useWinnow((state) =>
    state.jobs.some(({ name, status }) => name.startsWith("Predicting with") && ["running", "paused"].includes(status)),
  );
  const left = leftOut(set, images);
  if (left <= 0) return null;
  return (
    <p className="set-drawing">
      <span className="muted">Says nothing of {countOf(left, "image")} yet.</span>
      <button type="button" className="button" disabled={running} onClick={() => predictNew(set.id)}>
        <ScanSearch size={15} aria-hidden="true" />
        Predict {countOf(left, "new image")}
      </button>
    </p>
  );
}

function SetMenu({ set, onRename }: { set: HeldSet; onRename: () => void }) {
  const actions = useActions();
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="button icon-button button-plain" aria-label={`${revealedText(set.name)}: what to do`}>
        <Ellipsis size={16} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" sideOffset={5} align="end">
          <Menu.Popup className="menu">
            <Menu.Item className="menu-item" onClick={() => actions.setColourBy(classFieldId(set))}>
              <Palette size={15} aria-hidden="true" />
              Colour the map by it
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={onRename}>
              <Pencil size={15} aria-hidden="true" />
              Rename
            </Menu.Item>
            <Menu.Separator className="menu-separator" />
            <Menu.Item className="menu-item" onClick={() => actions.deleteAnnotations(set.id)}>
              <Trash2 size={15} aria-hidden="true" />
              Delete
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

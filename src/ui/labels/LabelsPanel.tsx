import { FolderTree, Plus } from "lucide-react";
import { screens } from "../screens/screens.ts";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { AutomaticTags } from "./AutomaticTags.tsx";
import { MetadataLines } from "./MetadataLines.tsx";
import { SetCard } from "./SetCard.tsx";
import "./labels.css";

/** Screens that work with labels. */
const labelScreens: readonly string[] = ["label-issues", "box-issues", "active-learning"];

/** Every set of labels and predictions: what is in it, what of it is drawn, and what can be done with it. */
export function LabelsPanel() {
  const sets = useWinnow((state) => state.annotations);
  const metadata = useWinnow((state) => state.metadata);
  const nothing = sets.length === 0 && metadata.length === 0;
  return (
    <section aria-label="Labels" className="panel-body labels-panel">
      {nothing ? (
        <div className="empty">
          <strong>No labels yet</strong>
          <p>
            Import brings in labels, predictions and metadata: CSV, COCO, YOLO, Pascal VOC and others. Boxes and masks
            are then drawn over the images, and classes, counts and scores can be filtered, sorted, coloured and
            selected by.
          </p>
          <Beginnings />
          <AutomaticTags />
        </div>
      ) : (
        <>
          <LabelScreens />
          <ul className="set-cards" aria-label="Sets">
            {sets.map((set) => (
              <SetCard key={set.id} set={set} />
            ))}
          </ul>
          {metadata.length > 0 && <MetadataLines columns={metadata} />}
          <Beginnings />
          <AutomaticTags />
        </>
      )}
    </section>
  );
}

/** Labels that need no file. */
function Beginnings() {
  const { createLabels, labelsFromFolders } = useActions();
  const count = useWinnow((state) => state.annotations.filter(({ source }) => source.format === "hand").length);
  return (
    <div className="label-beginnings">
      <button type="button" className="button" onClick={labelsFromFolders}>
        <FolderTree size={15} aria-hidden="true" />
        Labels from folder names
      </button>
      <button
        type="button"
        className="button"
        title="A label is then given to an image under Details"
        onClick={() => createLabels(count === 0 ? "My labels" : `My labels ${count + 1}`, [])}
      >
        <Plus size={15} aria-hidden="true" />
        New labels
      </button>
    </div>
  );
}

/** The ways to the screens that work with what is here. */
function LabelScreens() {
  const { openScreen } = useActions();
  const entries = screens.filter(({ name }) => labelScreens.includes(name));
  const sets = useWinnow((state) => state.annotations.length);
  if (entries.length === 0) return null;
  return (
    <div className="label-screens">
      {entries.map(({ name, title, note, Icon }) => (
        <button
          key={name}
          type="button"
          className="button"
          title={`${note} (${countOf(sets, "set")})`}
          onClick={() => openScreen(name)}
        >
          <Icon size={15} aria-hidden="true" />
          {title}
        </button>
      ))}
    </div>
  );
}

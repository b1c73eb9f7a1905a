import { useState } from "react";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import { type ObjectBoxes, objectsOfRow } from "../../core/objects/objectBoxes.ts";
import { objectSets } from "../../core/selection/inputFields.ts";
import { HostileText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { EmbedObjects } from "./EmbedObjects.tsx";
import { ObjectCrop } from "./ObjectCrop.tsx";

/** Objects of a set that are shown before the others are asked for. */
const shownAtFirst = 12;

/** The objects that sets of boxes have in an image; a click finds images with similar ones. */
export function ObjectList({ row }: { row: number }) {
  const annotations = useWinnow((state) => state.annotations);
  return objectSets(annotations).map((set) => <ObjectsOfSet key={set.id} set={set} row={row} />);
}

function ObjectsOfSet({ set, row }: { set: HeldSet & ObjectBoxes; row: number }) {
  const actions = useActions();
  const [all, setAll] = useState(false);
  const objects = objectsOfRow(set, row);
  if (objects.length === 0) return null;
  const shown = all ? objects : objects.slice(0, shownAtFirst);
  const first = set.first[row]!;
  return (
    <section className="objects" aria-label={`Objects of ${revealedText(set.name)}`}>
      <h2 className="section-title">
        Objects · <HostileText text={set.name} />
      </h2>
      <ul className="object-list">
        {shown.map((instance) => {
          const name = set.classes[set.classOf[instance]!] ?? "";
          const score = set.scores?.[instance] ?? Number.NaN;
          return (
            <li key={instance}>
              <button
                type="button"
                className="object"
                title="Find images with similar objects"
                aria-label={`Find objects like ${revealedText(name)} ${formatCount(instance - first + 1)}`}
                onClick={() => {
                  actions.enlarge(false);
                  actions.findSimilarObjects(set.id, row, instance - first);
                }}
              >
                <ObjectCrop row={row} box={set.boxes.subarray(4 * instance, 4 * instance + 4)} />
                <span className="object-name">
                  <HostileText text={name} />
                  {!Number.isNaN(score) && <span className="muted"> {score.toFixed(2)}</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {objects.length > shown.length && (
        <button type="button" className="button button-plain" onClick={() => setAll(true)}>
          {formatCount(objects.length - shown.length)} more
        </button>
      )}
      <EmbedObjects set={set} />
    </section>
  );
}

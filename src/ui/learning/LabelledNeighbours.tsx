import { useEffect, useState } from "react";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import { HostileText } from "../text/HostileText.tsx";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { labelAt } from "./labelSets.ts";

const shown = 12;

interface LabelledNeighboursProps {
  row: number;
  set: HeldSet;
  given: string;
  suggested: string;
}

/** The images most like this one with their labels: do they agree with it or with the suggestion? */
export function LabelledNeighbours({ row, set, given, suggested }: LabelledNeighboursProps) {
  const actions = useActions();
  const images = useWinnow((state) => state.images);
  const [near, setNear] = useState<readonly number[]>([]);
  useEffect(() => {
    let left = false;
    actions.neighbours(row, shown).then(
      (found) => !left && setNear(found.map(({ row: each }) => each)),
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [actions, row]);
  if (near.length === 0) return null;
  return (
    <section aria-label="Nearest images with their labels">
      <h3 className="section-title">Most similar</h3>
      <ul className="labelled-neighbours">
        {near.map((each) => {
          const label = labelAt(set, each);
          const kind = label === suggested ? "is-suggested" : label === given ? "is-given" : "";
          return (
            <li key={each} className={kind} title={revealedText(images.path(each))}>
              <Thumbnail row={each} className="neighbour-picture" />
              <span className="neighbour-label">{label === null ? "–" : <HostileText text={label} />}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

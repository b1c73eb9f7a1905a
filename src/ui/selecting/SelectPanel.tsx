import { useEffect, useRef } from "react";
import { useWinnow } from "../winnow.tsx";
import { Distributions } from "./Distributions.tsx";
import { EarlierSelections } from "./EarlierSelections.tsx";
import { LiveCoverage } from "./LiveCoverage.tsx";
import { NextPicks } from "./NextPicks.tsx";
import { SelectForm } from "./SelectForm.tsx";
import { SelectionCoverage } from "./SelectionCoverage.tsx";
import "./cards.css";
import "./results.css";

/** Asks for images, shows how well they cover all others, and keeps the record of earlier choices. */
export function SelectPanel() {
  const shown = useWinnow((state) => state.shown);
  const choosing = useWinnow((state) => state.choosing !== null);
  const count = useWinnow((state) => state.selections.length);
  const result = useRef<HTMLDivElement>(null);
  const before = useRef({ choosing, count });
  // Who asked for images wants to see what came of it, also below many cards.
  useEffect(() => {
    const begun = choosing && !before.current.choosing;
    if (begun || count > before.current.count) result.current?.scrollIntoView({ block: "nearest" });
    before.current = { choosing, count };
  }, [choosing, count]);
  return (
    <section aria-label="Select" className="panel-body">
      <SelectForm />
      <div ref={result} className="select-result">
        {choosing ? (
          <LiveCoverage />
        ) : shown ? (
          <SelectionCoverage shown={shown} />
        ) : (
          <p className="muted">
            The picks will come first in the gallery and be ringed on the map; how well they cover the rest, compared
            with random picks, is drawn here.
          </p>
        )}
      </div>
      {shown && !choosing && (
        <>
          <NextPicks shown={shown} />
          <Distributions shown={shown} />
        </>
      )}
      <EarlierSelections />
    </section>
  );
}

import { useWinnow } from "../winnow.tsx";
import { CoverageResult } from "./CoverageResult.tsx";
import { EarlierSelections } from "./EarlierSelections.tsx";
import { SelectForm } from "./SelectForm.tsx";

/** Asks for images, shows how well they cover all others, and keeps the record of earlier choices. */
export function SelectPanel() {
  const shown = useWinnow((state) => state.shown);
  return (
    <section aria-label="Select" className="panel-body">
      <SelectForm />
      {shown ? (
        <CoverageResult shown={shown} />
      ) : (
        <p className="muted">
          The picks will come first in the gallery and be ringed on the map; how well they cover the rest, compared with
          random picks, is drawn here.
        </p>
      )}
      <EarlierSelections />
    </section>
  );
}

import type { Duplicates } from "../../state/duplicates.ts";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { StrictnessSlider } from "./StrictnessSlider.tsx";

/** Duplicates: how strict the check is, how many groups there are, and the way to decide about them. */
export function GroupCheck({ strictness }: { strictness: boolean }) {
  const { openScreen } = useActions();
  const duplicates = useWinnow((state) => state.duplicates);
  return (
    <>
      {strictness && duplicates && <Strictness duplicates={duplicates} />}
      <button type="button" className="button" onClick={() => openScreen("duplicates")}>
        Review duplicates
      </button>
    </>
  );
}

function Strictness({ duplicates }: { duplicates: Duplicates }) {
  return (
    <>
      <StrictnessSlider duplicates={duplicates} />
      <p role="status">{countOf(duplicates.groups.length, "group")}, exact duplicates among them</p>
    </>
  );
}

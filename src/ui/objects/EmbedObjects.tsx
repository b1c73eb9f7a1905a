import { Crop } from "lucide-react";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { Term } from "../controls/Term.tsx";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { useObjectCounts } from "./useObjectCounts.ts";
import "./objects.css";

/** How many of a set's objects are embedded, and the button that embeds the others. */
export function EmbedObjects({ set }: { set: HeldSet }) {
  const { embedObjects } = useActions();
  const counts = useObjectCounts(set);
  const busy = useWinnow((state) =>
    state.jobs.some(({ name, status }) => name === `Embedding objects of ${set.name}` && status === "running"),
  );
  const published = useWinnow((state) => state.project?.published ?? false);
  if (counts === null || counts.objects === 0 || published) return null;
  const { objects, unknownObjects } = counts;
  return (
    <div className="set-objects">
      <Term
        word={
          unknownObjects === 0
            ? `${countOf(objects, "object")}, all embedded`
            : unknownObjects === objects
              ? `${countOf(objects, "object")}, not embedded`
              : `${formatCount(objects - unknownObjects)} of ${countOf(objects, "object")} embedded`
        }
      >
        Each box is cropped from its original and embedded by itself. Similar objects can then be found under Details,
        and Diversity, Coverage, Similarity and Typicality in Select can go by objects.
      </Term>
      {unknownObjects > 0 && (
        <button type="button" className="button" disabled={busy} onClick={() => embedObjects(set.id)}>
          <Crop size={15} aria-hidden="true" />
          {unknownObjects === objects ? "Embed objects" : `Embed ${formatCount(unknownObjects)} more`}
        </button>
      )}
    </div>
  );
}
